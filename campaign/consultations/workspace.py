"""Reads of the work on a submission: who has which question, remarks, own parts, versions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, TeamMember, TeamRole
from campaign.campaigns.queries import coalition
from campaign.consultations.boxes import short_together
from campaign.consultations.limits import (
    Usage,
    answer_usages,
    measure,
    one_box,
    submission_limits,
)
from campaign.consultations.models import (
    Answer,
    AnswerVersion,
    Assignment,
    Consultation,
    LibraryAnswer,
    OwnPart,
    OwnPartVersion,
    Question,
    QuestionKind,
    Remark,
    RemarkThread,
    Submission,
    UploadedAnswer,
    WorkStatus,
)
from campaign.consultations.requirements import InForce
from campaign.organizations.collation import sort_key
from campaign.organizations.models import Organization
from campaign.organizations.queries import organization_names

FILTERS: dict[str, Promise] = {
    "": gettext_lazy("All"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Nobody’s"),
    "late": gettext_lazy("Late"),
}


@dataclass(frozen=True)
class WorkRow:
    """One question as the submission's page shows it."""

    question: Question
    answer: Answer | None
    assignment: Assignment | None
    status: str
    applies: bool
    is_late: bool
    open_remarks: int
    own_parts: int

    @property
    def status_words(self) -> str:
        return str(WorkStatus(self.status).label)

    @property
    def owner(self) -> User | None:
        return self.assignment.owner if self.assignment else None


@dataclass(frozen=True)
class Progress:
    """How many of the questions that apply are how far. `start` and `share` place it in a bar, in thousandths."""

    status: str
    label: str
    total: int
    start: int
    share: int


def today_there(consultation: Consultation, at: datetime) -> date:
    """The day on the authority's clock."""
    return at.astimezone(ZoneInfo(consultation.time_zone)).date()


def work_rows(
    *,
    submission: Submission,
    questions: Iterable[Question],
    answers: dict[UUID, Answer],
    applying: set[UUID],
    at: datetime,
) -> list[WorkRow]:
    """Every question with who has it, how far it is, and what is open about it. Three reads for all."""
    rows = submission.assignments.select_related("owner")
    assignments = {row.question_id: row for row in rows}
    remarks = open_remark_totals(submission=submission)
    parts = _part_totals(submission)
    day = today_there(submission.consultation, at)
    found = []
    for question in questions:
        assignment, answer = assignments.get(question.pk), answers.get(question.pk)
        found.append(
            WorkRow(
                question=question,
                answer=answer,
                assignment=assignment,
                status=_status(assignment, answer),
                applies=question.pk in applying,
                is_late=assignment is not None and assignment.is_late_on(day),
                open_remarks=remarks.get(question.pk, 0),
                own_parts=parts.get(question.pk, 0),
            )
        )
    return found


def _status(assignment: Assignment | None, answer: Answer | None) -> str:
    """What somebody said of it; where nobody did, whether something is written."""
    if assignment:
        return assignment.status
    return WorkStatus.DRAFTING if answer and answer.is_written else WorkStatus.TODO


def shown_rows(rows: list[WorkRow], *, wanted: str, user: User) -> list[WorkRow]:
    """The rows that a filter leaves; all of them for an unknown one."""
    if wanted == "mine":
        return [row for row in rows if row.assignment and row.assignment.owner_id == user.pk]
    if wanted == "unassigned":
        return [row for row in rows if row.owner is None and row.applies]
    if wanted == "late":
        return [row for row in rows if row.is_late]
    return rows


@dataclass(frozen=True)
class WorkFilter:
    """A choice of rows, and how many it leaves."""

    key: str
    label: str
    total: int
    is_current: bool


def filters(rows: list[WorkRow], *, wanted: str, user: User) -> list[WorkFilter]:
    """Every filter with what it would leave."""
    current = wanted if wanted in FILTERS else ""
    return [
        WorkFilter(key, str(label), len(shown_rows(rows, wanted=key, user=user)), key == current)
        for key, label in FILTERS.items()
    ]


def progress(rows: list[WorkRow]) -> list[Progress]:
    """Each status with its number, of the questions that apply."""
    counted = Counter(row.status for row in rows if row.applies)
    total = sum(counted.values()) or 1
    found, before = [], 0
    for status in (WorkStatus.READY, WorkStatus.REVIEW, WorkStatus.DRAFTING, WorkStatus.TODO):
        start, end = (1000 * count // total for count in (before, before + counted[status]))
        found.append(Progress(status.value, str(status.label), counted[status], start, end - start))
        before += counted[status]
    return found


def _part_totals(submission: Submission) -> dict[UUID, int]:
    rows = submission.own_parts.filter(organization__in=coalition(campaign=submission.campaign))
    written = rows.exclude(text="", short_text="").order_by()
    return dict(written.values_list("question").annotate(total=Count("pk")))


# --- The team ------------------------------------------------------------------------
def drafting_people(*, campaign: Campaign) -> list[User]:
    """Who may draft answers, by name."""
    rows = TeamMember.objects.active().filter(campaign=campaign, role__in=[TeamRole.OWNER, TeamRole.EDITOR])
    people = [row.user for row in rows.select_related("user")]
    return sorted(people, key=lambda user: (user.display_name.casefold(), str(user.pk)))


# --- Remarks ---------------------------------------------------------------------------
def open_remark_totals(*, submission: Submission) -> dict[UUID | None, int]:
    """Open threads by the id of their question; None for those about the whole submission."""
    rows = submission.remark_threads.filter(resolved_at=None).order_by()
    return dict(rows.values_list("question").annotate(total=Count("pk")))


def remark_threads(
    *, submission: Submission, question: Question | None = None, is_resolved: bool = False
) -> QuerySet[RemarkThread]:
    """Open or resolved threads with their remarks as `ordered_remarks`, oldest first: of a question, or of all."""
    remarks = Remark.objects.select_related("by").order_by("written_at", "pk")
    rows = submission.remark_threads.filter(resolved_at__isnull=not is_resolved)
    if question:
        rows = rows.filter(question=question)
    return (
        rows.select_related("question", "resolved_by")
        .prefetch_related(Prefetch("remarks", remarks, to_attr="ordered_remarks"))
        .order_by("question__position", "opened_at", "pk")
    )


# --- Versions --------------------------------------------------------------------------
def kept_versions(*, row: Answer | OwnPart) -> QuerySet[AnswerVersion] | QuerySet[OwnPartVersion]:
    """Of an answer or an own part: the newest first, without their texts."""
    return row.versions.select_related("saved_by").defer("text", "short_text").order_by("-number")


# --- Own parts -------------------------------------------------------------------------
@dataclass(frozen=True)
class NamedPart:
    """What an organization adds, under the name readers of the submission's language know it by."""

    organization: Organization
    name: str
    part: OwnPart


def named_parts(*, submission: Submission) -> dict[UUID, list[NamedPart]]:
    """What the organizations of the coalition have added, by question, each list by name. Those that left it are left out."""
    organizations = {row.pk: row for row in coalition(campaign=submission.campaign)}
    names = organization_names(organizations=organizations.values())
    shown = {pk: each.in_language(submission.locale) for pk, each in names.items()}
    found: dict[UUID, list[NamedPart]] = {}
    for part in submission.own_parts.filter(organization__in=organizations, question__gone_at=None):
        if part.is_written:
            pk = part.organization_id
            found.setdefault(part.question_id, []).append(NamedPart(organizations[pk], shown[pk], part))
    for parts in found.values():
        parts.sort(key=lambda each: (sort_key(each.name, submission.locale), str(each.organization.pk)))
    return found


def left_parts(*, submission: Submission) -> list[OwnPart]:
    """Written parts of organizations that are not of the coalition any more, each with its question and organization."""
    rows = submission.own_parts.filter(question__gone_at=None)
    rows = rows.exclude(organization__in=coalition(campaign=submission.campaign))
    found = rows.select_related("question", "organization").order_by("question__position", "pk")
    return [part for part in found if part.is_written]


def gone_parts(*, submission: Submission) -> QuerySet[OwnPart]:
    """Written parts whose question the authority no longer asks, each with that question and its organization."""
    rows = submission.own_parts.filter(question__gone_at__isnull=False).exclude(text="", short_text="")
    return rows.select_related("question", "organization").order_by("question__gone_at", "pk")


def combined_short(answer: Answer | None, part: OwnPart | None) -> str:
    """The common short answer and an organization's own after it: what that organization puts into the box."""
    return short_together(*(each.short_text for each in (answer, part) if each is not None))


def organization_box_text(
    questions: Iterable[Question], answers: dict[UUID, Answer], parts: dict[UUID, OwnPart]
) -> str:
    """All short answers of one organization that are typed, as one text for one box. `questions` in reading order."""
    return one_box(
        (question.number, combined_short(answers.get(question.pk), parts.get(question.pk)))
        for question in questions
        if question.kind == QuestionKind.FREE_TEXT
    )


@dataclass(frozen=True)
class OrganizationUsages:
    """How much of the limits one organization uses with the common answers and its own parts."""

    organization_id: UUID
    name: str
    shared: list[Usage]
    own: dict[str, list[Usage]]  # by the number of the question


def organization_usages(
    *,
    in_force: InForce,
    questions: list[Question],
    answers: dict[UUID, Answer],
    parts: dict[UUID, list[NamedPart]],
) -> list[OrganizationUsages]:
    """For each organization that adds something to a short answer, by name as they come."""
    of: dict[UUID, dict[UUID, OwnPart]] = {}
    names: dict[UUID, str] = {}
    for question_id, named in parts.items():
        for each in named:
            if each.part.short_text.strip():
                of.setdefault(each.organization.pk, {})[question_id] = each.part
                names[each.organization.pk] = each.name
    found = []
    for pk, mine in of.items():
        text = organization_box_text(questions, answers, mine)
        shared = [Usage(limit, measure(text, limit.unit)) for limit in submission_limits(in_force)]
        own = {
            question.number: answer_usages(
                in_force, question, combined_short(answers.get(question.pk), mine[question.pk])
            )
            for question in questions
            if question.pk in mine
        }
        found.append(OrganizationUsages(pk, names[pk], shared, own))
    return sorted(found, key=lambda each: (each.name, str(each.organization_id)))


# --- Files -----------------------------------------------------------------------------
def uploads_of(submission_id: UUID) -> dict[UUID, dict[str, object]]:
    """The files of a submission as a frozen text names them, by the id of their question. One query."""
    return {
        row.question_id: {"name": row.file_name, "byte_size": row.byte_size, "digest": row.digest}
        for row in UploadedAnswer.objects.filter(submission=submission_id)
    }


# --- The library -----------------------------------------------------------------------
def library_answers(*, campaign: Campaign) -> QuerySet[LibraryAnswer]:
    """What the campaign keeps, newest first."""
    return (
        LibraryAnswer.objects.filter(campaign=campaign).select_related("saved_by").order_by("-saved_at", "pk")
    )


def earlier_submissions(*, submission: Submission) -> QuerySet[Submission]:
    """Others of the same campaign that answers can be taken from, newest first."""
    rows = Submission.objects.filter(campaign=submission.campaign_id).exclude(pk=submission.pk)
    return rows.select_related("consultation").order_by("-created_at", "pk")
