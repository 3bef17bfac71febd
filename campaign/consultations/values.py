"""Answers that are a choice, a number or a date: what is stored of them, and whether it is what was asked."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaign.consultations.models import Question, QuestionKind

DIGITS, PLACES = 18, 4  # of a number, all and after the point


def plain_number(value: Decimal) -> str:
    """A number as it is stored and filed: digits and a point, nothing else."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_problem(question: Question, stored: str) -> str:
    """What is wrong with a stored answer, in one sentence; "" when nothing is, or when there is none."""
    if not stored.strip() or question.takes_text:
        return ""
    if question.offers_choice:
        return _choice_problem(question, stored.split("\n"))
    if question.kind == QuestionKind.DATE:
        return _date_problem(stored)
    return _number_problem(question, stored)


def _choice_problem(question: Question, chosen: list[str]) -> str:
    if not set(chosen) <= set(question.options):
        return _("What was chosen is not among the answers that are offered. Choose again.")
    if question.kind == QuestionKind.SINGLE_CHOICE and len(chosen) > 1:
        return _("Only one of the answers can be chosen. Choose again.")
    return ""


def _date_problem(stored: str) -> str:
    try:
        date.fromisoformat(stored)
    except ValueError:
        return _("A date is asked. Give one.")
    return ""


def _number_problem(question: Question, stored: str) -> str:
    try:
        value = Decimal(stored)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        return _("A number is asked. Write one, without words.")
    if question.minimum is not None and value < question.minimum:
        return _("The number must be %(limit)s or more.") % {"limit": _shown(question.minimum)}
    if question.maximum is not None and value > question.maximum:
        return _("The number must be %(limit)s or less.") % {"limit": _shown(question.maximum)}
    return ""


def _shown(value: Decimal) -> str:
    return number_format(plain_number(value))
