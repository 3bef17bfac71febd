"""What is written that an authority's form refuses, or that should not be public."""

import hashlib
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.consultations.checks.answers import answer_address
from campaign.consultations.findings import Finding
from campaign.consultations.models import Answer, RequirementStatus, Submission, Topic
from campaign.consultations.queries import ordered_questions
from campaign.consultations.requirements import InForce, language_words
from campaign.consultations.workspace import NamedPart, named_parts

# Emoji and what makes them: pictographs, flags, joiners of pictures, keycaps.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a\u231b\u23e9-\u23ff\u25fd\u25fe\ufe0f\u20e3\U000e0020-\U000e007f]"
)
# Signs that take no room and change what is counted or how it reads: zero-width ones, soft hyphens, private use.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\ufff9-\ufffb\ue000-\uf8ff]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A number people call: at least eight digits, with a plus or separators that dates, years and sums do not have.
_PHONE = re.compile(
    r"(?<![\w./-])\+\d[\d ()/-]{7,}\d(?![\w-])|(?<![\w./-])0\d{1,4}[ /-]\d[\d /-]{5,}\d(?![\w-])"
)
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+")
SHOWN = 3


def wording_findings(submission: Submission, answers: list[Answer], in_force: InForce) -> Iterator[Finding]:
    """In reading order, the language of the whole first."""
    yield from _language(submission, in_force)
    for text in _texts(submission, answers):
        yield from _refused(text, in_force)
        yield from _personal(text.number, text.whole, text.place)
        yield from _links(text.number, text.whole, text.place)
    summary = reverse("submission_edit", args=[submission.pk])
    yield from _personal("", submission.summary, summary)
    yield from _links("", submission.summary, summary)


@dataclass(frozen=True)
class _Text:
    """What stands under one question: a common answer, or an organization's own part, with the page where it is written."""

    number: str
    full: str
    short: str
    place: str

    @property
    def whole(self) -> str:
        return f"{self.full}\n{self.short}"


def _texts(submission: Submission, answers: list[Answer]) -> Iterator[_Text]:
    """The common answers in their order, each with its own parts; then the parts of questions without a common answer."""
    parts = named_parts(submission=submission)
    for answer in answers:
        number = answer.question.number
        yield _Text(number, answer.text, answer.short_text, answer_address(submission, answer.question))
        yield from _own(submission, number, parts.pop(answer.question_id, []))
    numbers = {row.pk: row.number for row in ordered_questions(consultation=submission.consultation)}
    for pk, number in numbers.items():
        yield from _own(submission, number, parts.get(pk, []))


def _own(submission: Submission, number: str, parts: list[NamedPart]) -> Iterator[_Text]:
    place = reverse("own_parts", args=[submission.pk, number])
    for named in parts:
        yield _Text(number, named.part.text, named.part.short_text, place)


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


def _refused(text: _Text, in_force: InForce) -> Iterator[Finding]:
    for row in in_force.rows(Topic.CHARACTERS):
        found = _EMOJI.findall(text.short) if "emoji" in (row.value or []) else []
        if found:
            yield Finding(
                True,
                _("The portal refuses emoji: %(signs)s") % {"signs": _shown(found)},
                text.number,
                code="emoji",
                about=_digest(found),
                may_override=row.status != RequirementStatus.VERIFIED,
                mend=_("Take these signs out of the short answer."),
                address=text.place,
            )
    if hidden := _INVISIBLE.findall(text.short):
        yield Finding(
            True,
            _("The short answer holds signs that nobody sees and portals count: %(signs)s")
            % {"signs": ", ".join(sorted({f"U+{ord(sign):04X}" for sign in hidden})[:SHOWN])},
            text.number,
            code="invisible",
            about=_digest(hidden),
            mend=_("Type the words around them again, rather than pasting them."),
            address=text.place,
        )


def _personal(number: str, text: str, place: str) -> Iterator[Finding]:
    if found := [*_MAIL.findall(text), *_PHONE.findall(text)]:
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
