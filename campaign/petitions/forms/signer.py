"""What signers decide on their own page. Nothing is typed there: each form is a button."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.petitions.consents import COLUMNS, NEWS, WORDINGS, Asking, last_news_record
from campaign.petitions.forms.sign import news_label
from campaign.petitions.models import Signature
from campaign.petitions.services import Reach


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=[(purpose, purpose) for purpose in (*COLUMNS, NEWS)])
    box = forms.CharField(
        required=False
    )  # of news: the organization and the words, as `Asking.box` names them
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
    box: str = ""
    organization: str = ""  # the name of the one whose news it is

    @property
    def anchor(self) -> str:
        """Its place on the page, and in the address that a button leads back to."""
        return f"{self.purpose}-{self.box.partition(':')[0]}" if self.box else self.purpose


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
}
_NEWS: tuple[_Words, _Words] = (
    (
        _("You agreed to get its news."),
        _("It no longer finds you here, and may send you no further news."),
        _("Stop the news"),
    ),
    (
        _("You get no news of it through this site."),
        _("It gets your name and address, and mails you about its other work until you stop it here."),
        _("Send me news"),
    ),
)


def choices_of(
    signature: Signature, *, asking: Iterable[Asking], agreed: Collection[str], locale: str
) -> list[Choice]:
    """The consents that can be given and taken back beside signing itself.

    `asking` are the organizations shown, each with a switch of its own; `agreed` the ids of those whose news is agreed to.
    """
    return [
        *(_choice(signature, purpose, column) for purpose, column in COLUMNS.items()),
        *(_news_choice(signature, each, is_given=each.id in agreed, locale=locale) for each in asking),
    ]


def _news_choice(signature: Signature, organization: Asking, *, is_given: bool, locale: str) -> Choice:
    owner_id = str(signature.petition.campaign.owner_id)
    last = last_news_record(signature.consents, organization_id=organization.id, owner_id=owner_id)
    stands, follows, button = _NEWS[0] if is_given else _NEWS[1]
    return Choice(
        purpose=NEWS,
        is_given=is_given,
        since=datetime.fromisoformat(last["at"]) if last else None,
        wording=news_label(organization),
        title="",
        stands=stands,
        follows=follows,
        button=button,
        box=organization.box(locale),
        organization=organization.name,
    )


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
