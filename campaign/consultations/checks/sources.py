"""Whether what goes with the answers still stands as it was taken: the instrument, the petition, its translations."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.consultations.findings import Finding
from campaign.consultations.models import Submission, SubmissionState
from campaign.petitions.models import PUBLIC_STATES
from campaign.regulations.models import Edition


def source_findings(submission: Submission, at: datetime) -> Iterator[Finding]:
    """The annex first, then the petition. `at` is when it is checked."""
    # What is frozen cannot be mended here: it has to be opened again first.
    is_frozen = submission.state != SubmissionState.DRAFTING
    place = reverse("submission_detail" if is_frozen else "submission_edit", args=[submission.pk])
    yield from _annex(submission, place, at)
    petition = submission.petition
    if petition is None:
        return
    if petition.state not in PUBLIC_STATES:
        yield Finding(
            True,
            _("The petition whose count is cited is not public at the moment."),
            code="petition-not-public",
            about=str(petition.pk),
            mend=_("Cite another petition, or none."),
            address=place,
        )


def _annex(submission: Submission, place: str, at: datetime) -> Iterator[Finding]:
    annex = submission.annex
    if annex is None:
        return
    latest = (
        Edition.objects.filter(
            template=annex.template_id, published_at__gt=annex.published_at, published_at__lte=at
        )
        .order_by("-published_at")
        .first()
    )
    if latest is not None:
        yield Finding(
            False,
            _("The annex is edition %(label)s of the instrument. Edition %(latest)s is newer.")
            % {"label": annex.label, "latest": latest.label},
            code="annex-outdated",
            about=f"{annex.pk} {latest.pk}",
            mend=_("Take the newer edition, if nothing speaks against it."),
            address=place,
        )
    language = annex.template.locale.split("-")[0]
    if language != submission.locale.split("-")[0]:
        yield Finding(
            False,
            _("The annex is in another language than the answers: %(language)s.")
            % {"language": annex.template.locale},
            code="annex-language",
            about=annex.template.locale,
            mend=_("See whether the authority takes it, or take an edition in the language of the answers."),
            address=place,
        )
