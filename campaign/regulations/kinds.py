"""The words of this room: what an instrument is, what a provision is, what a variable holds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InstrumentKind(TextChoices):
    ACT = "act", _("Act")
    AMENDING_ACT = "amending-act", _("Amending act")
    CONTRACT_CLAUSE = "contract-clause", _("Contract clause")
    GRANT_CONDITION = "grant-condition", _("Grant condition")
    LICENSE = "license", _("License")
    REMEDY = "remedy", _("Commitment or decision")
    TREATY = "treaty", _("Treaty")
    POSITION_PAPER = "position-paper", _("Position paper")
    LAW_IN_FORCE = "law-in-force", _("Law in force")


class ProvisionKind(TextChoices):
    """Any citable unit. What may stand in what, and how it is numbered, is the tradition's business."""

    CITATION = "citation", _("Citation")
    RECITAL = "recital", _("Recital")
    TITLE = "title", _("Title")
    CHAPTER = "chapter", _("Chapter")
    SECTION = "section", _("Section")
    DIVISION = "division", _("Division")
    ARTICLE = "article", _("Article")
    PARAGRAPH = "paragraph", _("Paragraph")
    SUBPARAGRAPH = "subparagraph", _("Subparagraph")
    POINT = "point", _("Point")
    INDENT = "indent", _("Indent")
    DEFINITION = "definition", _("Definition")
    AMENDING_POINT = "amending-point", _("Amending point")
    QUOTED = "quoted", _("Text put into another act")
    ANNEX = "annex", _("Annex")


CONTAINERS = (ProvisionKind.TITLE, ProvisionKind.CHAPTER, ProvisionKind.SECTION, ProvisionKind.DIVISION)
HEADED = {*CONTAINERS, ProvisionKind.ARTICLE, ProvisionKind.ANNEX}  # their heading has a line of its own
LISTED = {
    ProvisionKind.POINT,
    ProvisionKind.INDENT,
    ProvisionKind.DEFINITION,
    ProvisionKind.AMENDING_POINT,
}


class VariableType(TextChoices):
    INTEGER = "integer", _("Whole number")
    DURATION = "duration", _("Duration")
    MONEY = "money", _("Amount of money")
    PERCENTAGE = "percentage", _("Percentage")
    DATE = "date", _("Date")
    COMPUTE = "compute", _("Computation")
    AUTHORITY = "authority", _("Authority")
    LICENSE = "license", _("License")
    ENUM = "enum", _("Choice")
    TEXT = "text", _("Text")


class EditionState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
