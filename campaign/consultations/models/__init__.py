"""Portals, what authorities ask, and what organizations file in answer to it."""

from campaign.consultations.models.channel import CHANNEL_KINDS, Channel, DeadlineChange
from campaign.consultations.models.consultation import Consultation, Question, QuestionKind, Section
from campaign.consultations.models.importing import ImportDraft
from campaign.consultations.models.milestone import (
    CalendarEntry,
    DeadlineChoices,
    Milestone,
    MilestoneKind,
    Reminder,
)
from campaign.consultations.models.portal import PortalProfile
from campaign.consultations.models.requirement import Requirement, RequirementOrigin, RequirementStatus, Topic
from campaign.consultations.models.submission import Answer, Filing, Submission, SubmissionState

__all__ = [
    "CHANNEL_KINDS",
    "Answer",
    "CalendarEntry",
    "Channel",
    "Consultation",
    "DeadlineChange",
    "DeadlineChoices",
    "Filing",
    "ImportDraft",
    "Milestone",
    "MilestoneKind",
    "PortalProfile",
    "Question",
    "QuestionKind",
    "Reminder",
    "Requirement",
    "RequirementOrigin",
    "RequirementStatus",
    "Section",
    "Submission",
    "SubmissionState",
    "Topic",
]
