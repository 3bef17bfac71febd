"""What signers decide on their own page. Nothing is typed there: each form is a button."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.petitions.consents import COLUMNS, WORDINGS
from campaign.petitions.models import Signature
from campaign.petitions.services import Reach


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=[(purpose, purpose) for purpose in COLUMNS])
    given = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )


class EraseForm(forms.Form):
    reach = forms.TypedChoiceField(choices=[(reach.value, reach.value) for reach in Reach], coerce=Reach)
    whole_mailbox = forms.BooleanField(
        label=_("Also what was signed with this mailbox under other names."),
        help_text=_(
            "It may be another person's. Tick this if you once signed under another name or spelling."
        ),
        required=False,
    )


@dataclass(frozen=True)
class Choice:
    """One consent as the page shows it: where it stands, the words it is about, and what each button says."""

    purpose: str
    is_given: bool
    since: datetime | None  # the last record, None when there never was one
    wording: str | Promise
    title: str | Promise
    stands: str | Promise  # what is so now
    follows: str | Promise  # what happens after the button
    button: str | Promise


# For each purpose: its title, then (what is so, what happens after the button, the button) while it is given and while it is not.
_Words = tuple[str | Promise, str | Promise, str | Promise]
_WORDS: dict[str, tuple[str | Promise, _Words, _Words]] = {
    "public_name": (
        _("Your name on the petition"),
        (
            _("Your name and country are shown among the signers."),
            _("They disappear from the page within a minute. Your signature still counts."),
            _("Stop showing my name"),
        ),
        (
            _("You are counted, and not named."),
            _("Everybody can read your name, and search engines may keep it."),
            _("Show my name"),
        ),
    ),
    "updates": (
        _("Mails about this petition"),
        (
            _("We mail you when something happens with this petition."),
            _("No further mail about it is sent to you."),
            _("Stop these mails"),
        ),
        (
            _("You get no mails about this petition."),
            _("We mail you now and then, until you stop it here."),
            _("Send me these mails"),
        ),
    ),
    "news": (
        _("News of the organization"),
        (
            _("You get news of the organization that runs this campaign."),
            _("It sends you no further news."),
            _("Stop the news"),
        ),
        (
            _("You get no news of the organization that runs this campaign."),
            _("It mails you about its other work too, until you stop it here."),
            _("Send me news"),
        ),
    ),
}


def choices_of(signature: Signature) -> list[Choice]:
    """The three consents that can be given and taken back beside signing itself."""
    return [_choice(signature, purpose, column) for purpose, column in COLUMNS.items()]


def _choice(signature: Signature, purpose: str, column: str) -> Choice:
    is_given = bool(getattr(signature, column))
    title, while_given, while_not = _WORDS[purpose]
    stands, follows, button = while_given if is_given else while_not
    moments = [record["at"] for record in signature.consents if record["purpose"] == purpose]
    return Choice(
        purpose=purpose,
        is_given=is_given,
        since=datetime.fromisoformat(moments[-1]) if moments else None,
        wording=WORDINGS[purpose],
        title=title,
        stands=stands,
        follows=follows,
        button=button,
    )
