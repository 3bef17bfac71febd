import hashlib
from base64 import b64encode

import factory
from django.utils import timezone

from campaign.consultations.models import NamesAnnex, NamesPiece, NamesState
from tests.factories.filings import FilingFactory
from tests.factories.petitions import PetitionFactory


class NamesAnnexFactory(factory.django.DjangoModelFactory):
    """Ready, with the words given as `pieces` for its file. Real ones are made by workers."""

    class Meta:
        model = NamesAnnex
        skip_postgeneration_save = True

    filing = factory.SubFactory(FilingFactory)
    petition = factory.SubFactory(PetitionFactory)
    basis = "addressee"
    locale = "en"
    state = NamesState.READY
    ordered_at = factory.LazyFunction(timezone.now)
    gathered_at = factory.SelfAttribute("ordered_at")
    finished_at = factory.SelfAttribute("ordered_at")
    counted_total = 2
    person_total = 1
    part_total = 1
    page_count = 1
    byte_size = 0
    file_digest = "0" * 64

    @factory.post_generation
    def pieces(self, create, extracted, **kwargs):
        words = (extracted or "%PDF-1.7 Ada Signer, Germany").encode()
        NamesPiece.objects.create(annex=self, position=0, content=b64encode(words).decode())
        self.byte_size, self.file_digest = len(words), hashlib.sha256(words).hexdigest()
        self.save()
