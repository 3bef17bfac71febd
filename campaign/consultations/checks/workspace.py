"""What the work on a submission leaves to mend before it is frozen."""

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.consultations.checks.answers import over_limit
from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.evidence import CITED, LOOSE, campaign_sources
from campaign.consultations.findings import Finding
from campaign.consultations.limits import Usage
from campaign.consultations.models import QuestionKind, Submission
from campaign.consultations.pieces import Pieces, filled_in, known_marks_in, loose_marks_in, pieces_at
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.requirements import requirements_of
from campaign.consultations.workspace import (
    left_parts,
    named_parts,
    open_remark_totals,
    organization_usages,
    uploads_of,
)


def workspace_findings(submission: Submission) -> list[Finding]:
    """All of this file, in reading order of each kind."""
    return [
        *evidence_findings(submission),
        *piece_findings(submission),
        *own_part_findings(submission),
        *left_part_findings(submission),
        *upload_findings(submission),
        *taken_findings(submission),
        *remark_findings(submission),
    ]


def remark_findings(submission: Submission) -> list[Finding]:
    """A warning for each question with open remarks, and one for those about everything."""
    totals = open_remark_totals(submission=submission)
    numbers = {row.pk: row.number for row in ordered_questions(consultation=submission.consultation)}
    address = reverse("remark_list", args=[submission.pk])
    found = [
        _remark_finding(total, number, f"{address}?question={number}")
        for pk, number in numbers.items()
        if (total := totals.get(pk, 0))
    ]
    rest = sum(total for pk, total in totals.items() if pk not in numbers)
    return found + ([_remark_finding(rest, "", address)] if rest else [])


def _remark_finding(total: int, number: str, address: str) -> Finding:
    message = ngettext("%(total)s remark is open.", "%(total)s remarks are open.", total) % {"total": total}
    return Finding(
        False,
        message,
        number,
        code="remarks-open",
        about=str(total),
        mend=_("Answer it, or mark it as resolved."),
        address=address,
    )


def evidence_findings(submission: Submission) -> list[Finding]:
    """Errors: marks of sources that do not exist, and marks in short answers, where no note can stand."""
    keys = {row.key for row in campaign_sources(campaign=submission.campaign)}
    found = []
    for number, text, short, address in _texts(submission):
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


def piece_findings(submission: Submission, pieces: Pieces | None = None) -> list[Finding]:
    """Errors: what is to be pulled in and is not there, each with its place."""
    pieces = pieces or pieces_at(submission)
    found = []
    for number, text, short, address in _texts(submission):
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


def own_part_findings(submission: Submission) -> list[Finding]:
    """Limits that an organization passes with the common answers and its own parts together."""
    parts = named_parts(submission=submission)
    if not parts:
        return []
    in_force = requirements_of(submission.consultation)
    questions = list(ordered_questions(consultation=submission.consultation))
    answers = {row.question_id: row for row in ordered_answers(submission=submission)}
    found = []
    for each in organization_usages(in_force=in_force, questions=questions, answers=answers, parts=parts):
        found += [_over(each.name, usage, "", submission) for usage in each.shared if usage.is_over]
        found += [
            _over(each.name, usage, number, submission)
            for number, usages in each.own.items()
            for usage in usages
            if usage.is_over
        ]
    return found


def _over(name: str, usage: Usage, number: str, submission: Submission) -> Finding:
    """As for the common answer: an error, and one a reason may override where nobody verified the limit."""
    address = (
        reverse("own_parts", args=[submission.pk, number])
        if number
        else reverse("submission_detail", args=[submission.pk])
    )
    return over_limit(usage, address=address, code="own-part-over", number=number, name=name)


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


def upload_findings(submission: Submission) -> list[Finding]:
    """Questions that ask for a file and have none: errors where it is required."""
    uploads = uploads_of(submission.pk)
    questions = list(ordered_questions(consultation=submission.consultation))
    answers = {row.question_id: row for row in ordered_answers(submission=submission)}
    applying = questions_that_apply(questions, answers)
    return [
        Finding(
            question.is_required,
            _("The authority asks for a file, and none is chosen."),
            question.number,
            code="no-file",
            mend=_("Choose the file."),
            address=reverse("answer_edit", args=[submission.pk, question.number]),
        )
        for question in questions
        if question.kind == QuestionKind.UPLOAD and question.pk in applying and question.pk not in uploads
    ]


def taken_findings(submission: Submission) -> list[Finding]:
    """Warnings: answers taken from elsewhere that nobody has saved since."""
    return [
        Finding(
            False,
            _("This answer was taken from “%(origin)s”, and nobody has saved it since.")
            % {"origin": row.taken_from},
            row.question.number,
            code="taken-from",
            mend=_("Read it against the question, then save it."),
            address=reverse("answer_edit", args=[submission.pk, row.question.number]),
        )
        for row in ordered_answers(submission=submission)
        if row.taken_from and row.is_written
    ]


def _texts(submission: Submission) -> Iterator[tuple[str, str, str, str]]:
    """(number, full text, short text, address) of each answer and each own part, in reading order."""
    parts = named_parts(submission=submission)
    answers = {row.question_id: row for row in ordered_answers(submission=submission)}
    for question in ordered_questions(consultation=submission.consultation):
        place = [submission.pk, question.number]
        if answer := answers.get(question.pk):
            # A choice, a number or a date holds no marks.
            short = answer.short_text if question.takes_text else ""
            yield question.number, answer.text, short, reverse("answer_edit", args=place)
        for named in parts.get(question.pk, []):
            address = reverse("own_parts", args=place)
            yield question.number, named.part.text, named.part.short_text, address
