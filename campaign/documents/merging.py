"""Chunks in, one PDF out: the program that joins the chunks of a long list and keeps their tags.

Started by path with SECONDS MEGABYTES, never imported by the site; imports nothing of Django or of this project. It reads chunks
from standard input, each after eight bytes that say how long it is, and answers with a line of JSON and the PDF, as `renderer.py`
does.

Every chunk has a tree of tags of its own: one Document element, a ParentTree that leads from marked content to elements, and
pages that name their place in it by number. Joined, there is one Document with all their elements, and one tree in which the
numbers of each chunk begin where those of the one before end (ISO 32000-1, 14.7.4.4).
"""

import io
import json
import os
import resource
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIZE_BYTES = 8
LEAF = 256  # entries in one leaf of the tree


def chunks_from(stream: Any) -> Iterator[bytes]:
    while len(head := stream.read(SIZE_BYTES)) == SIZE_BYTES:
        yield stream.read(int.from_bytes(head, "big"))


def entries_of(tree: Any) -> list[tuple[int, Any]]:
    numbers = list(tree.ParentTree.Nums)
    return [(int(number), owners) for number, owners in zip(numbers[::2], numbers[1::2], strict=True)]


def moved(holder: Any, name: str, by: int) -> None:
    if name in holder:
        holder[name] = int(holder[name]) + by


def append(whole: Any, chunk: Any, document: Any, offset: int) -> list[tuple[int, Any]]:
    """Add the pages and tags of one chunk; gives its entries of the tree under their new numbers."""
    first = len(whole.pages)
    whole.pages.extend(chunk.pages)  # before the tags are copied, so that these lead to the pages just added
    tree = whole.copy_foreign(chunk.Root.StructTreeRoot)
    for element in tree.K[0].K:
        element.P = document
        document.K.append(element)
    for page in list(whole.pages)[first:]:
        moved(page.obj, "/StructParents", offset)
        for annotation in page.obj.get("/Annots", []):
            moved(annotation, "/StructParent", offset)
    return [(number + offset, owners) for number, owners in entries_of(tree)]


def parent_tree(whole: Any, entries: list[tuple[int, Any]]) -> Any:
    """A number tree of leaves, so that a reader finds a page's tags without reading those of all others."""
    from pikepdf import Array, Dictionary

    leaves = []
    for start in range(0, len(entries), LEAF):
        part = entries[start : start + LEAF]
        leaf = Dictionary(
            Limits=Array([part[0][0], part[-1][0]]), Nums=Array([item for entry in part for item in entry])
        )
        leaves.append(whole.make_indirect(leaf))
    return whole.make_indirect(Dictionary(Kids=Array(leaves)))


def merge(chunks: Iterator[bytes]) -> tuple[bytes, int]:
    """The whole file and its number of pages. One chunk is open at a time; what is left of it is what the whole needs."""
    import pikepdf

    whole = pikepdf.open(io.BytesIO(next(chunks)))
    root = whole.Root.StructTreeRoot
    document = root.K[0]
    entries = entries_of(root)
    for content in chunks:
        offset = entries[-1][0] + 1
        entries += append(whole, pikepdf.open(io.BytesIO(content)), document, offset)
    root.ParentTree = parent_tree(whole, entries)
    root.ParentTreeNextKey = entries[-1][0] + 1
    out = io.BytesIO()
    whole.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
    )
    return out.getvalue(), len(whole.pages)


def peak_kilobytes(status: Any) -> int:
    """The most memory that this program took. What the system counts for the process includes the worker it was copied from."""
    if status is not None:
        status.seek(0)
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    renderer = runpy.run_path(str(HERE / "renderer.py"))
    renderer["limit_resources"](seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    import pikepdf  # before files are given up

    pikepdf.new().close()
    own = Path("/proc/self/status")
    status = own.open(encoding="ascii") if own.exists() else None
    renderer["give_up_files_and_connections"]()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between our bytes
    facts: dict[str, Any]
    try:
        pdf, pages = merge(chunks_from(sys.stdin.buffer))
        facts = {"ok": True, "pages": pages, "kilobytes": peak_kilobytes(status)}
    except MemoryError:
        pdf, facts = b"", {"ok": False, "error": "too_large", "detail": ""}
    except (Exception, renderer["Refused"]) as error:  # noqa: BLE001  whatever a library raises: only the name may travel
        pdf, facts = b"", {"ok": False, "error": "internal", "detail": type(error).__name__}
    out.write(json.dumps(facts).encode() + b"\n" + pdf)
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
