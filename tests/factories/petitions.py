from datetime import timedelta

import factory
from django.utils import timezone

from campaign.petitions.consents import Asking, consents_given
from campaign.petitions.keys import (
    domain_keys,
    mailbox_keys,
    name_keys,
    network_keys,
    postcode_keys,
)
from campaign.petitions.models import (
    Handover,
    Manner,
    OfficialResponse,
    Petition,
    PetitionState,
    Signature,
    SignatureState,
)
from campaign.petitions.services import (
    number_waiting_signatures,
    prepare_handover,
    record_handover,
    set_news,
)
from tests.factories.accounts import UserFactory
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


def agreed_to_news(signature, *organizations, at=None):
    """The signature, whose signer says yes to the news of these organizations."""
    for organization in organizations:
        asking = Asking(str(organization.pk), organization.display_name)
        set_news(
            signature=signature, organization=asking, given=True, locale="en", at=at or signature.signed_at
        )
    return signature


class DemandFactory(PetitionFactory):
    """An open petition whose frozen text is what people sign: it can be printed."""

    slug = factory.Sequence(lambda n: f"demand-{n}")
    frozen_text = factory.SubFactory(
        FrozenTextFactory,
        kind="petitions.petition",
        title=factory.SelfAttribute("..title"),
        payload=factory.LazyAttribute(
            lambda frozen: {
                "addressee": "The Parliament",
                "campaign": "The campaign",
                "petition": frozen.factory_parent.slug,
                "text": frozen.factory_parent.text,
            }
        ),
    )


class HandoverFactory(factory.django.DjangoModelFactory):
    """Prepared by the service, so that its record is true. Its petition has one counted signature unless it is given one."""

    class Meta:
        model = Handover

    petition = factory.SubFactory(DemandFactory)
    addressee = factory.LazyAttribute(lambda row: row.petition.addressee)
    office = factory.Sequence(lambda n: f"Office {n}")
    planned_date = factory.LazyFunction(lambda: timezone.now().date())
    place = "Room 4"
    manner = Manner.IN_PERSON
    items = factory.LazyFunction(lambda: ["This document"])
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):  # noqa: ARG003  as the base class calls it
        petition = kwargs["petition"]
        if not petition.signatures.exists():
            ConfirmedSignatureFactory(petition=petition)
        number_waiting_signatures(at=kwargs["at"])
        return prepare_handover(**kwargs)


class DoneHandoverFactory(HandoverFactory):
    """Handed over, and on record."""

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        handover = super()._create(model_class, *args, **kwargs)
        return record_handover(
            handover=handover,
            by=kwargs["by"],
            at=kwargs["at"],
            done_at=kwargs["at"],
            time_zone="Europe/Brussels",
            received_by="The secretariat",
            manner=kwargs["manner"],
            items=kwargs["items"],
            place=kwargs["place"],
        )


class ResponseFactory(factory.django.DjangoModelFactory):
    """A draft."""

    class Meta:
        model = OfficialResponse

    petition = factory.SubFactory(PetitionFactory)
    authority = factory.LazyAttribute(lambda row: row.petition.addressee)
    answered_on = factory.LazyFunction(lambda: timezone.now().date())
    title = factory.Sequence(lambda n: f"Answer {n}")
    text = "We thank you, and **decline**."
    locale = "fr"
    comment = "We go on."


class PublishedResponseFactory(ResponseFactory):
    state = "published"
    published_at = factory.LazyFunction(timezone.now)
