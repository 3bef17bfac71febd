"""Portals, what authorities ask, and what organizations file in answer to it."""

from campaign.consultations.models.approval import CoSigner, Decision, Thaw
from campaign.consultations.models.attachment import AuthorityDocument, UploadedAnswer
from campaign.consultations.models.channel import CHANNEL_KINDS, Channel, DeadlineChange
from campaign.consultations.models.consultation import Consultation, Question, QuestionKind, Section
from campaign.consultations.models.evidence import Source, SourceCopy
from campaign.consultations.models.filing import (
    DemandOutcome,
    Filing,
    FilingCorrection,
    FilingResponse,
    Outcome,
    Receipt,
    ResponseState,
)
from campaign.consultations.models.importing import Brought, ImportDraft
from campaign.consultations.models.milestone import (
    CalendarEntry,
    DeadlineChoices,
    Milestone,
    MilestoneKind,
    Reminder,
)
from campaign.consultations.models.names import (
    NamesAnnex,
    NamesBasis,
    NamesPart,
    NamesPartState,
    NamesPiece,
    NamesState,
)
from campaign.consultations.models.portal import PortalProfile
from campaign.consultations.models.requirement import Requirement, RequirementOrigin, RequirementStatus, Topic
from campaign.consultations.models.submission import Answer, CoverDesign, Submission, SubmissionState
from campaign.consultations.models.workspace import (
    AnswerVersion,
    Assignment,
    LibraryAnswer,
    OwnPart,
    OwnPartVersion,
    Remark,
    RemarkThread,
    WorkStatus,
)

__all__ = [
    "CHANNEL_KINDS",
    "Answer",
    "AnswerVersion",
    "Assignment",
    "AuthorityDocument",
    "Brought",
    "CalendarEntry",
    "Channel",
    "CoSigner",
    "Consultation",
    "CoverDesign",
    "DeadlineChange",
    "DeadlineChoices",
    "Decision",
    "DemandOutcome",
    "Filing",
    "FilingCorrection",
    "FilingResponse",
    "ImportDraft",
    "LibraryAnswer",
    "Milestone",
    "MilestoneKind",
    "NamesAnnex",
    "NamesBasis",
    "NamesPart",
    "NamesPartState",
    "NamesPiece",
    "NamesState",
    "Outcome",
    "OwnPart",
    "OwnPartVersion",
    "PortalProfile",
    "Question",
    "QuestionKind",
    "Receipt",
    "Remark",
    "RemarkThread",
    "Reminder",
    "Requirement",
    "RequirementOrigin",
    "RequirementStatus",
    "ResponseState",
    "Section",
    "Source",
    "SourceCopy",
    "Submission",
    "SubmissionState",
    "Thaw",
    "Topic",
    "UploadedAnswer",
    "WorkStatus",
]
