from datetime import timedelta
from uuid import uuid4

import factory
from django.utils import timezone

from campaign.mailing.services import recipient_key
from campaign.organizations.models import Endorsement, Mandate, Membership, Organization, Role
from campaign.organizations.names import folded_name
from campaign.organizations.services import list_organizations, move_call
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory


class OrganizationFactory(factory.django.DjangoModelFactory):
    """Proven, and in the lists."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"organization-{n}")
    legal_name = factory.Sequence(lambda n: f"Organization {n} e.V.")
    display_name = factory.Sequence(lambda n: f"Organization {n}")
    kind = "ngo"
    country = "DE"
    website = factory.LazyAttribute(lambda row: f"https://www.{row.slug}.example")
    domain = factory.LazyAttribute(lambda row: f"{row.slug}.example")
    proven_at = factory.LazyFunction(timezone.now)
    folded_name = factory.LazyAttribute(lambda row: folded_name(row.display_name))

    @factory.post_generation
    def listed(self, create, extracted, **kwargs):
        if create and self.proven_at:
            list_organizations([self])


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OWNER


class EndorsementFactory(factory.django.DjangoModelFactory):
    """A pending one: stated, not confirmed."""

    class Meta:
        model = Endorsement

    frozen_text = factory.SubFactory(FrozenTextFactory)
    legal_name = factory.Sequence(lambda n: f"Endorser {n} e.V.")
    display_name = factory.Sequence(lambda n: f"Endorser {n}")
    kind = "ngo"
    country = "FR"
    domain = factory.Sequence(lambda n: f"endorser-{n}.example")
    website = factory.LazyAttribute(lambda row: f"https://{row.domain}")
    signatory_name = "Sam Signatory"
    signatory_function = "Director"
    signatory_email = factory.LazyAttribute(lambda row: f"director@{row.domain}")
    email_key = factory.LazyAttribute(lambda row: recipient_key(row.signatory_email))
    statement = "I am authorized to sign."
    locale = "en"
    stated_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.stated_at + timedelta(days=14))


class MandateFactory(factory.django.DjangoModelFactory):
    """A proven one, in force."""

    class Meta:
        model = Mandate

    organization = factory.SubFactory(OrganizationFactory)
    signatory_name = "Sam Signatory"
    signatory_function = "Director"
    signatory_email = factory.LazyAttribute(lambda row: f"director@{row.organization.domain}")
    email_key = factory.LazyAttribute(lambda row: recipient_key(row.signatory_email))
    statement = "I am authorized to sign."
    locale = "en"
    proof = "domain_mail"
    domain = factory.LazyAttribute(lambda row: row.organization.domain)
    stated_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.stated_at + timedelta(days=14))
    proven_at = factory.LazyAttribute(lambda row: row.stated_at)
    ends_at = factory.LazyAttribute(lambda row: row.stated_at + timedelta(days=730))


class AcceptedEndorsementFactory(EndorsementFactory):
    """One that stands, of an organization with a mandate."""

    organization = factory.SubFactory(OrganizationFactory)
    mandate = factory.LazyAttribute(lambda row: MandateFactory(organization=row.organization))
    display_name = factory.LazyAttribute(lambda row: row.organization.display_name)
    domain = factory.LazyAttribute(lambda row: row.organization.domain)
    state = "accepted"
    accepted_at = factory.LazyAttribute(lambda row: row.stated_at)


def call_for(*texts, subject_id=None, **fields):
    """A call whose text went through all of `texts`; anything else is set on it."""
    subject_id = subject_id or uuid4()
    for text in texts:
        call = move_call(kind="tests.text", subject_id=subject_id, frozen_text=text, at=timezone.now())
    for name, value in fields.items():
        setattr(call, name, value)
    call.save()
    return call
