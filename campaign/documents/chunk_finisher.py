"""The last touch on a chunk of a long list: the tree of tags without the levels that say nothing.

Loaded by the press only; imports nothing of Django or of this project.
"""

from typing import Any

EMPTY_LEVELS = ("/Span", "/NonStruct")
PLAIN = {"Type", "S", "K", "Pg", "P"}


def flatten_tree(pdf: Any) -> None:
    """Let paragraphs hold their words themselves: WeasyPrint puts an element for the line and one for the text between.

    A list of a hundred thousand lines has a third of the elements so, and says the same to who listens to it.
    """
    paragraph_for_each_line(pdf)
    tree = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    heirs: dict[int, Any] = {}  # of an element that goes: who holds its words now
    flatten(pdf, pdf.objects[number_of(tree["K"][0])], heirs)
    numbers = pdf.objects[number_of(tree["ParentTree"])]["Nums"]
    for owners in numbers[1::2]:
        if isinstance(owners, list):
            owners[:] = [last_heir(owner, heirs) for owner in owners]


def paragraph_for_each_line(pdf: Any) -> None:
    """Tell the lines of a `<pre>` as what they are: a paragraph each, not one element that says nothing with a level for each."""
    for item in pdf.objects:
        if not isinstance(item, dict) or item.get("S") != "/NonStruct" or set(item) != PLAIN:
            continue
        block: Any = item
        above = pdf.objects[number_of(block["P"])]
        lines = [pdf.objects[number_of(kid)] for kid in block["K"] if isinstance(kid, bytes | str)]
        if above.get("S") != "/Part" or len(lines) != len(block["K"]):
            continue
        for line in lines:
            line["S"], line["P"] = "/P", block["P"]
        place = above["K"].index(block.reference)
        above["K"][place : place + 1] = block["K"]
        block.clear()  # an empty object: taking it out would move the numbers of the others


def flatten(pdf: Any, element: Any, heirs: dict[int, Any]) -> None:
    kept: list[Any] = []
    for kid in element["K"]:
        child = pdf.objects[number_of(kid)] if isinstance(kid, bytes | str) else None
        if child is None or "S" not in child:
            kept.append(kid)
            continue
        flatten(pdf, child, heirs)
        if element["S"] != "/Document" and is_empty_level(child, element):
            kept.extend(child["K"])
            heirs[number_of(kid)] = element.reference
            child.clear()  # an empty object: taking it out would move the numbers of the others
        else:
            kept.append(kid)
    element["K"][:] = kept


def is_empty_level(child: Any, parent: Any) -> bool:
    """Whether it only stands between a paragraph and words on the same page."""
    return (
        child["S"] in EMPTY_LEVELS
        and set(child) <= PLAIN
        and child.get("Pg") == parent.get("Pg")
        and all(isinstance(kid, int) for kid in child["K"])
    )


def last_heir(owner: Any, heirs: dict[int, Any]) -> Any:
    while isinstance(owner, bytes | str) and owner not in (b"null", "null") and number_of(owner) in heirs:
        owner = heirs[number_of(owner)]
    return owner


def number_of(reference: Any) -> int:
    """The object number in a reference like b"12 0 R"."""
    return int(reference.split()[0])
