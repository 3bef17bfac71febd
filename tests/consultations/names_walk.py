"""A filing that cites a signed petition, and the steps of its annex of names in one line each."""

import io

from django.utils import timezone
from pypdf import PdfReader

from campaign.consultations.models import NamesAnnex, NamesPart
from campaign.consultations.services.names import order_names_annex
from campaign.consultations.services.names_work import gather_names, merge_names, render_names
from campaign.petitions.services import number_waiting_signatures
from tests.consultations.walk import freeze, prepare
from tests.factories.consultations import AnswerFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory


def signed_filing(*, names=(), is_addressee=True, at=None, **public):
    """A filing of a submission that cites a petition which people of these names have signed, each counted."""
    at = at or timezone.now()
    submission = AnswerFactory().submission
    authority = {"addressee": submission.consultation.authority} if is_addressee else {}
    submission.petition = PetitionFactory(campaign=submission.campaign, **authority)
    submission.save()
    sign(submission.petition, *names, at=at, **public)
    return prepare(freeze(submission, at=at), at=at)


def sign(petition, *names, at=None, **values):
    """People of these names sign, and are counted."""
    rows = [
        ConfirmedSignatureFactory(
            petition=petition, name=name, **{"signed_at": at or timezone.now(), **values}
        )
        for name in names
    ]
    number_waiting_signatures(at=at or timezone.now())
    return rows


def work(annex, *, at=None):
    """Everything that workers do for an annex."""
    at = at or timezone.now()
    gather_names(annex_id=str(annex.pk), at=at)
    for pk in list(NamesPart.objects.filter(annex=annex).order_by("position").values_list("pk", flat=True)):
        render_names(part_id=str(pk), at=at)
    merge_names(annex_id=str(annex.pk), at=at)
    return NamesAnnex.objects.get(pk=annex.pk)


def made(filing, *, at=None, anew=False):
    """The annex of a filing, ordered and made."""
    at = at or timezone.now()
    return work(order_names_annex(filing=filing, anew=anew, by=None, at=at), at=at)


def planned(annex):
    """The lines that stand in the parts of an annex which is gathered and not drawn yet."""
    import json

    return [
        text
        for part in annex.parts.order_by("position")
        for page in json.loads(part.lines)
        for text, _height in page
    ]


def words_of(content):
    """What a PDF says, page by page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
