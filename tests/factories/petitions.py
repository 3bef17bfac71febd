from datetime import timedelta

import factory
from django.utils import timezone

from campaign.petitions.consents import consents_given
from campaign.petitions.keys import (
    domain_keys,
    mailbox_keys,
    name_keys,
    network_keys,
    postcode_keys,
)
from campaign.petitions.models import Petition, PetitionState, Signature, SignatureState
from tests.factories.campaigns import AuthorityFactory, CampaignFactory
from tests.factories.documents import FrozenTextFactory


class PetitionFactory(factory.django.DjangoModelFactory):
    """An open petition that closes in thirty days."""

    class Meta:
        model = Petition

    campaign = factory.SubFactory(CampaignFactory)
    slug = factory.Sequence(lambda n: f"petition-{n}")
    title = factory.Sequence(lambda n: f"Petition {n}")
    text = "We ask for **this**."
    locale = "en"
    addressee = factory.SubFactory(AuthorityFactory)
    state = PetitionState.OPEN
    closing_date = factory.LazyFunction(lambda: (timezone.now() + timedelta(days=30)).date())
    time_zone = "Europe/Brussels"
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    opened_at = factory.LazyFunction(timezone.now)
    frozen_text = factory.SubFactory(FrozenTextFactory)


class DraftPetitionFactory(PetitionFactory):
    state = PetitionState.DRAFT
    closes_at = None
    opened_at = None
    frozen_text = None


class SignatureFactory(factory.django.DjangoModelFactory):
    """A pending signature."""

    class Meta:
        model = Signature

    petition = factory.SubFactory(PetitionFactory)
    name = "Ada Signer"
    email = factory.Sequence(lambda n: f"signer-{n}@example.org")
    postcode = None
    network = None
    email_key = factory.LazyAttribute(lambda row: mailbox_keys(row.email, {})[0] if row.email else None)
    domain_key = factory.LazyAttribute(lambda row: domain_keys(row.email)[0] if row.email else None)
    name_key = factory.LazyAttribute(lambda row: name_keys(row.name)[0] if row.name else None)
    postcode_key = factory.LazyAttribute(lambda row: postcode_keys(row.postcode)[0] if row.postcode else None)
    network_key = factory.LazyAttribute(lambda row: network_keys(row.network)[0] if row.network else None)
    country = "DE"
    locale = "en"
    consents = factory.LazyAttribute(lambda row: consents_given(["sign"], locale="en", at=row.signed_at))
    signed_at = factory.LazyFunction(timezone.now)


class ConfirmedSignatureFactory(SignatureFactory):
    """Confirmed, and not yet numbered."""

    state = SignatureState.CONFIRMED
    confirmed_at = factory.LazyFunction(timezone.now)
