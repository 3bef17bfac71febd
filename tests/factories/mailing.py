import factory
from django.utils import timezone

from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import recipient_key


class OutgoingMailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutgoingMail

    kind = "mailing.letter"
    locale = "en"
    recipient = factory.Sequence(lambda n: f"person-{n}@example.org")
    recipient_key = factory.LazyAttribute(lambda row: recipient_key(row.recipient))
    payload = '{"subject": "A subject", "text": "A text with https://example.org/link"}'
    not_before = factory.LazyFunction(timezone.now)
