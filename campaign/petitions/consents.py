"""What signers agree to, purpose by purpose, and the record of it (GDPR, Art. 7(1) and 9(2)(a)).

`Signature.consents` is a list of such records, oldest first: purpose, given (or taken back), version of the wording, language
it was shown in, time, and the SHA-256 of the words in that language. A record of what was taken back holds the same, so that the
whole history of a consent can be told. Rows from before the list have records without a digest: it was not kept then.
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
    "news": {"2026-11-1": _("Mail me news of the organization that runs this campaign.")},
}
CONSENT_VERSIONS = {
    "sign": "2026-11-1",
    "public_name": "2026-11-1",
    "updates": "2026-11-1",
    "news": "2026-11-1",
}
WORDINGS = {purpose: REGISTRY[purpose][version] for purpose, version in CONSENT_VERSIONS.items()}

# Which column follows the last record of a purpose. Taking back "sign" is withdrawing, not a box to untick.
COLUMNS = {"public_name": "name_is_public", "updates": "wants_updates", "news": "wants_news"}

Record = dict[str, Any]


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


def consent_record(*, purpose: str, given: bool, locale: str, at: datetime) -> Record:
    """One act of one person for one purpose. Raises KeyError for a purpose that has no wording."""
    version = CONSENT_VERSIONS[purpose]
    return {
        "purpose": purpose,
        "given": given,
        "version": version,
        "locale": locale,
        "at": at.isoformat(),
        "sha256": wording_digest(purpose, version, locale),
    }


def consents_given(purposes: Iterable[str], *, locale: str, at: datetime) -> list[Record]:
    """The records of everything ticked in one form."""
    return [consent_record(purpose=purpose, given=True, locale=locale, at=at) for purpose in purposes]


def wording(purpose: str, version: str, locale: str) -> str:
    """The words of one version in one language. Raises KeyError for a version that never was."""
    with translation.override(locale):
        return str(REGISTRY[purpose][version])


@lru_cache(maxsize=1_000)
def wording_digest(purpose: str, version: str, locale: str) -> str:
    """SHA-256 of those words, in hex."""
    return hashlib.sha256(wording(purpose, version, locale).encode()).hexdigest()


def is_given(records: list[Record], purpose: str) -> bool:
    """Whether the last record of a purpose gives it. Without any record nothing is given."""
    return next((bool(row["given"]) for row in reversed(records) if row["purpose"] == purpose), False)


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
            wording=wording(row["purpose"], row["version"], row["locale"]),
            is_exact=row.get("sha256") == wording_digest(row["purpose"], row["version"], row["locale"]),
        )
        for row in records
    ]
