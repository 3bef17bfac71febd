"""HTML in, PDF out: the program that runs alone in a child process.

It is started by path, never imported by the site, and imports nothing of Django or of this project. It reads one job (JSON) from
standard input and answers on standard output with one line of JSON, followed by the PDF when there is one:

    {"ok": true, "pages": 12, "versions": {…}, "system_fonts": {…}}
    {"ok": false, "error": "glyphs", "detail": "U+AC00"}

What people wrote reaches it only as cleaned HTML. Should anything hostile get through, it still finds no file to read, no
address to reach, and limits on time, memory and output: first the process limits its own resources, then it loads our
fonts, then it gives up files and connections, and only then does it look at the document.
"""

import base64
import ctypes
import hashlib
import json
import logging
import mimetypes
import os
import resource
import runpy
import signal
import sys
import urllib.parse
import warnings
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FONT_SCHEME = "reclaim:"
MAX_PDF_BYTES = 200_000_000
MAX_DATA_URL = 2_000_000


class Fault(Exception):
    """The document cannot be rendered as it is. `code` is a value of `reasons.Reason`; `detail` is safe to show."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Refused(BaseException):
    """The document tried to leave its process. No base of Exception: libraries that swallow those must not swallow it."""


# --- Limits -------------------------------------------------------------------


def limit_resources(*, seconds: int, megabytes: int) -> None:
    """Bound time and memory, leave no core file, and end with the worker that started us."""
    for what, soft, hard in (
        (resource.RLIMIT_CPU, seconds, seconds + 2),
        (resource.RLIMIT_AS, megabytes << 20, megabytes << 20),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(
            ValueError, OSError
        ):  # a limit this system does not know, or a lower one already in force
            resource.setrlimit(what, (soft, hard))
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def give_up_files_and_connections() -> None:
    """From here on the process writes no file, reads only Python's own modules, and opens no connection.

    Pango and Fontconfig read the system's fonts in C, beyond this hook; a document can name a font, but no path.
    """
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    modules = tuple(f"{os.path.realpath(path)}{os.sep}" for path in sys.path if path)
    outside = (
        "socket.",
        "subprocess.",
        "os.system",
        "os.exec",
        "os.fork",
        "os.posix_spawn",
        "urllib.",
        "ftplib.",
        "http.",
    )

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, int):
                return
            writes = isinstance(mode, str) and bool(set(mode) & set("wax+"))
            writes = writes or (
                isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            )
            if writes or not os.path.realpath(os.fsdecode(path)).startswith(modules):
                raise Refused("file")
        elif event.startswith(outside):
            raise Refused(event)

    sys.addaudithook(watch)


# --- What a document may fetch --------------------------------------------------


def locked_fetcher(fonts: dict[str, bytes], refused: list[str]) -> Any:
    """Only our own fonts by name, and pictures that are part of the document (data: addresses).

    What else is asked for is noted in `refused`: some callers swallow even fatal errors.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class LockedFetcher(URLFetcher):
        def __init__(self) -> None:
            # The base class sets up handlers for http, ftp and files here; we want none of them.
            self._fail_on_errors = False

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(FONT_SCHEME) and url.removeprefix(FONT_SCHEME) in fonts:
                return URLFetcherResponse(
                    url, fonts[url.removeprefix(FONT_SCHEME)], {"Content-Type": "font/ttf"}
                )
            if url.startswith("data:image/") and len(url) <= MAX_DATA_URL:
                kind, _comma, body = url.removeprefix("data:").partition(",")
                raw = urllib.parse.unquote_to_bytes(body)
                if kind.endswith(";base64"):
                    raw = base64.b64decode(raw)
                return URLFetcherResponse(url, raw, {"Content-Type": kind.partition(";")[0]})
            refused.append(url)
            raise FatalURLFetchingError("refused")

        def open(self, url: Any, data: Any = None, timeout: Any = None) -> Any:
            return self.fetch(str(getattr(url, "full_url", url)))

    return LockedFetcher()


# --- What the renderer complains about ------------------------------------------


class Complaints(logging.Handler):
    """Keeps WeasyPrint's warnings that mean: this is not the document that was asked for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.missing_glyphs: set[int] = set()
        self.faults: list[Fault] = []
        self.refused: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = str(record.msg)
        if text.startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.missing_glyphs.add(int(record.args[-1]))  # type: ignore[call-overload]
        elif text.startswith(("Missing required", 'Image "')):
            self.faults.append(Fault("inaccessible"))
        elif text.startswith(("No anchor", "Relative URI")):
            return  # a dead link in what somebody wrote: it is drawn as text
        elif text.startswith(("Failed to load image", "Failed to render SVG", "Failed to load inline SVG")):
            self.faults.append(Fault("picture"))
        elif record.levelno >= logging.ERROR or text.startswith("Font-face"):
            self.faults.append(Fault("internal", text[:80]))

    def raise_first(self) -> None:
        if self.refused:
            raise Fault("outside")
        if self.missing_glyphs:
            points = [f"U+{point:04X}" for point in sorted(self.missing_glyphs)]
            raise Fault("glyphs", ", ".join(points[:8]) + (" …" if len(points) > 8 else ""))
        if self.faults:
            raise self.faults[0]


def refuse_what_not_everybody_could_read(html: Any) -> None:
    """Title, language, and words for every picture: PDF/UA needs them, and WeasyPrint would leave some out in silence."""
    root = html.etree_element
    title = root.find("./head/title")
    if title is None or not (title.text or "").strip() or not root.get("lang", "").strip():
        raise Fault("inaccessible")
    svg = "{http://www.w3.org/2000/svg}"
    for picture in root.iter(f"{svg}svg"):
        words = picture.find(f"{svg}title")
        if words is None or not (words.text or "").strip():
            raise Fault("inaccessible")


# --- Rendering ------------------------------------------------------------------


def render(job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Render one job. Raises Fault for what the document's author can mend."""
    warnings.simplefilter("ignore")
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    finisher = runpy.run_path(str(HERE / "pdf_finisher.py"))
    finisher["keep_words_beside_glyphs"]()
    complaints = Complaints()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(complaints)
    logger.propagate = False

    fonts = {path.name: path.read_bytes() for path in sorted((HERE / "fonts").glob("*.ttf"))}
    fetcher = locked_fetcher(fonts, complaints.refused)
    font_config = FontConfiguration()
    look = CSS(
        string=(HERE / "pdf" / "base.css").read_text("utf-8"), url_fetcher=fetcher, font_config=font_config
    )
    complaints.raise_first()
    name_media_types(job)
    give_up_files_and_connections()

    html = HTML(string=job["html"], url_fetcher=fetcher)
    refuse_what_not_everybody_could_read(html)
    options = {"pdf_variant": "pdf/a-3a", "pdf_identifier": job["identifier"].encode()}
    document = html.render(font_config=font_config, stylesheets=[look], **options)
    document.metadata.title = job["title"]
    document.metadata.created = document.metadata.modified = job["moment"]
    document.metadata.generator = "Reclaim"
    document.metadata.attachments = embedded_files(job, fetcher)
    pdf = document.write_pdf(finisher=finisher["finish"], **options)
    complaints.raise_first()
    if len(pdf) > MAX_PDF_BYTES:
        raise Fault("too_large")
    return pdf, {"pages": len(document.pages), "versions": versions(), "system_fonts": system_fonts(document)}


def name_media_types(job: dict[str, Any]) -> None:
    """WeasyPrint asks Python's tables, which may lie in the system's files, for the media type of an embedded file."""
    from weasyprint.pdf import anchors

    mimetypes.init(files=[])
    for file in job.get("embedded", ()):
        anchors.MIMETYPES.add_type(file["media_type"], Path(file["name"]).suffix, strict=False)


def embedded_files(job: dict[str, Any], fetcher: Any) -> list[Any]:
    """The files that the order brings, and no others: a document's own links embed nothing."""
    from weasyprint import Attachment

    moment = datetime.strptime(job["moment"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return [
        Attachment(
            string=base64.b64decode(file["content"]),
            url_fetcher=fetcher,
            name=file["name"],
            description=file["description"],
            created=moment,
            modified=moment,
            relationship=file["relationship"],
        )
        for file in job.get("embedded", ())
    ]


def versions() -> dict[str, str]:
    """Versions of what shapes lines and bytes."""
    import fontTools
    import pydyf
    import pyphen
    import weasyprint
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return {
        "weasyprint": weasyprint.__version__,
        "pydyf": pydyf.__version__,
        "fonttools": fontTools.version,
        "pyphen": pyphen.__version__ if hasattr(pyphen, "__version__") else "",
        "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "harfbuzz": harfbuzz_version(),
    }


def harfbuzz_version() -> str:
    for name in ("libharfbuzz.so.0", "libharfbuzz.0.dylib"):
        try:
            ask = ctypes.CDLL(name).hb_version_string
        except (OSError, AttributeError):
            continue
        ask.restype = ctypes.c_char_p
        return str(ask().decode())
    return "unknown"


def system_fonts(document: Any) -> dict[str, str]:
    """Family and short digest of each font that stepped in where ours have no letters."""
    from weasyprint.text.fonts import get_hb_object_data

    return {
        font.family: hashlib.sha256(get_hb_object_data(font.hb_face)).hexdigest()[:16]
        for font in document.fonts.values()
        if not font.family.startswith("Reclaim ")
    }


def answer(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The result line, and the PDF or nothing. Says why instead of raising, and never repeats what the document says."""
    from weasyprint.urls import FatalURLFetchingError

    try:
        pdf, facts = render(job)
    except Fault as fault:
        return {"ok": False, "error": fault.code, "detail": fault.detail}, b""
    except (Refused, FatalURLFetchingError):
        return {"ok": False, "error": "outside", "detail": ""}, b""
    except RecursionError:
        return {"ok": False, "error": "nesting", "detail": ""}, b""
    except MemoryError:
        return {"ok": False, "error": "too_large", "detail": ""}, b""
    except Exception as error:  # noqa: BLE001  whatever a library raises: the worker decides, and only the name may travel
        return {"ok": False, "error": "internal", "detail": type(error).__name__}, b""
    return {"ok": True, **facts}, pdf


def main() -> None:
    limit_resources(seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between our bytes
    line, pdf = answer(json.load(sys.stdin.buffer))
    out.write(json.dumps(line).encode() + b"\n" + pdf)
    out.flush()
    os._exit(0)  # nothing to tidy: the folder of temporary files belongs to the worker


if __name__ == "__main__":
    main()
