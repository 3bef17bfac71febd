"""ZIP archives that are the same bytes for the same content: fixed order, fixed dates, nothing of the machine that wrote them."""

import io
import zipfile
import zlib

DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format knows
MAX_PARTS = 500
MAX_BYTES = 300_000_000  # of all parts together, unpacked


class ArchiveBroken(Exception):
    """Not an archive, a damaged one, or one that is larger inside than we unpack."""


def read_archive(content: bytes) -> dict[str, bytes]:
    """The parts of an archive in its order, by name. Raises ArchiveBroken."""
    parts: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS:
                raise ArchiveBroken
            for entry in entries:
                with archive.open(entry) as part:
                    parts[entry.filename] = part.read(left + 1)
                left -= len(parts[entry.filename])
                if left < 0:
                    raise ArchiveBroken
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise ArchiveBroken from None
    return parts


def write_archive(parts: dict[str, bytes]) -> bytes:
    """An archive of the parts in the order given. A part named "mimetype" is kept as it is (OpenDocument 1.3, part 2, 3.3)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return file.getvalue()
