"""Files that people bring: what they are by their first bytes and their name, and where they are kept."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from campaign.core.cleaning import clean_line
from campaign.core.errors import DomainError

MAX_BYTES = 20_000_000
MOST_PARTS = 10_000  # of an archive whose list is looked at
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
    "csv": "text/csv",
    "zip": "application/zip",
}
# A part that an archive of that kind has.
INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
ODT = MEDIA_TYPES["odt"].encode()
UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


class FileIsRefused(DomainError):
    pass


@dataclass(frozen=True)
class Brought:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_file(*, name: str, content: bytes) -> Brought:
    """A file of a kind that is kept here, by its ending and its bytes. Raises FileIsRefused."""
    if len(content) > MAX_BYTES:
        raise FileIsRefused(_("The file is larger than 20 MB. Choose a smaller one."))
    if not content:
        raise FileIsRefused(_("The file is empty. Choose another one."))
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending not in MEDIA_TYPES:
        raise FileIsRefused(
            _("Files of this kind are not kept here. Choose a PDF, DOCX, XLSX, ODT, TXT, CSV or ZIP file.")
        )
    if not _is(ending, content):
        raise FileIsRefused(
            _("What is in the file is not what its name says. Save it anew in the program it comes from.")
        )
    return Brought(_safe_name(name, ending), MEDIA_TYPES[ending], content)


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters."""
    return PurePath(name).suffix.lower().lstrip(".")


def _is(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content[:1024].find(b"%PDF-") >= 0
    if ending in {"txt", "csv"}:
        return _is_text(content)
    return _is_archive(ending, content)


def _is_text(content: bytes) -> bool:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        return "\x00" not in content.decode(encoding)
    except UnicodeDecodeError:
        return b"\x00" not in content and not content.startswith((b"%PDF-", b"PK\x03\x04"))


def _is_archive(ending: str, content: bytes) -> bool:
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                return False
            if ending == "odt":
                # The rules of the format want this part first and not packed.
                with archive.open("mimetype") as part:
                    return part.read(len(ODT) + 1).strip() == ODT
            return ending == "zip" or INSIDE[ending] in names
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        return False


def _safe_name(name: str, ending: str) -> str:
    stem = clean_line(UNSAFE.sub(" ", PurePath(name).stem)).strip(". ")[:120] or "file"
    return f"{stem}.{ending}"


# --- Keeping ----------------------------------------------------------------------
def kept_name(digest: str) -> str:
    """Where the file with that SHA-256 lies in the store."""
    return f"consultations/{digest[:2]}/{digest}"


def keep(content: bytes) -> str:
    """Put a file into the store. Returns its SHA-256; the same file is kept once, and mended where it was damaged."""
    digest = hashlib.sha256(content).hexdigest()
    if kept(digest) is None:
        forget(digest)
        default_storage.save(kept_name(digest), ContentFile(content))
    return digest


def kept(digest: str) -> bytes | None:
    """A file by its digest; None when it is not there any more, or is not what the digest says."""
    try:
        with default_storage.open(kept_name(digest), "rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def forget(digest: str) -> None:
    """Take a file out of the store. Twice is once."""
    default_storage.delete(kept_name(digest))
