"""Why an annex of names could not be made, in words a person can act on."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.documents.reasons import Reason, reason_sentence


class NamesReason(models.TextChoices):
    NOBODY = (
        "nobody",
        _("Nobody who is counted agreed to be named to this authority, so there is nothing to make."),
    )
    TOO_LARGE = (
        "names_too_large",
        _("It needed more time or memory than this site allows. Tell the site’s operator."),
    )


def names_reason_sentence(reason: str) -> str | Promise:
    """The sentence for what an annex stores as its reason; empty for none."""
    if reason in NamesReason.values:
        return NamesReason(reason).label
    if reason in {Reason.TOO_LARGE, Reason.TOO_LONG}:  # nobody can shorten a list of names
        return NamesReason.TOO_LARGE.label
    return reason_sentence(reason)
