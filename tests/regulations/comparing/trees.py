"""Random trees of provisions: two of them share keys, so that from one to the other everything can happen."""

from hypothesis import strategies as st

from campaign.regulations.tree import Unit

KEYS = [f"k{letter}" for letter in "abcdefghij"]
WORDS = ["the", "model", "shall", "be", "returned", "within", "24", "months,", "a", "covered"]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@st.composite
def trees(draw, *, kinds=("article", "paragraph", "point"), keys=tuple(KEYS)):
    """A forest of units with keys out of ten, of any kind below any."""
    chosen = draw(st.permutations(keys))[: draw(st.integers(0, len(keys)))]
    top: list[Unit] = []
    placed: list[Unit] = []
    for key in chosen:
        made = Unit(
            key=key,
            kind=draw(st.sampled_from(kinds)),
            heading=draw(st.sampled_from(["", "", "Scope", "The scope of it"])),
            body=draw(SENTENCES),
            fixed_number=draw(st.sampled_from(["", "", "", "1a"])),
        )
        parent = draw(st.sampled_from([None, *placed]))
        siblings = parent.children if parent else top
        siblings.insert(draw(st.integers(0, len(siblings))), made)
        placed.append(made)
    return top
