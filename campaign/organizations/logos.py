"""Logos: what is taken, and how it is drawn anew. Nothing of an uploaded file is kept but its picture."""

import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from campaign.core.errors import DomainError

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 4_000_000
MAX_SIDE = 6_000  # pixels
MAX_PIXELS = 24_000_000  # what is opened at once: about 100 MB of memory
LARGE = (1_200, 1_200)
SMALL = (400, 200)  # beside a name, and in print


class LogoRefused(DomainError):
    """The message says what to save instead."""


VECTOR = _(
    "This is a drawing (SVG). Open it in the program it was made with and export it as PNG, about 1,200 pixels wide, with a "
    "transparent background."
)
UNKNOWN = _(
    "This file is not a PNG, JPEG or WebP picture, or it is damaged. Save the logo as PNG and try again."
)
TOO_HEAVY = _(
    "This file is larger than 4 MB. Save the logo smaller: 1,200 pixels on its longer side are enough."
)
TOO_WIDE = _(
    "This picture has too many pixels: more than 6,000 on a side, or 24 million in all. 1,200 on its longer side are enough."
)
MOVES = _("This picture moves. Save one still picture of it as PNG.")


@dataclass(frozen=True)
class DrawnLogo:
    """Two PNG files: `large` at most LARGE, `small` at most SMALL, both without metadata."""

    large: bytes
    small: bytes


def draw_logo(file: IO[bytes]) -> DrawnLogo:
    """An uploaded picture, drawn anew. Raises LogoRefused."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise LogoRefused(TOO_HEAVY)
    if b"<svg" in content[:2_000].lower():
        raise LogoRefused(VECTOR)
    picture = _opened(content)
    return DrawnLogo(large=_drawn(picture, LARGE), small=_drawn(picture, SMALL))


def _opened(content: bytes) -> Image.Image:
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if max(picture.size) > MAX_SIDE or picture.width * picture.height > MAX_PIXELS:
            raise LogoRefused(TOO_WIDE)
        if getattr(picture, "n_frames", 1) > 1:
            raise LogoRefused(MOVES)
        picture.load()
        return _plain(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError):
        # Each decoder has errors of its own for damaged files.
        raise LogoRefused(UNKNOWN) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise LogoRefused(TOO_WIDE) from None


def _plain(picture: Image.Image) -> Image.Image:
    """Red, green, blue, and transparency where there is any."""
    if picture.mode.startswith("I"):  # sixteen bits of gray, which Pillow would cut off instead of scaling
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    return picture


def _drawn(picture: Image.Image, size: tuple[int, int]) -> bytes:
    # A new picture: it has the pixels and nothing of what the file said beside them.
    copy = Image.new(picture.mode, picture.size)
    copy.paste(picture)
    copy.thumbnail(size, Image.Resampling.LANCZOS)
    out = BytesIO()
    copy.save(out, "PNG", optimize=True)
    return out.getvalue()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def logo_name(digest: str) -> str:
    """Where the logo with that SHA-256 lies in the store."""
    return f"logos/{digest}.png"


def digest_in(name: str) -> str:
    """The digest that a stored logo's name holds; "" for no logo."""
    return name.removeprefix("logos/").removesuffix(".png")


def keep_logo(content: bytes) -> str:
    """Put a drawn logo into the store under a name from its digest. Returns the name; the same picture is stored once."""
    name = logo_name(digest_of(content))
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name


def stored_logo(digest: str) -> bytes | None:
    """A logo by its digest; None when it is not there any more, or is not what the digest says."""
    try:
        with default_storage.open(logo_name(digest), "rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content if digest_of(content) == digest else None


def forget_logo(name: str) -> None:
    """Take a logo out of the store. Twice is once."""
    default_storage.delete(name)


def data_address(content: bytes) -> str:
    """A PNG as part of a document."""
    return "data:image/png;base64," + base64.b64encode(content).decode()
