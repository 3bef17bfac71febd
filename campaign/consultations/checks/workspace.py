"""What the work on a submission leaves to mend before it is frozen."""

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.consultations.checks.answers import over_limit
from campaign.consultations.checks.drafted import Drafted, answer_address, part_address, whole_address
from campaign.consultations.checks.files import file_problems
from campaign.consultations.evidence import CITED, LOOSE
from campaign.consultations.findings import Finding
from campaign.consultations.models import QuestionKind, RequirementStatus, Source, Submission
from campaign.consultations.pieces import Pieces, filled_in, known_marks_in, loose_marks_in
from campaign.consultations.workspace import left_parts, organization_usages
from campaign.documents.canonical import digest_of


def workspace_findings(drafted: Drafted) -> list[Finding]:
    """All of this file, in reading order of each kind."""
    return [
        *evidence_findings(drafted),
        *piece_findings(drafted),
        *own_part_findings(drafted),
        *left_part_findings(drafted.submission),
        *upload_findings(drafted),
        *taken_findings(drafted),
        *remark_findings(drafted),
    ]


def remark_findings(drafted: Drafted) -> list[Finding]:
    """A warning for each question with open remarks, and one for those about everything."""
    numbers = {row.pk: row.number for row in drafted.questions}
    address = reverse("remark_list", args=[drafted.submission.pk])
    threads: dict[str, list[str]] = {number: [] for number in [*numbers.values(), ""]}
    rows = drafted.submission.remark_threads.filter(resolved_at=None).order_by("pk")
    for question, pk in rows.values_list("question", "pk"):
        threads[numbers.get(question, "")].append(str(pk))
    return [
        _remark_finding(open_ones, number, f"{address}?question={number}" if number else address)
        for number, open_ones in threads.items()
        if open_ones
    ]


def _remark_finding(threads: list[str], number: str, address: str) -> Finding:
    total = len(threads)
    message = ngettext("%(total)s remark is open.", "%(total)s remarks are open.", total) % {"total": total}
    return Finding(
        False,
        message,
        number,
        code="remarks-open",
        about=digest_of(threads),
        mend=_("Answer it, or mark it as resolved."),
        address=address,
    )


def evidence_findings(drafted: Drafted) -> list[Finding]:
    """Errors: marks of sources that do not exist, and marks in short answers, where no note can stand."""
    submission = drafted.submission
    keys = set(Source.objects.filter(campaign=submission.campaign_id).values_list("key", flat=True))
    found = []
    for number, text, short, address in _texts(drafted):
        for mark in dict.fromkeys(match.group() for match in LOOSE.finditer(text)):
            match = CITED.fullmatch(mark)
            if match is None or match.group(1) not in keys:
                found.append(_unknown_mark(mark, number, address))
        if LOOSE.search(short):
            found.append(
                Finding(
                    True,
                    _("The short answer cites a source. The portal's box takes no notes."),
                    number,
                    code="note-in-short",
                    mend=_("Take the mark out, or write the source in words."),
                    address=address,
                )
            )
    return found + [
        Finding(
            True,
            _("The summary holds %(mark)s. Sources are cited, and pieces pulled in, in answers alone.")
            % {"mark": mark},
            code="mark-in-summary",
            about=mark,
            mend=_("Take the mark out."),
            address=reverse("submission_edit", args=[submission.pk]),
        )
        for mark in _marks_in(submission.summary)
    ]


def _marks_in(text: str) -> list[str]:
    return list(dict.fromkeys([match.group() for match in LOOSE.finditer(text)] + known_marks_in(text)))


def _unknown_mark(mark: str, number: str, address: str) -> Finding:
    return Finding(
        True,
        _("%(mark)s names no source of the campaign.") % {"mark": mark},
        number,
        code="unknown-source",
        about=mark,
        mend=_("Choose a source from the list beside the answer, or add it."),
        address=address,
    )


def piece_findings(drafted: Drafted) -> list[Finding]:
    """Errors: what is to be pulled in and is not there, each with its place."""
    submission = drafted.submission
    pieces = Pieces(submission, drafted.at)
    found = []
    for number, text, short, address in _texts(drafted):
        _filled, problems = filled_in(text, pieces)
        found += [
            Finding(
                True,
                f"{each.mark}: {each.message}",
                number,
                code="piece-missing",
                about=each.mark,
                address=address,
            )
            for each in problems
        ]
        found += [
            Finding(
                True,
                _("%(mark)s stands in a short answer, where nothing is pulled in.") % {"mark": mark},
                number,
                code="piece-in-short",
                about=mark,
                mend=_("Write the words themselves."),
                address=address,
            )
            for mark in known_marks_in(short)
        ]
        found += [_loose(mark, number, address) for mark in _loose_in(text, short)]
    address = reverse("submission_edit", args=[submission.pk])
    return found + [_loose(mark, "", address) for mark in _loose_in("", submission.summary)]


def _loose_in(text: str, plain: str) -> list[str]:
    """Double brackets that would stay: in a text that is filled in those of no mark, in a plain one all but known marks."""
    for mark in known_marks_in(plain):
        plain = plain.replace(mark, " ")
    return [*loose_marks_in(text), *re.findall(r"\[\[[^\n]{0,30}", plain)]


def _loose(mark: str, number: str, address: str) -> Finding:
    return Finding(
        True,
        _("Two opening brackets begin what is pulled in, and here nothing can be: %(mark)s") % {"mark": mark},
        number,
        code="piece-broken",
        about=mark,
        mend=_("Choose it from the list beside the answer, or put a space between the brackets."),
        address=address,
    )


def own_part_findings(drafted: Drafted) -> list[Finding]:
    """Limits that an organization passes with the common answers and its own parts together.

    As for the common answer: errors, and ones that a reason may override where nobody verified the limit.
    """
    usages = organization_usages(
        in_force=drafted.in_force,
        questions=drafted.questions,
        answers=drafted.by_question,
        parts=drafted.parts,
    )
    places = {row.number: part_address(drafted.submission, row) for row in drafted.questions}
    everywhere = whole_address(drafted.submission)
    return [
        over_limit(
            usage, address=places.get(number, everywhere), code="own-part-over", number=number, name=each.name
        )
        for each in usages
        for number, usages_there in [("", each.shared), *each.own.items()]
        for usage in usages_there
        if usage.is_over
    ]


def left_part_findings(submission: Submission) -> list[Finding]:
    """Warnings: what an organization wrote that has left the coalition since. It will not be in the text."""
    return [
        Finding(
            False,
            _("%(name)s is not part of the campaign any more. Its own part will not be in the text.")
            % {"name": part.organization.display_name},
            part.question.number,
            code="own-part-left",
            about=str(part.pk),
            mend=_("Go on without it, or invite the organization again."),
            address=reverse("own_parts", args=[submission.pk, part.question.number]),
        )
        for part in left_parts(submission=submission)
    ]


def upload_findings(drafted: Drafted) -> list[Finding]:
    """Questions that ask for a file and have none, errors where it is required; and files that the authority would not take."""
    refused = [
        Finding(
            status == RequirementStatus.VERIFIED,
            words,
            question.number,
            code="file-refused",
            about=f"{upload['digest']} {words}",
            mend=_("Choose another file."),
            address=answer_address(drafted.submission, question),
        )
        for question in drafted.questions
        if question.kind == QuestionKind.UPLOAD and (upload := drafted.uploads.get(question.pk))
        for status, words in file_problems(drafted.in_force, name=upload["name"], size=upload["byte_size"])
    ]
    return refused + [
        Finding(
            question.is_required,
            _("The authority asks for a file, and none is chosen."),
            question.number,
            code="no-file",
            mend=_("Choose the file."),
            address=answer_address(drafted.submission, question),
        )
        for question in drafted.questions
        if question.kind == QuestionKind.UPLOAD
        and question.pk in drafted.applying
        and question.pk not in drafted.uploads
    ]


def taken_findings(drafted: Drafted) -> list[Finding]:
    """Warnings: answers taken from elsewhere that nobody has saved since."""
    return [
        Finding(
            False,
            _("This answer was taken from “%(origin)s”, and nobody has saved it since.")
            % {"origin": row.taken_from},
            row.question.number,
            code="taken-from",
            mend=_("Read it against the question, then save it."),
            address=answer_address(drafted.submission, row.question),
        )
        for row in drafted.answers
        if row.taken_from and row.is_written
    ]


def _texts(drafted: Drafted) -> Iterator[tuple[str, str, str, str]]:
    """(number, full text, short text, address) of each answer and each own part, in reading order."""
    for text in drafted.texts():
        # A choice, a number or a date holds no marks.
        short = text.short if text.is_own or text.question.takes_text else ""
        yield text.number, text.full, short, text.address
