"""Sources of a campaign, and the copies kept of them."""

import base64
import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.consultations.models import Source, SourceCopy
from campaign.core.cleaning import clean_line
from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText

MAX_COPY_BYTES = 20_000_000


class SourceKeyTaken(DomainError):
    message = _("Another source of this campaign has this mark. Choose another mark.")


class SourceChangedMeanwhile(DomainError):
    message = _(
        "Somebody else changed this source meanwhile. What you typed is still in the form. Saving again replaces theirs."
    )


class CopyTooLarge(DomainError):
    message = _("This file is larger than 20 MB. Save the pages that matter, then choose it again.")


class CopyIsEmpty(DomainError):
    message = _("This file is empty. Choose it again.")


@dataclass(frozen=True)
class SourceData:
    """What the form says of a source."""

    key: str
    title: str
    author: str = ""
    published_on: str = ""
    url: str = ""
    quote: str = ""
    seen_on: date | None = None


@dataclass(frozen=True)
class CopyData:
    """A file to keep."""

    name: str
    content: bytes


@transaction.atomic
def add_source(
    *, campaign: Campaign, data: SourceData, copy: CopyData | None, by: User, at: datetime
) -> Source:
    """Raises SourceKeyTaken, CopyTooLarge, CopyIsEmpty."""
    try:
        with transaction.atomic():
            source = Source.objects.create(campaign=campaign, changed_at=at, changed_by=by, **asdict(data))
    except IntegrityError:
        raise SourceKeyTaken from None
    if copy:
        _keep_copy(source, copy, by, at)
    return source


@transaction.atomic
def edit_source(
    *, source: Source, data: SourceData, copy: CopyData | None, version: int, by: User, at: datetime
) -> None:
    """Change a source from `version`; a new copy takes the place of the one before, which stays as an earlier one where a frozen
    text names it. The mark stays: answers cite it.

    Raises SourceChangedMeanwhile, CopyTooLarge, CopyIsEmpty.
    """
    values = asdict(data) | {"key": source.key}
    rows = Source.objects.filter(pk=source.pk, version=version)
    if not rows.update(version=version + 1, changed_at=at, changed_by=by, **values):
        raise SourceChangedMeanwhile
    if copy:
        _keep_copy(source, copy, by, at)


def copy_bytes(copy: SourceCopy) -> bytes:
    """The file as it was uploaded."""
    return base64.b64decode(copy.content or "")


def _keep_copy(source: Source, copy: CopyData, by: User, at: datetime) -> None:
    if not copy.content:
        raise CopyIsEmpty
    if len(copy.content) > MAX_COPY_BYTES:
        raise CopyTooLarge
    _put_away(source)
    SourceCopy.objects.create(
        source=source,
        name=_file_name(copy.name),
        content=base64.b64encode(copy.content).decode(),
        byte_size=len(copy.content),
        digest=hashlib.sha256(copy.content).hexdigest(),
        uploaded_at=at,
        uploaded_by=by,
    )


def _put_away(source: Source) -> None:
    """Take its copy away, or keep it as an earlier one: whoever checks a frozen text must find the file it names.

    The source's row is locked by now, and a freeze locks it too.
    """
    current = SourceCopy.objects.filter(source=source)
    for digest in current.values_list("digest", flat=True):
        if FrozenText.objects.filter(kind="consultations.submission", payload__contains=digest).exists():
            current.update(source=None, earlier_of=source)
    current.delete()


def _file_name(name: str) -> str:
    """The last part of a path, its ending kept when it is too long."""
    line = clean_line(name.replace("\\", "/").rpartition("/")[2]) or "copy"
    stem, dot, ending = line.rpartition(".")
    if len(line) <= 120 or not dot:
        return line[:120]
    return f"{stem[: 119 - len(ending[:10])]}.{ending[:10]}"
