"""Portals, what authorities ask, and what organizations file in answer to it."""

from campaign.consultations.models.consultation import Consultation, Question, QuestionKind, Section
from campaign.consultations.models.portal import PortalProfile
from campaign.consultations.models.requirement import Requirement, RequirementOrigin, RequirementStatus, Topic
from campaign.consultations.models.submission import Answer, Filing, Submission, SubmissionState

__all__ = [
    "Answer",
    "Consultation",
    "Filing",
    "PortalProfile",
    "Question",
    "QuestionKind",
    "Requirement",
    "RequirementOrigin",
    "RequirementStatus",
    "Section",
    "Submission",
    "SubmissionState",
    "Topic",
]
