"""What a check found: where, how bad, and how to mend it."""

import hashlib
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Finding:
    """One thing a check found. An error stops; a warning asks to be read.

    `question_number` is "" when it is about everything. `code` and `about` tell one finding from another in every language: a
    decision on one holds as long as both stay. `may_override`: an error that rests on a source nobody verified; the lead may
    go on with a reason. `mend` says how to mend it, `address` is the path of the page where.
    """

    is_error: bool
    message: str | Promise
    question_number: str = ""
    code: str = ""
    about: str = ""
    may_override: bool = False
    mend: str | Promise = ""
    address: str = ""

    @property
    def key(self) -> str:
        """The same for the same thing found again: 16 hexadecimal digits."""
        parts = (self.code or str(self.message), self.question_number, self.about)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def is_warning(self) -> bool:
        return not self.is_error


def by_weight(findings: list[Finding]) -> list[Finding]:
    """Errors that stop first, then those a reason may override, then warnings; each in reading order."""
    return sorted(
        findings, key=lambda finding: (not finding.is_error, finding.is_error and finding.may_override)
    )
