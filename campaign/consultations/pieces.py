"""Live pieces of full answers: `[[signatures]]`, `[[provision:key]]` and others, filled in from what they name.

What is filled in is escaped: no organization's name and no provision becomes markup in an answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from campaign.consultations.deadlines import wall_time_at
from campaign.consultations.models import Submission
from campaign.organizations.queries import endorser_record
from campaign.petitions.queries import CountryShare, signature_totals_by_country
from campaign.regulations.comparing import change_sentences, changes_between
from campaign.regulations.models import Edition
from campaign.regulations.numbered import NumberedText
from campaign.regulations.rendering import ProvisionRow, provision_rows

_MARK = re.compile(r"\[\[([^\[\]\n]{1,120})\]\]")
_LOOSE = re.compile(r"\[\[[^\n]{0,30}")
_ALONE = re.compile(r"[ ]{0,3}\[\[[^\[\]\n]+\]\][ \t]*")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&!])")
_LEADING = re.compile(r"^([^\S\n]*)([-+=:])", re.MULTILINE)
_NUMBERED = re.compile(r"^([^\S\n]*\d+)([.)])", re.MULTILINE)


class PieceMissing(Exception):
    """What a piece names is not there: one sentence that says what to do."""


@dataclass(frozen=True)
class Piece:
    """What can be pulled in: its mark, what it gives, and whether it takes a line of its own."""

    mark: str
    label: str | Promise
    takes_line: bool = True


@dataclass(frozen=True)
class PieceProblem:
    """A mark in a text that cannot be filled in, and why."""

    mark: str
    message: str


SIMPLE = (
    Piece("signatures", gettext_lazy("Number of signatures, with its day"), takes_line=False),
    Piece("signatures by country", gettext_lazy("Signatures by country, as a table")),
    Piece("endorsers", gettext_lazy("Organizations behind the petition or the annex")),
    Piece("changes", gettext_lazy("What changed from the edition before")),
)


@dataclass
class Pieces:
    """What a submission can pull in, as it is at `at`, in the submission's language. Reads what is asked for, once."""

    submission: Submission
    at: datetime
    _drawn: dict[str, str] = field(default_factory=dict)

    @cached_property
    def provisions(self) -> list[ProvisionRow]:
        """Those of the annex, in reading order."""
        annex = self.submission.annex
        text = annex.frozen_text if annex else None
        return provision_rows(text.data) if text else []

    @cached_property
    def shares(self) -> list[CountryShare]:
        petition = self.submission.petition
        if petition is None or petition.frozen_text is None:
            raise PieceMissing(
                gettext_lazy(
                    "No petition is chosen. Choose one under “Summary and annexes”, or take this out."
                )
            )
        return signature_totals_by_country(petition=petition)

    def draw(self, mark: str) -> str:
        """Markdown for one mark. Raises PieceMissing."""
        if mark not in self._drawn:
            with translation.override(self.submission.locale):
                self._drawn[mark] = self._draw(mark)
        return self._drawn[mark]

    def _draw(self, mark: str) -> str:
        writers: dict[str, Callable[[], str]] = {
            "signatures": self._signatures,
            "signatures by country": self._by_country,
            "endorsers": self._endorsers,
            "changes": self._changes,
        }
        if mark in writers:
            return writers[mark]()
        if mark.startswith("provision:"):
            return self._provision(mark.removeprefix("provision:").strip())
        raise PieceMissing(
            gettext_lazy("Nothing can be pulled in under this name. Look at the list beside the answer.")
        )

    def _day(self) -> str:
        zone = self.submission.consultation.time_zone
        return str(date_format(wall_time_at(self.at, zone), "DATE_FORMAT"))

    def _signatures(self) -> str:
        total = sum(share.total for share in self.shares)
        words = {"total": number_format(total, use_l10n=True, force_grouping=True), "date": self._day()}
        return ngettext("%(total)s signature on %(date)s", "%(total)s signatures on %(date)s", total) % words

    def _by_country(self) -> str:
        if not self.shares:
            raise PieceMissing(gettext_lazy("The petition has no signatures yet. Take this out, or wait."))
        rows = [
            f"| {escaped(str(countries.name(share.code)) if share.code else _('Other countries'))} | "
            f"{number_format(share.total, use_l10n=True, force_grouping=True)} |"
            for share in self.shares
        ]
        head = [f"| {_('Country')} | {_('Signatures')} |", "| --- | ---: |"]
        return "\n".join([*head, *rows])

    def _endorsers(self) -> str:
        texts = [
            each.frozen_text
            for each in (self.submission.petition, self.submission.annex)
            if each is not None and each.frozen_text is not None
        ]
        if not texts:
            raise PieceMissing(
                gettext_lazy(
                    "No petition and no annex is chosen. Choose one under “Summary and annexes”, or take this out."
                )
            )
        named: dict[tuple[str, str], None] = {}
        for text in texts:
            record = endorser_record(frozen_text=text, until=self.at, locale=self.submission.locale)
            named |= dict.fromkeys((row["name"], row["country"]) for row in record["endorsements"])
        if not named:
            raise PieceMissing(gettext_lazy("No organization stands behind it yet. Take this out, or wait."))
        return "\n".join(
            f"- {escaped(name)} ({escaped(str(countries.name(country)))})"
            if country
            else f"- {escaped(name)}"
            for name, country in named
        )

    def _provision(self, key: str) -> str:
        if not self.provisions:
            raise PieceMissing(
                gettext_lazy("No annex is chosen. Choose one under “Summary and annexes”, or take this out.")
            )
        place = next((index for index, row in enumerate(self.provisions) if row.key == key), None)
        if place is None:
            raise PieceMissing(
                gettext_lazy(
                    "The annex has no provision with this key. Choose one from the list beside the answer."
                )
            )
        first = self.provisions[place]
        unit = [first]
        for row in self.provisions[place + 1 :]:
            if row.depth <= first.depth:
                break
            unit.append(row)
        blocks = [_block(row, is_first=row is first) for row in unit]
        return "\n>\n".join("\n".join(f"> {line}" for line in block.split("\n")) for block in blocks if block)

    def _changes(self) -> str:
        annex = self.submission.annex
        earlier = earlier_edition(annex) if annex else None
        if annex is None or annex.frozen_text is None or earlier is None or earlier.frozen_text is None:
            raise PieceMissing(
                gettext_lazy("The annex has no earlier edition to compare it with. Take this out.")
            )
        old, new = (NumberedText.of_payload(each.data) for each in (earlier.frozen_text, annex.frozen_text))
        sentences = change_sentences(changes_between(old, new))
        if not sentences:
            raise PieceMissing(gettext_lazy("Nothing changed from the edition before. Take this out."))
        return "\n".join(f"- {escaped(' '.join(sentence.split()))}" for sentence in sentences)


def earlier_edition(edition: Edition) -> Edition | None:
    """The edition of the same instrument that was published last before this one."""
    if edition.published_at is None:
        return None
    rows = Edition.objects.published().filter(
        template=edition.template_id, published_at__lt=edition.published_at
    )
    return rows.select_related("frozen_text").order_by("-published_at", "-pk").first()


def filled_in(text: str, pieces: Pieces) -> tuple[str, list[PieceProblem]]:
    """The Markdown with every piece in its place, and what could not be filled in: that stays as it was written."""
    problems: list[PieceProblem] = []

    def line_of(line: str) -> str:
        is_alone = _ALONE.fullmatch(line) is not None

        def one(match: re.Match[str]) -> str:
            mark = " ".join(match.group(1).split())
            try:
                drawn = pieces.draw(mark)
            except PieceMissing as error:
                problems.append(PieceProblem(match.group(), str(error)))
                return match.group()
            if _takes_line(mark) and not is_alone:
                problems.append(PieceProblem(match.group(), _("Give it a line of its own.")))
                return match.group()
            return f"\n{drawn}\n" if _takes_line(mark) else drawn

        return _MARK.sub(one, line)

    if "[[" not in text:
        return text, problems
    done = "\n".join(line_of(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", done).strip("\n"), problems


def known_marks_in(text: str) -> list[str]:
    """Marks in a text that would be filled in elsewhere: in a short answer they would stand as they are."""
    simple = {piece.mark for piece in SIMPLE}
    return [
        match.group()
        for match in _MARK.finditer(text)
        if (mark := " ".join(match.group(1).split())) in simple or mark.startswith("provision:")
    ]


def loose_marks_in(text: str) -> list[str]:
    """Two opening brackets that begin no mark: nothing would be filled in, and they would stay. Each with what follows it."""
    rest = _MARK.sub(" ", text)
    return list(dict.fromkeys(match.group().strip() for match in _LOOSE.finditer(rest)))


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    plain = _SPECIAL.sub(r"\\\1", text)
    return _NUMBERED.sub(r"\1\\\2", _LEADING.sub(r"\1\\\2", plain))


def pieces_at(submission: Submission) -> Pieces:
    """As they are now."""
    return Pieces(submission, timezone.now())


def _takes_line(mark: str) -> bool:
    return mark != "signatures"


def _block(row: ProvisionRow, *, is_first: bool) -> str:
    """One unit of a quoted provision; the first by its full name."""
    name = " ".join(part for part in (row.citation if is_first else row.number, row.heading) if part)
    body = "\n".join(escaped(line.strip()) for line in row.text.split("\n"))
    if is_first or row.heading:
        return "\n\n".join(part for part in (f"**{escaped(name)}**" if name else "", body) if part)
    return f"{escaped(name)} {body}" if name else body
