"""What goes with the answers: summary, annex and amendments, the petition that is cited, the cover."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.consultations.amendments import amendments_forms, drawn_amendments
from campaign.consultations.models import CoverDesign, Submission, SubmissionState
from campaign.consultations.services.answer import SubmissionIsFrozen
from campaign.core.errors import DomainError
from campaign.documents.canonical import digest_of
from campaign.petitions.models import Petition
from campaign.regulations.comparing import FormInEnglishOnly, SameKeyTwice
from campaign.regulations.models import Edition


class AttachmentsChanged(DomainError):
    """Somebody saved them meanwhile. `current` is the submission as it stands."""

    message = _(
        "Somebody else changed this meanwhile. What you typed is still here, and theirs stands beside it. "
        "Saving again replaces theirs."
    )

    def __init__(self, current: Submission) -> None:
        super().__init__()
        self.current = current


class AmendmentsImpossible(DomainError):
    """No amendments lead from the one text to the other. `field`: which choice to change."""

    def __init__(self, field: str, message: str | Promise) -> None:
        super().__init__(str(message))
        self.field = field


def attachments_digest(submission: Submission) -> str:
    """What a form about summary, annexes, petition and cover was opened on."""
    return digest_of(
        {
            "summary": submission.summary,
            "annex": str(submission.annex_id or ""),
            "amendments": [str(submission.amends_id or ""), submission.amendments_form],
            "petition": str(submission.petition_id or ""),
            "cover": [submission.cover_design, submission.cover_color],
        }
    )[:16]


@transaction.atomic
def edit_attachments(
    *,
    submission: Submission,
    summary: str,
    annex: Edition | None,
    petition: Petition | None,
    amends: Edition | None = None,
    amendments_form: str = "",
    cover_design: str = CoverDesign.PLAIN,
    cover_color: str = "",
    seen: str = "",
) -> None:
    """Change what goes with the answers. `seen`: what the form was opened on.

    Raises AmendmentsImpossible, SubmissionIsFrozen, AttachmentsChanged.
    """
    if amends is not None:
        _require_amendments(amends, annex, amendments_form)
    row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if row.state != SubmissionState.DRAFTING:
        raise SubmissionIsFrozen
    if seen and seen != attachments_digest(row):
        raise AttachmentsChanged(row)
    row.summary, row.annex, row.petition = summary, annex, petition
    row.amends, row.amendments_form = amends, amendments_form if amends else ""
    row.cover_design, row.cover_color = cover_design, cover_color
    row.save(
        update_fields=[
            *("summary", "annex", "petition", "amends", "amendments_form"),
            *("cover_design", "cover_color"),
        ]
    )


def _require_amendments(amends: Edition, annex: Edition | None, form: str) -> None:
    if annex is None:
        raise AmendmentsImpossible(
            "annex", _("Choose the instrument as annex, too: amendments lead from one text to the other.")
        )
    if form not in dict(amendments_forms()):
        raise AmendmentsImpossible("amendments_form", _("Choose the form of the amendments."))
    if amends.template.locale != annex.template.locale:
        raise AmendmentsImpossible("amends", _("The two texts are in different languages. Choose another."))
    try:
        drawn = drawn_amendments(old=amends, new=annex, form=form)
    except FormInEnglishOnly as refusal:
        raise AmendmentsImpossible("amendments_form", refusal.message) from None
    except SameKeyTwice as refusal:
        raise AmendmentsImpossible("amends", str(refusal)) from None
    if not drawn.sentences:
        raise AmendmentsImpossible("amends", _("This text says the same as the annex. Choose another."))
