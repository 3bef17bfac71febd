"""One tree of neutral kinds that every tradition numbers and cites in its own way, and laws made of it."""

from campaign.regulations.kinds import HEADED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedText, heading_gap, walk_numbered
from campaign.regulations.numbering import number_tree
from campaign.regulations.printing import numbered_text
from campaign.regulations.traditions import Place, tradition
from campaign.regulations.tree import LegalText, walk
from campaign.regulations.values import VariableSpec
from tests.factories.regulations import unit

OUTSIDE = Place(steps=())


def tree(*, supplement=""):
    """Containers of all four kinds, an article with everything below it, definitions, and two annexes.

    `supplement` is the name of the first annex, where a tradition has supplementary provisions.
    """
    listed = unit(
        "para-1-i",
        "point",
        "Words:",
        unit("para-1-i-a", "point"),
        unit("para-1-i-b", "point", "Words:", unit("deep-1", "point"), unit("deep-2", "point")),
    )
    article = unit(
        "article-2",
        "article",
        "",
        unit(
            "para-1",
            "paragraph",
            "First sentence. Second one:",
            listed,
            unit("para-1-ii", "point"),
            unit("para-1-more", "subparagraph", "After the list. And again."),
        ),
        unit("para-2", "paragraph", "One sentence."),
        unit("para-3", "paragraph", "First sentence. Second one."),
    )
    first = unit("article-1", "article", "First sentence. Second one.")
    division = unit("division", "division", "", first)
    return [
        unit("title", "title", "", unit("chapter", "chapter", "", unit("section", "section", "", division))),
        unit("title-2", "title", "", unit("chapter-2", "chapter", "", article)),
        unit(
            "terms",
            "article",
            "Words:",
            unit("term-1", "definition", "Words:", unit("term-1-a", "point"), term="model"),
            unit("term-2", "definition", "Words.", term="weights"),
        ),
        unit(
            "supplement",
            "annex",
            "",
            unit("supplement-1", "article"),
            unit("supplement-2", "article"),
            fixed_number=supplement,
        ),
        unit("annex", "annex", "", unit("annex-1", "paragraph", "Words:", unit("annex-1-i", "point"))),
    ]


class Numbered:
    """The tree as one tradition numbers it in one language."""

    def __init__(self, key, language, *, supplement=""):
        self.form, self.language = tradition(key), language
        provisions = tree(supplement=supplement)
        self.units = {item.key: item for item, _above in walk(provisions)}
        self.numbering = number_tree(provisions, tradition=self.form, language=language)

    def label(self, key):
        return self.numbering.labels[key].replace("\u00a0", " ")

    def reference(self, target, source=None):
        """Words for `target` (`key` or `key#2`) as read at `source`; from outside without one."""
        key, _sign, sentence = target.partition("#")
        place = self.numbering.places[key]
        if sentence:
            place = self.numbering.sentence_place(self.units[key], int(sentence))
        here = self.numbering.places[source] if source else OUTSIDE
        return self.form.reference(place, here, self.language).replace("\u00a0", " ")


def law(key, language, *provisions, **more):
    """A text of a tradition made of these provisions."""
    return LegalText(title="A text", language=language, tradition=key, provisions=list(provisions), **more)


def printed(key, language, *provisions, **more):
    """The law as plain text, with plain spaces."""
    payload = {"law": numbered_text(law(key, language, *provisions, **more)).as_data()}
    return law_text(payload).replace("\u00a0", " ").replace("\u202f", " ")


def sentence_in(key, language, written, *, at="para-2"):
    """What a paragraph of the tree that says `written` is printed as."""
    provisions = tree()
    holder = next(item for item, _above in walk(provisions) if item.key == at)
    holder.body = written
    specs = {
        "period": VariableSpec("period", "duration", "Period", default="24 months"),
        "fine": VariableSpec("fine", "money", "Fine", default="EUR 15000000"),
    }
    text = numbered_text(law(key, language, *provisions, variables=specs))
    todo = list(text.provisions)
    while todo:
        item = todo.pop()
        if item.key == at:
            return item.body_text.replace("\u00a0", " ").replace("\u202f", " ")
        todo += item.children
    raise LookupError(at)


def law_text(payload):
    """The law in an edition's frozen payload as plain text, one unit a line, indented by depth."""
    law = NumberedText.of_payload(payload)
    frame = law.frame
    lines = [
        *frame.get("above", []),
        law.title,
        "",
        *frame["preamble"],
        *_text_lines(law.part(Kind.CITATION)),
    ]
    if recitals := law.part(Kind.RECITAL):
        lines += [*frame["before_recitals"], *_text_lines(recitals)]
    lines += [*frame["enacting"], "", *_text_lines(law.enacting), "", *frame["end"], ""]
    return "\n".join([*lines, *_text_lines(law.part(Kind.ANNEX))])


def _text_lines(provisions):
    return [f"{'  ' * depth}{line}" for depth, item in walk_numbered(provisions) for line in _lines(item)]


def _lines(item):
    if item.heading and item.kind not in HEADED:
        text = " ".join(part for part in (item.number, item.heading_text, item.body_text) if part)
        text = text.replace(".— ", ".—", 1) if item.heading_text.endswith("—") else text
        return [f"{item.opening}{text}{item.closing}"]
    if item.heading:
        head = f"{item.number}{heading_gap(item)}{item.heading_text}".strip()
        own = [f"{item.body_text}{item.closing}"] if item.body else []
        return [f"{item.opening}{head}", *own]
    text = " ".join(part for part in (item.number, item.body_text) if part)
    return [f"{item.opening}{text}{item.closing}"] if text else []
