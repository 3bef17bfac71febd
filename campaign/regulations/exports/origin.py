"""Where a text comes from: what a file says about itself besides the text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaign.core.cleaning import clean_text
from campaign.documents.models import FrozenText

# Not allowed in XML, and no characters at all.
NONCHARACTERS = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`date` is the day the text was fixed, `digest` that of its frozen text, `address` the page it stands on.

    `first_date` is the day the first edition of the same work was fixed; where it is not given, this one counts as the first.
    """

    date: dt.date
    digest: str = ""
    address: str = ""
    first_date: dt.date | None = None

    @property
    def work_date(self) -> dt.date:
        """The day from which the work exists, whatever its edition."""
        return self.first_date or self.date


def origin_of(frozen_text: FrozenText, *, address: str = "", first_date: dt.date | None = None) -> Origin:
    """The origin of a file that is made from a frozen text."""
    return Origin(
        date=frozen_text.frozen_at.date(), digest=frozen_text.digest, address=address, first_date=first_date
    )


def file_text(text: str) -> str:
    """Text as it may stand in any file: cleaned, and without what XML refuses."""
    return clean_text(text).translate(NONCHARACTERS)
