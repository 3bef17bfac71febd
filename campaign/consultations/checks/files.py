"""Whether a finished file is one the authority takes."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaign.consultations.files import ending_of
from campaign.consultations.findings import Finding
from campaign.consultations.limits import submission_page_limits
from campaign.consultations.models import Requirement, RequirementStatus, Topic
from campaign.consultations.requirements import InForce, megabytes, value_words
from campaign.documents.models import Document


def file_findings(document: Document, in_force: InForce) -> list[Finding]:
    """What speaks against handing in a finished file. Empty: nothing that is known."""
    return [*_format(document, in_force), *_size(document, in_force), *_pages(document, in_force)]


def _format(document: Document, in_force: InForce) -> Iterator[Finding]:
    ending = document.file_name.rpartition(".")[2].lower()
    for row in in_force.rows(Topic.ATTACHMENT_FORMATS, ""):
        wanted = [str(each).lower() for each in row.value or []]
        if wanted and ending not in wanted:
            yield _refusal(
                row,
                _("The authority takes %(formats)s (%(status)s)."),
                code="format",
                mend=_("Hand in one of these formats instead."),
            )


def _size(document: Document, in_force: InForce) -> Iterator[Finding]:
    for row in in_force.rows(Topic.ATTACHMENT_SIZE, ""):
        if row.value is not None and (document.byte_size or 0) > row.value * 1_000:
            yield _refusal(
                row,
                _("The file is larger than %(formats)s (%(status)s)."),
                code="size",
                mend=_("Take out an annex, or a logo."),
            )


def _pages(document: Document, in_force: InForce) -> Iterator[Finding]:
    for row in submission_page_limits(in_force):
        if row.value is not None and (document.page_count or 0) > row.value:
            yield _refusal(
                row,
                _("The file has more than %(formats)s (%(status)s)."),
                code="pages",
                mend=_("Shorten the answers, or hand the annexes in apart."),
            )


def _refusal(row: Requirement, sentence: str, *, code: str, mend: str) -> Finding:
    return Finding(
        row.status == RequirementStatus.VERIFIED,
        sentence % {"formats": value_words(row), "status": RequirementStatus(row.status).label},
        code=code,
        mend=mend,
    )


def file_problems(in_force: InForce, *, name: str, size: int) -> list[tuple[str, str]]:
    """What the authority would not like about a file: (how sure that is, a whole sentence)."""
    found: list[tuple[str, str]] = []
    for row in _of_uploads(in_force, Topic.ATTACHMENT_SIZE):
        if row.value is not None and size > row.value * 1_000:
            words = {"size": megabytes(-(-size // 1_000)), "most": megabytes(row.value)}
            text = _("The file has %(size)s MB. The authority takes at most %(most)s MB.") % words
            found.append((row.status, text))
    for row in _of_uploads(in_force, Topic.ATTACHMENT_FORMATS):
        taken = {str(each).lower().lstrip(".") for each in row.value or []}
        if taken and ending_of(name) not in taken:
            text = _("The authority takes these kinds of files only: %(names)s.") % {
                "names": ", ".join(sorted(each.upper() for each in taken))
            }
            found.append((row.status, text))
    return found


def _of_uploads(in_force: InForce, topic: str) -> list[Requirement]:
    """What is stated of questions that ask for a file; where nothing is, what is stated of all files."""
    return in_force.rows(topic, "upload-question") or in_force.rows(topic, "")
