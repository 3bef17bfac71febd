import base64
from datetime import timedelta

import factory
from django.utils import timezone

from campaign.mailing.services import recipient_key
from campaign.organizations.models import (
    DuplicateCause,
    DuplicateFlag,
    Mandate,
    MandateDocument,
    MandateObjection,
    MandateProof,
)
from tests.factories.accounts import UserFactory
from tests.factories.organizations import OrganizationFactory

PDF = b"%PDF-1.7\nminutes of the board"


class WaitingMandateFactory(factory.django.DjangoModelFactory):
    """Stated a moment ago, by mail; nothing is proven."""

    class Meta:
        model = Mandate

    organization = factory.SubFactory(OrganizationFactory, proven_at=None)
    signatory_name = factory.Sequence(lambda n: f"Sam Signatory {n}")
    signatory_function = "Director"
    signatory_email = factory.Sequence(lambda n: f"director-{n}@office.example")
    email_key = factory.LazyAttribute(lambda row: recipient_key(row.signatory_email))
    statement = "I am authorized to sign."
    locale = "en"
    proof = MandateProof.DOMAIN_MAIL
    domain = factory.LazyAttribute(
        lambda row: "" if row.proof == MandateProof.DOCUMENT else row.organization.domain
    )
    stated_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(
        lambda row: row.stated_at + timedelta(days=60 if row.proof == MandateProof.DOCUMENT else 14)
    )


class MandateFactory(WaitingMandateFactory):
    """In force, of an organization that is shown."""

    organization = factory.SubFactory(OrganizationFactory)
    proven_at = factory.LazyAttribute(lambda row: row.stated_at)
    ends_at = factory.LazyAttribute(lambda row: row.proven_at + timedelta(days=730))


class MandateDocumentFactory(factory.django.DjangoModelFactory):
    """A document that waits for staff."""

    class Meta:
        model = MandateDocument

    mandate = factory.SubFactory(WaitingMandateFactory, proof=MandateProof.DOCUMENT)
    name = "minutes.pdf"
    media_type = "application/pdf"
    content = base64.b64encode(PDF).decode()
    byte_size = len(PDF)
    uploaded_at = factory.LazyAttribute(lambda row: row.mandate.stated_at)


class MandateObjectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MandateObjection

    mandate = factory.SubFactory(MandateFactory)
    stated_by = factory.SubFactory(UserFactory)
    reason = "The board never met."
    stated_at = factory.LazyFunction(timezone.now)


class DuplicateFlagFactory(factory.django.DjangoModelFactory):
    """A later one that is held back, and one that is shown."""

    class Meta:
        model = DuplicateFlag

    organization = factory.SubFactory(OrganizationFactory, proven_at=None)
    other = factory.SubFactory(OrganizationFactory)
    cause = DuplicateCause.LOOKALIKE
    noticed_at = factory.LazyFunction(timezone.now)
