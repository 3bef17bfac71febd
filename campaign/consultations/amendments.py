"""The amendments that lead from a text to the annex: in which forms they can be printed, and what they say."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.comparisons import FORMS, Drawn, Wishes
from campaign.regulations.models import Edition
from campaign.regulations.services import edition_comparison

TO_A_PROPOSAL = "parliament-proposal"


def amendments_forms() -> list[tuple[str, str | Promise]]:
    """Every form with its name, as a form field takes them."""
    forms: list[tuple[str, str | Promise]] = [(each.key, each.label) for each in FORMS.values()]
    after = [key for key, _label in forms].index("parliament") + 1
    forms.insert(
        after, (TO_A_PROPOSAL, _("Amendments as in the European Parliament, to a proposal of the Commission"))
    )
    return forms


def drawn_amendments(*, old: Edition, new: Edition, form: str) -> Drawn:
    """What leads from one published edition to another. Raises FormInEnglishOnly, SameKeyTwice."""
    if form == TO_A_PROPOSAL:
        return edition_comparison(old=old, new=new, form="parliament", wishes=Wishes(is_proposal=True))
    return edition_comparison(old=old, new=new, form=form, wishes=Wishes())
