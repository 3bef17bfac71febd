"""What signers agree to, purpose by purpose, and the record of it (GDPR, Art. 7(1)).

`Signature.consents` is a list of such records, oldest first: purpose, given (or taken back), version of the wording, language
it was shown in, time.
"""

from collections.abc import Iterable
from datetime import datetime

# Raise a version when the words of its consent change: records keep the version that was shown.
CONSENT_VERSIONS = {"sign": "2026-11-1", "public_name": "2026-11-1", "updates": "2026-11-1"}


def consent_record(*, purpose: str, given: bool, locale: str, at: datetime) -> dict[str, object]:
    """One act of one person for one purpose. Raises KeyError for a purpose that has no wording."""
    return {
        "purpose": purpose,
        "given": given,
        "version": CONSENT_VERSIONS[purpose],
        "locale": locale,
        "at": at.isoformat(),
    }


def consents_given(purposes: Iterable[str], *, locale: str, at: datetime) -> list[dict[str, object]]:
    """The records of everything ticked in one form."""
    return [consent_record(purpose=purpose, given=True, locale=locale, at=at) for purpose in purposes]
