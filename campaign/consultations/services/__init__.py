"""The verbs of consultations."""

from campaign.consultations.services.answer import (
    AnswerChangedMeanwhile,
    SubmissionIsFrozen,
    edit_attachments,
    save_answer,
    start_submission,
)
from campaign.consultations.services.filing import (
    CannotFreeze,
    SubmissionCannotMove,
    WarningsNotAccepted,
    file_submission,
    freeze_submission,
    reopen_submission,
)
from campaign.consultations.services.requirements import (
    Place,
    RequirementChanged,
    Stated,
    state_requirement,
    stated_digest,
    withdraw_requirement,
)

__all__ = [
    "AnswerChangedMeanwhile",
    "CannotFreeze",
    "Place",
    "RequirementChanged",
    "Stated",
    "SubmissionCannotMove",
    "SubmissionIsFrozen",
    "WarningsNotAccepted",
    "edit_attachments",
    "file_submission",
    "freeze_submission",
    "reopen_submission",
    "save_answer",
    "start_submission",
    "state_requirement",
    "stated_digest",
    "withdraw_requirement",
]
