"""Each form of amendment, obeyed to the letter, makes exactly the new printed text of the old one."""

from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.blocks import Heading, Mark, Paragraph, Table
from campaign.regulations.comparing import (
    Action,
    InsertUnits,
    Part,
    Redesignate,
    ReplaceText,
    StrikeUnits,
    StrikeWords,
    amending_act_writing,
    amending_points,
    amendments_between,
    changes_between,
    comparison_table_writing,
    parliament_amendments,
    parliament_writing,
    redline_writing,
    striking_sections,
    striking_writing,
    two_columns_writing,
)
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run
from campaign.regulations.printing import numbered_text
from tests.factories.regulations import text
from tests.regulations.comparing.printed import all_of, entries_of, entry_of, printed, put, take, text_of
from tests.regulations.comparing.trees import SENTENCES, trees

KINDS = (
    "chapter",
    "article",
    "paragraph",
    "subparagraph",
    "point",
    "indent",
    "definition",
    "annex",
    "recital",
)


def provision(unit, draw):
    """A unit as printed, with any number, any marks around it and any reference in it."""
    words = unit.body
    reference = draw(st.sampled_from(["", "", "Article 1", "Article 2"]))
    body = [Run(words)] if words else []
    if reference:
        body.append(Run(reference, reference="ka"))
    number = draw(st.sampled_from(["", "1.", "2.", "(a)", "(b)", "Article 1", "Article 2"]))
    return NumberedProvision(
        key=unit.key,
        kind=unit.kind,
        number=number,
        heading=(Run(unit.heading),) if unit.heading else (),
        body=tuple(body),
        term="",
        citation=draw(st.sampled_from(["", f"{unit.kind} {number}"])) if number else "",
        opening=draw(st.sampled_from(["", "", "‘"])),
        closing=draw(st.sampled_from(["", "", "’."])),
        children=tuple(provision(child, draw) for child in unit.children),
    )


@st.composite
def any_laws(draw):
    """A law in which nothing has to fit together: the forms have to be exact whatever the tradition prints."""
    return NumberedText(
        title=draw(SENTENCES),
        language="en",
        tradition=draw(st.sampled_from(["eu-regulation", "no longer known"])),
        layout="law-eu",
        frame={
            "preamble": draw(st.sampled_from([[], ["HAVING MET,"], ["HAVING MET", "AGAIN,"]])),
            "before_recitals": ["Whereas:"],
            "enacting": ["HAVE ADOPTED:"],
            "end": draw(st.sampled_from([[], ["Done at …"]])),
        },
        provisions=tuple(provision(unit, draw) for unit in draw(trees(kinds=KINDS))),
    )


LAWS = st.one_of(any_laws(), trees().map(lambda provisions: numbered_text(text(*provisions))))


def expected(law):
    return [line for _key, line in printed(entries_of(law))]


class Book:
    """The old text as lines, key by key, amended as a clerk does it: by what stands in the columns and between the quotes."""

    def __init__(self, law):
        self.root = entries_of(law)
        self.lines = {}
        for key, entry in all_of(self.root)[0].items():
            self.lines[key] = list(entry.lines)

    def rewrite(self, key, part, blocks):
        self.lines[key][0 if part == Part.HEAD else 1] = "\n".join(text_of(block) for block in blocks) or None

    def renumber(self, key, old, new):
        place = 0 if self.lines[key][0] else 1
        assert self.lines[key][place].startswith(old)
        self.lines[key][place] = new + self.lines[key][place].removeprefix(old)

    def insert(self, parent, after, nodes, blocks):
        entries = [entry_of(node.item) for node in nodes]
        told = [text_of(block) for block in blocks]
        for entry in entries:
            stack = [entry]
            while stack:
                below = stack.pop()
                self.lines[below.key] = [
                    "\n".join(told.pop(0) for _line in line.split("\n")) for line in below.lines if line
                ]
                stack.extend(reversed(below.below))
        assert told == []
        put(self.root, parent, after, entries)

    def read(self):
        rows, stack = [], list(reversed(self.root.below))
        while stack:
            entry = stack.pop()
            rows += [line for line in self.lines[entry.key] if line]
            stack.extend(reversed(entry.below))
        return rows


def without_notes(blocks):
    return [block for block in blocks if not any(span.mark == Mark.NOTE for span in block.spans)]


@given(LAWS, LAWS)
def test_amendments_applied_make_the_new_text(old, new):
    book = Book(old)
    amendments = amendments_between(changes_between(old, new))

    for amendment in amendments:
        if amendment.action == Action.REMOVE:
            take(book.root, amendment.key)
    for amendment in amendments:
        if amendment.action == Action.INSERT:
            put(book.root, amendment.new.parent, amendment.after, [entry_of(amendment.new.item)])
            for below in all_of(entry_of(amendment.new.item))[0].values():
                book.lines[below.key] = below.lines
            book.lines[amendment.key] = entry_of(amendment.new.item).lines
        elif amendment.action == Action.REPLACE:
            book.lines[amendment.key] = entry_of(amendment.new.item).lines

    assert book.read() == expected(new)


@given(LAWS, LAWS)
def test_parliament_amendments_applied_by_their_columns_make_the_new_text(old, new):
    book = Book(old)
    amendments = parliament_amendments(changes_between(old, new))

    for one in amendments:
        if one.part is not None:
            before = "\n".join(text_of(block) for block in one.left) or None
            assert book.lines[one.key][0 if one.part == Part.HEAD else 1] == before
            book.rewrite(one.key, one.part, without_notes(one.right))
        elif one.left:
            take(book.root, one.key)
    for one in amendments:
        if one.part is None and not one.left and one.amendment.new is not None:
            book.insert(one.amendment.new.parent, one.amendment.after, [one.amendment.new], one.right)
        elif one.part is None and one.amendment.old is not None and not one.left:
            take(book.root, one.key)  # a unit of which nothing was printed

    assert book.read() == expected(new)


@given(LAWS, LAWS)
def test_amending_act_obeyed_by_its_quotations_makes_the_new_text(old, new):
    book = Book(old)
    points = amending_points(changes_between(old, new))

    for point in points:
        if point.action == Action.REMOVE:
            for node in point.nodes:
                take(book.root, node.key)
    for point in points:
        if point.action == Action.REPLACE and point.part is None:
            book.lines[point.key] = [text_of(line) for line in point.lines]
        elif point.action == Action.REPLACE:
            book.rewrite(point.key, point.part, point.lines)
        elif point.action is None:
            for before, after in point.renumbered:
                book.renumber(before.key, before.label, after.label)
        elif point.action == Action.INSERT:
            book.insert(point.parent, point.after, point.nodes, point.lines)

    assert book.read() == expected(new)


def obey(root, instruction):
    """Do what an instruction says with the words it quotes, in the printed text as it is then."""
    found, _parents = all_of(root)
    if isinstance(instruction, StrikeWords):
        entry = found[instruction.node.key]
        words, edit = getattr(entry, instruction.field), instruction.edit
        assert words.count(edit.strike.strip()) == 1 or edit.each_place
        setattr(entry, instruction.field, words.replace(edit.strike, edit.insert))
    elif isinstance(instruction, ReplaceText):
        setattr(found[instruction.node.key], instruction.field, instruction.text)
    elif isinstance(instruction, StrikeUnits):
        for node in instruction.nodes:
            take(root, node.key)
    elif isinstance(instruction, Redesignate):
        for before, after in instruction.pairs:
            assert found[before.key].label == before.label
            found[before.key].label = after.label
    elif isinstance(instruction, InsertUnits):
        put(root, instruction.parent, instruction.after, [entry_of(node.item) for node in instruction.nodes])


def obedient(instructions):
    """Units go before the same ones come elsewhere; otherwise the order is that of the act."""
    return sorted(instructions, key=lambda one: isinstance(one, InsertUnits))


@given(LAWS, LAWS)
def test_striking_obeyed_word_for_word_makes_the_new_text(old, new):
    root = entries_of(old)
    sections = striking_sections(changes_between(old, new))

    for instruction in obedient([one for section in sections for one in section.instructions]):
        obey(root, instruction)

    shown = [(key, line.replace(" ", "")) for key, line in printed(root)]
    assert shown == [(key, line.replace(" ", "")) for key, line in printed(entries_of(new))]


@given(LAWS, LAWS)
def test_redline_read_without_what_was_struck_is_the_new_text(old, new):
    blocks = redline_writing(changes_between(old, new)).blocks
    start = max(place for place, block in enumerate(blocks) if text_of(block) == "The text with its changes")

    left_out = {Mark.DELETED, Mark.NOTE}
    lines = [
        "".join(
            span.text for span in (*getattr(block, "number", ()), *block.spans) if span.mark not in left_out
        )
        for block in blocks[start + 1 :]
    ]

    told = "".join(lines).replace(" ", "")
    assert told == "".join(expected(new)).replace(" ", "").replace("\n", "")


@given(LAWS, LAWS)
def test_two_columns_hold_the_new_text_on_the_right_and_every_old_line_on_the_left(old, new):
    table = two_columns_writing(changes_between(old, new)).blocks[0]

    before = [text_of(block) for row in table.rows for block in without_notes(row[0])]
    after = [text_of(block) for row in table.rows for block in without_notes(row[1])]

    assert after == [line for whole in expected(new) for line in whole.split("\n")]
    assert sorted(before) == sorted(line for whole in expected(old) for line in whole.split("\n"))


@given(LAWS)
def test_forms_of_a_text_and_itself_say_that_nothing_changed(law):
    comparison = changes_between(law, law)

    said = [
        [text_of(block) for block in form(comparison).blocks]
        for form in (parliament_writing, striking_writing, amending_act_writing, comparison_table_writing)
    ]

    assert said == [["The two texts are the same."]] * 4
    assert amendments_between(comparison) == ()


@given(LAWS, LAWS)
def test_forms_are_made_of_sound_blocks(old, new):
    comparison = changes_between(old, new)

    for form in (
        redline_writing,
        two_columns_writing,
        parliament_writing,
        striking_writing,
        comparison_table_writing,
        amending_act_writing,
    ):
        blocks = list(form(comparison).blocks)
        for table in [block for block in blocks if isinstance(block, Table)]:
            assert all(len(row) == len(table.columns) for row in table.rows)
            blocks += [block for row in table.rows for cell in row for block in cell]
        for block in blocks:
            if isinstance(block, Heading):
                assert 1 <= block.level <= 4
                assert block.text
            elif isinstance(block, Paragraph):
                assert block.level >= 0
                assert all(span.text for span in (*block.spans, *block.number))
