"""What signers agree to, purpose by purpose, and the record of it (GDPR, Art. 7(1) and 9(2)(a)).

`Signature.consents` is a list of such records, oldest first: purpose, given (or taken back), version of the wording, language
it was shown in, time, and the SHA-256 of the words in that language. A record of what was taken back holds the same, so that the
whole history of a consent can be told. Rows from before the list have records without a digest: it was not kept then.

News is a consent of its own for each organization: its records also hold the organization's id and its name as it was shown, and
the digest is of the words with that name. Records of the first version hold neither: they are about the campaign's owner.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

# Every wording that was ever shown, by purpose and version. To change words: add a version below and name it in
# CONSENT_VERSIONS. Nothing is ever taken out: old records are printed with the words that were agreed to.
REGISTRY = {
    "sign": {"2026-11-1": _("I sign this petition, and my name and country may be handed to its addressee.")},
    "public_name": {"2026-11-1": _("Show my name and country among the signers.")},
    "updates": {"2026-11-1": _("Mail me when something happens with this petition.")},
    "news": {
        "2026-11-1": _("Mail me news of the organization that runs this campaign."),
        "2026-11-2": _("Mail me news of %(organization)s."),
    },
}
CONSENT_VERSIONS = {
    "sign": "2026-11-1",
    "public_name": "2026-11-1",
    "updates": "2026-11-1",
    "news": "2026-11-2",
}
WORDINGS = {purpose: REGISTRY[purpose][version] for purpose, version in CONSENT_VERSIONS.items()}

NEWS = "news"
TAG_SIGNS = 12

# Which column follows the last record of a purpose. Taking back "sign" is withdrawing, not a box to untick; news has rows of
# its own, one for each organization (models.Supporter).
COLUMNS = {"public_name": "name_is_public", "updates": "wants_updates"}

Record = dict[str, Any]


@dataclass(frozen=True)
class Asking:
    """An organization that asks for consent to its news, under the name that is shown."""

    id: str
    name: str

    def tag(self, locale: str) -> str:
        """Stands in a form beside the id: by it we know that these very words were shown, in this language."""
        shown = f"{locale} {wording_digest(NEWS, CONSENT_VERSIONS[NEWS], locale, self.name)}"
        return hashlib.sha256(shown.encode()).hexdigest()[:TAG_SIGNS]

    def box(self, locale: str) -> str:
        """What a form sends back when its box is ticked."""
        return f"{self.id}:{self.tag(locale)}"


@dataclass(frozen=True)
class ReadableConsent:
    """A record with the words it is about. `is_exact`: they are, to the letter, those that were shown."""

    purpose: str
    given: bool
    at: datetime
    version: str
    locale: str
    wording: str
    is_exact: bool
    organization: str = ""  # of news: the name that was shown


def consent_record(
    *, purpose: str, given: bool, locale: str, at: datetime, organization: Asking | None = None
) -> Record:
    """One act of one person for one purpose; for news, of one organization.

    Raises KeyError for a purpose that has no wording, ValueError for news of nobody.
    """
    if (purpose == NEWS) is (organization is None):
        raise ValueError("news is of an organization, and nothing else is")
    version = CONSENT_VERSIONS[purpose]
    name = organization.name if organization else ""
    record = {
        "purpose": purpose,
        "given": given,
        "version": version,
        "locale": locale,
        "at": at.isoformat(),
        "sha256": wording_digest(purpose, version, locale, name),
    }
    if organization is not None:
        record |= {"organization": organization.id, "organization_name": name}
    return record


def consents_given(
    purposes: Iterable[str], *, locale: str, at: datetime, organizations: Iterable[Asking] = ()
) -> list[Record]:
    """The records of everything ticked in one form: `organizations` are those whose news was."""
    return [
        *(consent_record(purpose=purpose, given=True, locale=locale, at=at) for purpose in purposes),
        *(
            consent_record(purpose=NEWS, given=True, locale=locale, at=at, organization=organization)
            for organization in organizations
        ),
    ]


def wording(purpose: str, version: str, locale: str, organization: str = "") -> str:
    """The words of one version in one language. Raises KeyError for a version that never was."""
    with translation.override(locale):
        words = str(REGISTRY[purpose][version])
    return words % {"organization": organization} if "%(organization)s" in words else words


@lru_cache(maxsize=1_000)
def wording_digest(purpose: str, version: str, locale: str, organization: str = "") -> str:
    """SHA-256 of those words, in hex."""
    return hashlib.sha256(wording(purpose, version, locale, organization).encode()).hexdigest()


def is_given(records: list[Record], purpose: str) -> bool:
    """Whether the last record of a purpose gives it. Without any record nothing is given."""
    return next((bool(row["given"]) for row in reversed(records) if row["purpose"] == purpose), False)


def last_news_record(records: list[Record], *, organization_id: str, owner_id: str) -> Record | None:
    """The last record about the news of one organization of a campaign; None when there never was one.

    `owner_id`: of the campaign, whom records without an organization are about.
    """
    theirs = (
        row
        for row in reversed(records)
        if row["purpose"] == NEWS and row.get("organization", owner_id) == organization_id
    )
    return next(theirs, None)


def news_named(records: list[Record]) -> list[Asking]:
    """The organizations whose news the records give, as they stand last, in the order in which they were ticked."""
    last = {row["organization"]: row for row in records if row["purpose"] == NEWS and "organization" in row}
    return [Asking(row["organization"], row["organization_name"]) for row in last.values() if row["given"]]


def columns_of(purposes: Iterable[str]) -> Mapping[str, bool]:
    """The model's columns for what was ticked in one form: {"name_is_public": False, …}."""
    ticked = set(purposes)
    return {column: purpose in ticked for purpose, column in COLUMNS.items()}


def readable_consents(records: list[Record]) -> list[ReadableConsent]:
    """The whole history with its words, oldest first."""
    return [
        ReadableConsent(
            purpose=row["purpose"],
            given=bool(row["given"]),
            at=datetime.fromisoformat(row["at"]),
            version=row["version"],
            locale=row["locale"],
            wording=wording(*_shown(row)),
            is_exact=row.get("sha256") == wording_digest(*_shown(row)),
            organization=row.get("organization_name", ""),
        )
        for row in records
    ]


def _shown(row: Record) -> tuple[str, str, str, str]:
    return row["purpose"], row["version"], row["locale"], row.get("organization_name", "")
