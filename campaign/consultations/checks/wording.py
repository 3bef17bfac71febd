"""What is written that an authority's form refuses, or that should not be public."""

import hashlib
import ipaddress
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.consultations.checks.drafted import Drafted, Text
from campaign.consultations.findings import Finding
from campaign.consultations.models import RequirementStatus, Submission, Topic
from campaign.consultations.requirements import InForce, language_words

# Emoji and what makes them: pictographs, flags, joiners of pictures, keycaps.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a\u231b\u23e9-\u23ff\u25fd\u25fe\ufe0f\u20e3\U000e0020-\U000e007f]"
)
# Signs that take no room and change what is counted or how it reads: zero-width ones, soft hyphens, private use.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\ufff9-\ufffb\ue000-\uf8ff]")
_BEFORE_AT = re.compile(r"[\w.+-]{1,64}\Z")
_BEHIND_AT = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})+")
# A number people call: at least eight digits, with a plus or separators that dates, years and sums do not have.
_PHONE = re.compile(
    r"(?<![\w./-])\+\d[\d ()/-]{7,30}\d(?![\w-])|(?<![\w./-])0\d{1,4}[ /-]\d[\d /-]{5,30}\d(?![\w-])"
)
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+")
SHOWN = 3


def wording_findings(drafted: Drafted) -> Iterator[Finding]:
    """In reading order, the language of the whole first."""
    submission = drafted.submission
    yield from _language(submission, drafted.in_force)
    for text in drafted.texts():
        yield from _refused(text, drafted.in_force)
        yield from _personal(text.number, text.whole, text.address)
        yield from _links(text.number, text.whole, text.address)
    summary = reverse("submission_edit", args=[submission.pk])
    yield from _personal("", submission.summary, summary)
    yield from _links("", submission.summary, summary)


def _language(submission: Submission, in_force: InForce) -> Iterator[Finding]:
    for row in in_force.rows(Topic.LANGUAGES):
        wanted = [str(each).lower() for each in row.value or []]
        base = submission.locale.split("-")[0].lower()
        if not wanted or base in {each.split("-")[0] for each in wanted}:
            continue
        if "all-eu" in wanted and base in EU_LANGUAGES:
            continue
        yield Finding(
            True,
            _("The authority takes other languages only: %(languages)s (%(status)s).")
            % {
                "languages": ", ".join(language_words(each) for each in wanted),
                "status": RequirementStatus(row.status).label,
            },
            code="language",
            about=f"{submission.locale} {wanted} {row.status}",
            may_override=row.status != RequirementStatus.VERIFIED,
            mend=_("Write the submission in one of these languages."),
            address=reverse("consultation_detail", args=[submission.consultation.slug]),
        )


def _refused(text: Text, in_force: InForce) -> Iterator[Finding]:
    for row in in_force.rows(Topic.CHARACTERS):
        found = _EMOJI.findall(text.boxed) if "emoji" in (row.value or []) else []
        if found:
            yield Finding(
                True,
                _("The portal refuses emoji: %(signs)s") % {"signs": _shown(found)},
                text.number,
                code="emoji",
                about=_digest(found),
                may_override=row.status != RequirementStatus.VERIFIED,
                mend=_("Take these signs out of the short answer."),
                address=text.address,
            )
    if hidden := _INVISIBLE.findall(text.boxed):
        yield Finding(
            True,
            _("The short answer holds signs that nobody sees and portals count: %(signs)s")
            % {"signs": ", ".join(sorted({f"U+{ord(sign):04X}" for sign in hidden})[:SHOWN])},
            text.number,
            code="invisible",
            about=_digest(hidden),
            mend=_("Type the words around them again, rather than pasting them."),
            address=text.address,
        )


def _personal(number: str, text: str, place: str) -> Iterator[Finding]:
    if found := [*_mails(text), *_PHONE.findall(text)]:
        yield Finding(
            False,
            _("This looks like personal data, and filings are published: %(found)s")
            % {"found": _shown(found)},
            number,
            code="personal-data",
            about=_digest(found),
            mend=_("Take it out, unless it belongs to an office and is meant to be public."),
            address=place,
        )


def _mails(text: str) -> Iterator[str]:
    """Mail addresses. Looked for at each @: from the front, a long line without one would keep the search busy."""
    for before, behind in pairwise(text.split("@")):
        local, domain = _BEFORE_AT.search(before[-64:]), _BEHIND_AT.match(behind)
        if local and domain:
            yield f"{local.group()}@{domain.group()}"


def _links(number: str, text: str, place: str) -> Iterator[Finding]:
    found = [each for each in _LINK.findall(text) if not leads_anywhere(each)]
    if found:
        yield Finding(
            False,
            _("Readers outside cannot open this address: %(found)s") % {"found": _shown(found)},
            number,
            code="private-link",
            about=_digest(found),
            mend=_("Put in the public address, or say in words what stands there."),
            address=place,
        )


def leads_anywhere(link: str) -> bool:
    """Whether an address has a name of the public internet: no bare host, no address of a house network."""
    try:
        host = (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        ending = host.rsplit(".", 1)[-1]
        return "." in host and ending not in {
            "local",
            "localhost",
            "internal",
            "lan",
            "home",
            "test",
            "invalid",
        }


def _shown(found: list[str]) -> str:
    """The first few, each once."""
    unique = list(dict.fromkeys(found))
    return ", ".join(unique[:SHOWN]) + (" …" if len(unique) > SHOWN else "")


def _digest(found: list[str]) -> str:
    """Of all that was found, and not only of what is shown: a decision holds for these and no others."""
    return hashlib.sha256("\n".join(dict.fromkeys(found)).encode()).hexdigest()


# The 24 official languages of the European Union (Regulation No 1 of 1958, article 1, as amended).
EU_LANGUAGES = frozenset(
    {"bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"}
    | {"hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"}
)
