"""Chunks of long lists, HTML in and PDF out: a program that loads everything once and makes each chunk in a child of its own.

Started by path with SECONDS MEGABYTES IDLE_SECONDS, never imported by the site; imports nothing of Django or of this project.
Loading the renderer takes longer than making a chunk: so this process does that once, sets a page of its own to have everything
at hand, opens no order, and copies itself for each. The copy holds itself to its limits, gives up files and connections before
it looks at what people wrote, and ends with its chunk.

Both ways, eight bytes say how long what follows is. An order is JSON (html, title, identifier, moment); the answer is a line of
JSON and the PDF when there is one, as `renderer.py` has it, with `replaced`: how many lines had characters that no font here has.
"""

import ctypes
import gc
import json
import logging
import os
import re
import resource
import runpy
import select
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIZE_BYTES = 8
STAND_IN = "\u25a1"  # an empty square
ROUNDS = 3
# A word of each script whose font is to be at hand, and lines that break: nothing of it is ever given out.
REHEARSAL = """<!doctype html><html lang="en"><head><title>Rehearsal</title></head><body>
<div class="running-head"><p>Rehearsal</p></div><div class="page-number"><p><span class="this-page"></span></p></div>
<main><h1>Rehearsal</h1><pre>
Zoë Łukasz, Ελένη, Ольга, Նարե, გიორგი
محمد, דוד, अनन्या, ภาณุ, 김민수, 王伟, 佐藤 花子</pre>
<p class="two">What is made from what belongs to everybody returns to everybody, and the law says when. What is made from what
belongs to everybody returns to everybody, and the law says when.</p></main></body></html>"""

renderer = runpy.run_path(str(HERE / "renderer.py"))
Fault = renderer["Fault"]


class Press:
    """What every chunk needs, loaded before any is read."""

    def __init__(self) -> None:
        warnings.simplefilter("ignore")
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        self.finisher = runpy.run_path(str(HERE / "pdf_finisher.py"))
        self.finisher["keep_words_beside_glyphs"]()
        runpy.run_path(str(HERE / "press_shortcuts.py"))["take_shortcuts"]()
        self.flatten_tree = runpy.run_path(str(HERE / "chunk_finisher.py"))["flatten_tree"]
        logging.getLogger("weasyprint").propagate = False
        fonts = {path.name: path.read_bytes() for path in sorted((HERE / "fonts").glob("SourceSans3_*.ttf"))}
        self.refused: list[str] = []
        self.fetcher = renderer["locked_fetcher"](fonts, self.refused)
        self.fonts = FontConfiguration()
        self.look = CSS(
            string=(HERE / "pdf" / "list.css").read_text("utf-8"),
            url_fetcher=self.fetcher,
            font_config=self.fonts,
        )

    def rehearse(self) -> None:
        """Set a page of ours, so that no copy needs to find fonts or read C declarations, and leave alone what that made."""
        moment = "2000-01-01T00:00:00Z"
        self.render({"html": REHEARSAL, "title": "Rehearsal", "identifier": "0" * 32, "moment": moment})
        gc.collect()
        gc.freeze()
        gc.disable()  # a copy ends before it would be worth its while, and would write to memory that it shares

    def make(self, job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """The PDF and its facts. Characters that no font has give way to a square: one name must not stop all others."""
        html, replaced = job["html"], set[int]()
        for _round in range(ROUNDS):
            pdf, pages, missing = self.render({**job, "html": html})
            if not missing:
                return pdf, {"pages": pages, "replaced": len(replaced)}
            unknown = re.compile(f"[{''.join(re.escape(chr(point)) for point in sorted(missing))}]")
            lines = html.split("\n")
            replaced |= {number for number, line in enumerate(lines) if unknown.search(line)}
            html = "\n".join(unknown.sub(STAND_IN, line) for line in lines)
        raise Fault("glyphs")

    def render(self, job: dict[str, Any]) -> tuple[bytes, int, set[int]]:
        from weasyprint import HTML

        complaints = renderer["Complaints"]()
        complaints.refused = self.refused
        logger = logging.getLogger("weasyprint")
        logger.addHandler(complaints)
        try:
            html = HTML(string=job["html"], url_fetcher=self.fetcher)
            renderer["refuse_what_not_everybody_could_read"](html)
            options = {"pdf_variant": "pdf/a-3a", "pdf_identifier": job["identifier"].encode()}
            document = html.render(font_config=self.fonts, stylesheets=[self.look], **options)
            document.metadata.title = job["title"]
            document.metadata.created = document.metadata.modified = job["moment"]
            document.metadata.generator = "Reclaim"
            pdf = document.write_pdf(finisher=self.finish, **options)
        finally:
            logger.removeHandler(complaints)
        missing = set(complaints.missing_glyphs)
        complaints.missing_glyphs = set()
        complaints.raise_first()
        return pdf, len(document.pages), missing

    def finish(self, document: Any, pdf: Any) -> None:
        self.flatten_tree(pdf)
        self.finisher["finish"](document, pdf)

    def answer(self, order: bytes) -> bytes:
        """The answer to one order. Says why instead of raising, and never repeats what the list says."""
        from weasyprint.urls import FatalURLFetchingError

        try:
            pdf, facts = self.make(json.loads(order))
        except Fault as fault:
            return refusal(fault.code, fault.detail)
        except (renderer["Refused"], FatalURLFetchingError):
            return refusal("outside")
        except RecursionError:
            return refusal("nesting")
        except MemoryError:
            return refusal("too_large")
        except Exception as error:  # noqa: BLE001  whatever a library raises: the worker decides, and only the name may travel
            return refusal("internal", type(error).__name__)
        return json.dumps({"ok": True, **facts}).encode() + b"\n" + pdf


def refusal(code: str, detail: str = "") -> bytes:
    return json.dumps({"ok": False, "error": code, "detail": detail}).encode() + b"\n"


def make_in_child(press: Press, order: bytes, *, seconds: int, megabytes: int) -> bytes:
    """Let a copy of this process answer one order within limits."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with suppress(BaseException):
            renderer["limit_resources"](seconds=seconds, megabytes=megabytes)
            renderer["give_up_files_and_connections"]()
            reply = press.answer(order)
            head, newline, pdf = reply.partition(b"\n")
            used = resource.getrusage(resource.RUSAGE_SELF)
            facts = json.loads(head) | {
                "kilobytes": used.ru_maxrss,
                "cpu": round(used.ru_utime + used.ru_stime, 3),
            }
            write_all(writer, json.dumps(facts).encode() + newline + pdf)
            os._exit(0)
        os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        reply = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        ended_by = os.WTERMSIG(status)
        if ended_by == signal.SIGXCPU:
            return refusal("too_long")
        if ended_by in (signal.SIGABRT, signal.SIGTRAP, signal.SIGSEGV):
            return refusal("too_large")  # how C libraries end when memory is refused to them
    return reply if status == 0 else b""


def write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def read_exactly(descriptor: int, size: int) -> bytes:
    """As many bytes, or fewer when the other side is gone."""
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main() -> None:
    seconds, megabytes, idle = (int(argument) for argument in sys.argv[1:4])
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not get between our bytes
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # end with the worker that started us
    press = Press()
    press.rehearse()
    while select.select([0], [], [], idle)[0]:
        head = read_exactly(0, SIZE_BYTES)
        if len(head) < SIZE_BYTES:
            break
        order = read_exactly(0, int.from_bytes(head, "big"))
        reply = make_in_child(press, order, seconds=seconds, megabytes=megabytes)
        write_all(out, len(reply).to_bytes(SIZE_BYTES, "big") + reply)


if __name__ == "__main__":
    main()
