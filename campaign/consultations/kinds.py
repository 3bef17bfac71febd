"""Kinds of calls and of questions, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models import QuestionKind

CALL_KINDS: dict[str, Promise] = {
    "call-for-evidence": _("Call for evidence"),
    "public-consultation": _("Public consultation"),
    "request-for-comment": _("Request for comment"),
    "draft-law": _("Draft of a law"),
    "draft-guidance": _("Draft of guidelines"),
    "call-for-input": _("Call for input"),
    "inquiry": _("Parliamentary inquiry"),
}
QUESTION_KINDS: dict[str, Promise] = {
    QuestionKind.FREE_TEXT: _("Text"),
    QuestionKind.SINGLE_CHOICE: _("One of several answers"),
    QuestionKind.MULTI_CHOICE: _("Several of several answers"),
    QuestionKind.NUMBER: _("Number"),
    QuestionKind.DATE: _("Date"),
    QuestionKind.UPLOAD: _("File"),
}


def call_kind_words(kind: str) -> str:
    """A kind of call in words; as it was written where it is none of ours."""
    return str(CALL_KINDS.get(kind, kind))


def question_kind_words(kind: str) -> str:
    """A kind of question in words."""
    return str(QUESTION_KINDS.get(kind, kind))
