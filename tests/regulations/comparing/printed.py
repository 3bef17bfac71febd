"""A printed law as rows that can be amended by hand: the other side of everything this room draws up.

Nothing of the code under test is used here but the data it hands over: rows are taken from the numbered text itself.
"""

from dataclasses import dataclass, field

from campaign.regulations.kinds import HEADED
from campaign.regulations.numbered import heading_gap

FIXED = ("above", "preamble", "before_recitals", "enacting", "end")


@dataclass
class Entry:
    """One unit: number, heading and words as printed, with those below it."""

    key: str
    kind: str
    label: str
    heading: str
    body: str
    gap: str = " "
    below: list["Entry"] = field(default_factory=list)

    @property
    def lines(self):
        """Head line and text line; None where there is none."""
        if self.kind in HEADED and (self.label or self.heading):
            gap = self.gap if self.label and self.heading else ""
            return [f"{self.label}{gap}{self.heading}", self.body or None]
        return [None, " ".join(part for part in (self.label, self.heading, self.body) if part) or None]


def entries_of(law):
    """The law from its title to its last annex."""
    parts = {name: law.frame.get(name, []) for name in FIXED}
    recitals = law.part("recital")
    rows = [
        *_fixed("above", parts["above"]),
        *_fixed("title", [law.title]),
        *_fixed("preamble", parts["preamble"]),
        *map(entry_of, law.part("citation")),
        *(_fixed("before_recitals", parts["before_recitals"]) if recitals else []),
        *map(entry_of, recitals),
        *_fixed("enacting", parts["enacting"]),
        *map(entry_of, law.enacting),
        *_fixed("end", parts["end"]),
        *map(entry_of, law.part("annex")),
    ]
    return Entry("", "", "", "", "", below=rows)


def _fixed(name, lines):
    return [Entry(f":{name}", f":{name}", "", "", "\n".join(lines))] if lines else []


def entry_of(item):
    label = f"{item.opening}{item.number}" if item.number else ""
    heading, body = item.heading_text, item.body_text
    if not item.number:
        heading, body = (item.opening + heading, body) if heading else ("", item.opening + body)
    return Entry(
        item.key,
        item.kind,
        label,
        heading,
        body + item.closing,
        heading_gap(item),
        [entry_of(child) for child in item.children],
    )


def all_of(root):
    """Every entry by key, and the parent of each."""
    found, parents, stack = {"": root}, {}, [root]
    while stack:
        entry = stack.pop()
        for child in entry.below:
            found[child.key], parents[child.key] = child, entry
            stack.append(child)
    return found, parents


def take(root, key):
    found, parents = all_of(root)
    parents[key].below.remove(found[key])
    return found[key]


def put(root, parent, after, new):
    found, _parents = all_of(root)
    siblings = found[parent].below
    place = [entry.key for entry in siblings].index(after) + 1 if after else 0
    siblings[place:place] = new


def printed(root):
    """All lines in reading order, each with the key of its unit."""
    rows, stack = [], list(reversed(root.below))
    while stack:
        entry = stack.pop()
        rows += [(entry.key, line) for line in entry.lines if line]
        stack.extend(reversed(entry.below))
    return rows


def text_of(block):
    """A block as one line, as a reader takes it down."""
    spans = (*getattr(block, "number", ()), *block.spans)
    number = "".join(span.text for span in getattr(block, "number", ()))
    words = "".join(span.text for span in block.spans)
    assert spans or not (number or words)
    return " ".join(part for part in (number, words) if part)
