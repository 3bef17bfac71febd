from datetime import timedelta

import factory
from django.utils import timezone

from campaign.mailing.services import recipient_key
from campaign.organizations.models import Endorsement, Membership, Organization, Role
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    slug = factory.Sequence(lambda n: f"organization-{n}")
    legal_name = factory.Sequence(lambda n: f"Organization {n} e.V.")
    display_name = factory.Sequence(lambda n: f"Organization {n}")
    kind = "ngo"
    country = "DE"
    website = factory.LazyAttribute(lambda row: f"https://www.{row.slug}.example")
    domain = factory.LazyAttribute(lambda row: f"{row.slug}.example")
    proven_at = factory.LazyFunction(timezone.now)


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
