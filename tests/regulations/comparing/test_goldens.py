"""Each form word for word, drawn up between small laws of our own."""

import pytest

from campaign.regulations.comparing import (
    FormInEnglishOnly,
    amending_act_writing,
    changes_between,
    comparison_table_writing,
    parliament_writing,
    redline_writing,
    striking_writing,
    two_columns_writing,
)
from tests.factories.regulations import unit
from tests.regulations.comparing.drawn import law, lines, rows

LEGAL = "Drawn up by comparing the two texts word by word. It is no legal advice."
TITLE = "Regulation (EU) 2031/7 on the return of models"


def before(tradition="eu-regulation"):
    return law(
        tradition, "en", TITLE,
        unit("scope", "article", "This Regulation applies to models placed on the market.", heading="Scope"),
        unit(
            "duty", "article", "",
            unit("duty-1", "paragraph", "Every provider shall return its model within 24 months of placing it on the market."),
            unit(
                "duty-2", "paragraph", "The provider shall hand over:",
                unit("weights", "point", "the model weights;"),
                unit("code", "point", "the code;"),
                unit("notes", "point", "a description."),
            ),
            unit("duty-3", "paragraph", "[[ref:duty-1]] shall not apply to small providers."),
            heading="Duty of return",
        ),
        unit("bodies", "article", "Public libraries may hold deposits.", heading="Bodies"),
        unit("fines", "article", "Fines shall not exceed what the Member State lays down.", heading="Fines"),
    )  # fmt: skip


def after(tradition="eu-regulation"):
    return law(
        tradition, "en", TITLE,
        unit("scope", "article", "This Regulation applies to models placed on the market or put into service.", heading="Scope"),
        unit(
            "duty", "article", "",
            unit("duty-1", "paragraph", "Every provider shall return its model within 36 months of placing it on the market."),
            unit(
                "duty-2", "paragraph", "The provider shall hand over:",
                unit("weights", "point", "the model weights;"),
                unit("code", "point", "the source code;"),
                unit("tokenizer", "point", "the tokenizer;"),
                unit("notes", "point", "a description."),
            ),
            heading="Duty of return",
        ),
        unit("register", "article", "The Commission shall keep a public register.", heading="Register"),
        unit("fines", "article", "Fines shall not exceed what the Member State lays down.", heading="Fines and periods"),
        unit("bodies", "article", "Public libraries may hold deposits.", heading="Bodies"),
    )  # fmt: skip


def comparison(tradition="eu-regulation"):
    return changes_between(before(tradition), after(tradition))


def test_redline_in_english():
    writing = redline_writing(comparison(), title="What changed")

    assert (writing.title, writing.language, writing.notes) == ("What changed", "en", (LEGAL,))
    assert lines(writing) == [
        "# Changes",
        "– Article 1: its words changed.",
        "– Article 2(1): its words changed.",
        "– Article 2(2), point (b): its words changed.",
        "– Article 2(2), point (c): added after Article 2(2), point (b).",
        "– Article 2(2), point (d): renumbered; it was Article 2(2), point (c).",
        "– Article 2(3): removed.",
        "– Article 3: added after Article 2.",
        "– Article 4: moved; it stood after the former Article 3.",
        "– Article 4: its heading changed.",
        "– Article 5: renumbered; it was Article 3.",
        "# The text with its changes",
        f"# {TITLE}",
        "THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,",
        "HAVE ADOPTED THIS REGULATION:",
        "## Article 1 Scope",
        "This Regulation applies to models placed on the market{+ or put into service+}.",
        "## Article 2 Duty of return",
        "1. Every provider shall return its model within {-24-}{+36+} months of placing it on the market.",
        "2. The provider shall hand over:",
        "  (a) the model weights;",
        "  (b) the {+source +}code;",
        "  {+(c)+} {+the tokenizer;+}",
        "  {-(c)-}{+(d)+} a description.",
        "{-3.-} {-Paragraph 1 shall not apply to small providers.-}",
        "## {+Article 3 Register+}",
        "{+The Commission shall keep a public register.+}",
        "<[Moved; it stood after the former Article 3.]>",
        "## Article 4 Fines{+ and periods+}",
        "Fines shall not exceed what the Member State lays down.",
        "## {-Article 3-}{+Article 5+} Bodies",
        "Public libraries may hold deposits.",
        "<[Article 4 stood here.]>",
        "This Regulation shall be binding in its entirety and directly applicable in all Member States.",
        "Done at …,",
        "For the European Parliament",
        "The President",
        "For the Council",
        "The President",
    ]


def test_two_columns_with_unchanged_provisions_left_out():
    writing = two_columns_writing(
        comparison(), old_name="Edition 1.0", new_name="Edition 1.1", elide_unchanged=True
    )

    assert writing.blocks[0].columns == ("Edition 1.0", "Edition 1.1")
    assert rows(writing) == [
        ("<[Title of the text to Enacting words, unchanged]>",) * 2,
        (
            "## Article 1 Scope / This Regulation applies to models placed on the market.",
            "## Article 1 Scope / This Regulation applies to models placed on the market{+ or put into service+}.",
        ),
        ("## Article 2 Duty of return",) * 2,
        (
            "1. Every provider shall return its model within {-24-} months of placing it on the market.",
            "1. Every provider shall return its model within {+36+} months of placing it on the market.",
        ),
        ("2. The provider shall hand over:",) * 2,
        ("<[Article 2(2), point (a), unchanged]>",) * 2,
        ("  (b) the code;", "  (b) the {+source +}code;"),
        ("", "  {+(c)+} {+the tokenizer;+}"),
        ("  {-(c)-} a description.", "  {+(d)+} a description."),
        ("{-3.-} {-Paragraph 1 shall not apply to small providers.-}", ""),
        ("", "## {+Article 3 Register+} / {+The Commission shall keep a public register.+}"),
        (
            (
                "<[Moved; it stood after the former Article 3.]> / ## Article 4 Fines / "
                "Fines shall not exceed what the Member State lays down."
            ),
            "## Article 4 Fines{+ and periods+} / Fines shall not exceed what the Member State lays down.",
        ),
        (
            "## {-Article 3-} Bodies / Public libraries may hold deposits.",
            "## {+Article 5+} Bodies / Public libraries may hold deposits.",
        ),
        ("<[Article 4 stood here.]>", ""),
        ("<[Closing words, unchanged]>",) * 2,
    ]


def test_two_columns_with_everything():
    table = rows(two_columns_writing(comparison()))

    assert table[:2] == [
        (f"# {TITLE}",) * 2,
        ("THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,",) * 2,
    ]
    assert ("  (a) the model weights;", "  (a) the model weights;") in table


def test_parliament_amendments():
    writing = parliament_writing(
        comparison(), justifications={"duty-1": "Three years are what small labs need."}
    )

    columns = "|Text proposed by the Commission | Amendment|"
    assert lines(writing) == [
        "# Amendment 1",
        "**Article 1 – paragraph 1**",
        columns,
        ("|This Regulation applies to models placed on the market. | "
        "This Regulation applies to models placed on the market* or put into service*.|"),
        "<Or. en>",
        "# Amendment 2",
        "**Article 2 – paragraph 1**",
        columns,
        ("|1. Every provider shall return its model within *24* months of placing it on the market. | "
        "1. Every provider shall return its model within *36* months of placing it on the market.|"),
        "<Or. en>",
        "## Justification",
        "Three years are what small labs need.",
        "# Amendment 3",
        "**Article 2 – paragraph 2 – point b**",
        columns,
        "|  (b) the code; |   (b) the *source *code;|",
        "<Or. en>",
        "# Amendment 4",
        "**Article 2 – paragraph 2 – point b a (new)**",
        columns,
        "| |   *(c)* *the tokenizer;*|",
        "<Or. en>",
        "# Amendment 5",
        "**Article 2 – paragraph 3**",
        columns,
        "|*3.* *Paragraph 1 shall not apply to small providers.* | <deleted>|",
        "<Or. en>",
        "# Amendment 6",
        "**Article 2 a (new)**",
        columns,
        "| | ## *Article 3 Register* / *The Commission shall keep a public register.*|",
        "<Or. en>",
        "# Amendment 7",
        "**Article 2 b (new)**",
        columns,
        "| | ## *Article 4 Fines and periods* / *Fines shall not exceed what the Member State lays down.*|",
        "<The text moves here: it stands in Article 4 before these amendments.>",
        "<Or. en>",
        "# Amendment 8",
        "**Article 4**",
        columns,
        "|## *Article 4 Fines* / *Fines shall not exceed what the Member State lays down.* | <deleted>|",
        "<The text moves: it stands in Article 4 as amended.>",
        "<Or. en>",
        "# Corresponding changes",
        "If the amendments above are adopted, these numbers, references and quotation marks change with them.",
        columns,
        ("|**Article 2 – paragraph 2 – point c** /   *(c)* a description. | "
        "**Article 2 – paragraph 2 – point c** /   *(d)* a description.|"),
        "|**Article 3** / ## *Article 3* Bodies | **Article 3** / ## *Article 5* Bodies|",
    ]  # fmt: skip


def places(old, new):
    laws = [law("eu-regulation", "en", "T", *provisions) for provisions in (old, new)]
    return [
        line.strip("*") for line in lines(parliament_writing(changes_between(*laws))) if line.startswith("**")
    ]


def test_parliament_amendments_to_a_text_in_force_and_from_another_number():
    writing = parliament_writing(comparison(), is_proposal=False, first_number=40)

    assert [line for line in lines(writing) if line.startswith("# Amendment")][:2] == [
        "# Amendment 40",
        "# Amendment 41",
    ]
    assert writing.blocks[2].columns == ("Present text", "Amendment")


def article(*children, **more):
    return unit("a", "article", more.pop("body", ""), *children, **more)


P1, P2 = (unit(key, "paragraph", f"Words of {key}.") for key in ("p1", "p2"))
POINTS = [unit(f"point-{letter}", "point", f"thing {letter};") for letter in "abcde"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([article(P1, heading="H")], [article(P1, heading="I")], ["Article 1 – title"]),
        (
            [article(P1, fixed_number="53")],
            [article(P1, fixed_number="53"), unit("b", "article", fixed_number="53a")],
            ["Article 53 a (new)"],
        ),
        (
            [article(unit("p", "paragraph", "List:", *POINTS), fixed_number="53")],
            [
                article(
                    unit("p", "paragraph", "List:", *POINTS[:4], unit("n", "point", fixed_number="da"), POINTS[4]),
                    fixed_number="53",
                )
            ],
            ["Article 53 – paragraph 1 – point d a (new)"],
        ),
        (
            [article(*POINTS, body="Words:")],
            [article(*POINTS[:4], body="Other words:")],
            ["Article 1 – paragraph 1 – introductory part", "Article 1 – paragraph 1 – point e"],
        ),
        (
            [article(P1)],
            [article(unit("p1", "paragraph", "Words of p1.", unit("s", "subparagraph")))],
            ["Article 1 – paragraph 1 – subparagraph 2 (new)"],
        ),
        (
            [unit("r1", "recital", "One,"), article(P1)],
            [unit("r0", "recital", "None,"), unit("r1", "recital", "One,"), article(P1)],
            ["Recital -1 (new)"],
        ),
        (
            [unit("cit", "citation", "Having regard to it,"), article(P1)],
            [unit("cit", "citation", "Having regard to that,"), article(P1)],
            ["Citation 1"],
        ),
        (
            [unit("c", "chapter", "", article(P1), heading="Old")],
            [unit("c", "chapter", "", article(P1), heading="New")],
            ["Chapter I – title"],
        ),
        (
            [article(P1), unit("x", "annex", "", unit("x1", "paragraph", "One."))],
            [article(P1), unit("x", "annex", "", unit("x1", "paragraph", "Two."))],
            ["Annex – paragraph 1"],
        ),
        (
            [article(unit("q", "point", "x:", unit("i1", "point"), unit("i2", "point")), body="W:")],
            [article(unit("q", "point", "x:", unit("i1", "point"), unit("i2", "point", "y.")), body="W:")],
            ["Article 1 – paragraph 1 – point a – point ii"],
        ),
        ([article(P1)], [article(P1, P2)], ["Article 1 – paragraph 2 (new)"]),
    ],
)  # fmt: skip
def test_parliament_amendments_name_places_as_the_house_does(old, new, expected):
    assert [place for place in places(old, new) if place != "Words before the recitals (new)"] == expected


def test_amending_act():
    writing = amending_act_writing(comparison(), act="Regulation (EU) 2031/7")

    assert lines(writing) == [
        "The provisions to which the points below apply are cited by the numbers they have before these amendments.",
        "Regulation (EU) 2031/7 is amended as follows:",
        "(1) Article 1 is replaced by the following:",
        "  ‘Article 1 Scope",
        "  This Regulation applies to models placed on the market or put into service.’;",
        "(2) Article 2 is amended as follows:",
        "  (a) paragraph 1 is replaced by the following:",
        "    ‘1. Every provider shall return its model within 36 months of placing it on the market.’;",
        "  (b) in paragraph 2, point (b) is replaced by the following:",
        "    ‘(b) the source code;’;",
        "  (c) in paragraph 2, after point (b), the following point is inserted:",
        "    ‘(c) the tokenizer;’;",
        "  (d) in paragraph 2, point (c) becomes point (d);",
        "  (e) paragraph 3 is deleted;",
        "(3) after Article 2, the following Articles are inserted:",
        "  ‘Article 3 Register",
        "  The Commission shall keep a public register.",
        "  Article 4 Fines and periods",
        "  Fines shall not exceed what the Member State lays down.’;",
        "(4) Article 3 becomes Article 5;",
        "(5) Article 4 is deleted.",
    ]


def test_amending_act_says_whose_numbers_it_uses_where_a_number_goes_from_one_unit_to_another():
    first, second = unit("first", "article", "One."), unit("second", "article", "Two.")
    new = unit("new", "article", "None.")

    drawn = [
        lines(
            amending_act_writing(
                changes_between(*(law("eu-regulation", "en", TITLE, *items) for items in laws))
            )
        )
        for laws in (
            ([first, second], [new, first]),
            ([first, second], [second]),
            ([first, second], [first, new]),
            ([first, second], [first]),
            ([first], [first, second]),
        )
    ]

    says = "The provisions to which the points below apply are cited by the numbers they have before these amendments."
    assert drawn[0] == [
        says,
        f"{TITLE} is amended as follows:",
        "(1) before Article 1, the following Article is inserted:",
        "  ‘Article 1",
        "  None.’;",
        "(2) Article 1 becomes Article 2;",
        "(3) Article 2 is deleted.",
    ]
    assert [each[0] == says for each in drawn] == [True, True, True, False, False]


def test_amending_act_inserts_what_has_its_own_number_where_the_number_says():
    old = article(
        unit("p1", "paragraph", "One."), unit("p2", "paragraph", "Two:", *POINTS), fixed_number="53"
    )
    new = article(
        unit("p1", "paragraph", "One."),
        unit("n", "paragraph", "Between.", fixed_number="1a"),
        unit("p2", "paragraph", "All of these:", *POINTS),
        unit("p3", "paragraph", "Three."),
        fixed_number="53",
    )

    writing = amending_act_writing(
        changes_between(*(law("eu-regulation", "en", TITLE, item) for item in (old, new)))
    )

    assert lines(writing) == [
        f"{TITLE} is amended as follows:",
        "(1) Article 53 is amended as follows:",
        "  (a) the following paragraph is inserted:",
        "    ‘1a. Between.’;",
        "  (b) in paragraph 2, the introductory wording is replaced by the following:",
        "    ‘2. All of these:’;",
        "  (c) the following paragraph is added:",
        "    ‘3. Three.’.",
    ]


def test_changes_of_the_title_and_of_the_words_around_the_provisions_are_drawn_up_too():
    laws = [
        law("eu-regulation", "en", "On models", unit("a", "article")),
        law("us-bill", "en", "On large models", unit("a", "article")),
    ]
    comparison = changes_between(*laws)

    assert [line for line in lines(amending_act_writing(comparison, act="It")) if line.startswith("(")] == [
        "(1) the following words above the title are inserted:",
        "(2) the title of the text is replaced by the following:",
        "(3) the opening words are deleted;",
        "(4) the enacting words are replaced by the following:",
        "(5) Article 1 becomes section 1;",
        "(6) the closing words are deleted.",
    ]
    assert [line for line in lines(striking_writing(comparison, act="It")) if line[:1] not in " “"] == [
        "The title of the text is amended by inserting “large” after “On”.",
        "The enacting words are amended by striking the text and inserting the following:",
        "It is amended—",
    ]


def test_striking_in_a_united_states_bill():
    writing = striking_writing(comparison("us-bill"), act="The Model Return Act")

    assert lines(writing) == [
        "Section 1 is amended by inserting “or put into service” after “market”.",
        "Section 2 is amended—",
        "  (1) in subsection (a), by striking “24” and inserting “36”;",
        "  (2) in subsection (b)(2), by inserting “source” after “the”;",
        "  (3) by striking subsection (c); and",
        "  (4) in subsection (b)—",
        "    (A) by redesignating paragraph (3) as paragraph (4); and",
        "    (B) by inserting after paragraph (2) the following:",
        "      “(3) the tokenizer;”.",
        "The Model Return Act is amended—",
        "  (1) by striking section 4;",
        "  (2) by redesignating section 3 as section 5; and",
        "  (3) by inserting after section 2 the following:",
        "    “SEC. 3. REGISTER.",
        "    “The Commission shall keep a public register.",
        "    “SEC. 4. FINES AND PERIODS.",
        "    “Fines shall not exceed what the Member State lays down.”.",
    ]


def test_striking_says_where_words_stand_more_than_once_and_names_rows_of_units():
    words = "The office keeps what the office was given, the office tells it, and all of it stays with it for years."
    old = law(
        "us-bill",
        "en",
        "T",
        article(unit("p", "paragraph", words), P1, P2, unit("q", "paragraph", "Last words of it.")),
    )
    new = law(
        "us-bill", "en", "T",
        article(
            unit("p", "paragraph", words.replace("office", "board")), unit("n", "paragraph", "New."), P1, P2,
            unit("q", "paragraph", "Everything else."),
        ),
    )  # fmt: skip

    assert lines(striking_writing(changes_between(old, new))) == [
        "Section 1 is amended—",
        "  (1) in subsection (a), by striking “office” each place it appears and inserting “board”;",
        "  (2) in subsection (d), by striking the text and inserting the following:",
        "    “Everything else.”;",
        "  (3) by redesignating subsections (b) through (d) as subsections (c) through (e), respectively; and",
        "  (4) by inserting after subsection (a) the following:",
        "    “(b) New.”.",
    ]


def test_striking_gives_new_numbers_from_the_lowest_level_up():
    points = [unit(f"t{place}", "point", f"thing {place};") for place in range(3)]
    inner = unit("q", "paragraph", "These:", points[0], points[1])
    more = unit("q", "paragraph", "These:", points[2], points[0], points[1])
    old = law("us-bill", "en", "T", article(P1, inner))
    new = law("us-bill", "en", "T", article(unit("n", "paragraph", "New."), P1, more))

    assert lines(striking_writing(changes_between(old, new))) == [
        "Section 1 is amended—",
        "  (1) in subsection (b)—",
        "    (A) by redesignating paragraphs (1) and (2) as paragraphs (2) and (3), respectively; and",
        "    (B) by inserting before paragraph (2) (as so redesignated) the following:",
        "      “(1) thing 2;”;",
        "  (2) by redesignating subsections (a) and (b) as subsections (b) and (c), respectively; and",
        "  (3) by inserting before subsection (b) (as so redesignated) the following:",
        "    “(a) New.”.",
    ]


def test_striking_gives_sections_new_numbers_once_all_of_them_are_amended():
    def bill(word, *more):
        sections = [unit(f"s{place}", "article", f"There is {word} on it here.") for place in range(3)]
        return law(
            "us-bill", "en", "T",
            unit("c1", "title", "", *more, sections[0], heading="One"),
            unit("c2", "title", "", *sections[1:], heading="Two"),
        )  # fmt: skip

    drawn = lines(striking_writing(changes_between(bill("much"), bill("more", unit("n", "article", "New.")))))

    assert [line for line in drawn if "amended" in line or "redesignating" in line] == [
        *(f"Section {place} is amended by striking “much” and inserting “more”." for place in (1, 2, 3)),
        "Title I is amended—",
        "  (1) by redesignating section 1 as section 2; and",
        "Title II is amended by redesignating sections 2 and 3 as sections 3 and 4, respectively.",
    ]


def test_comparison_table_in_korean():
    register = unit(
        "reg", "article", "장관은 등록부를 공개하여야 한다.", heading="등록부", fixed_number="2의2"
    )

    def bill(is_new):
        return law(
            "korean-act", "ko", "모델 반환에 관한 법률",
            unit("aim", "article", "이 법은 모델의 반환에 필요한 사항을 정한다.", heading="목적"),
            unit(
                "duty", "article", "",
                unit("d1", "paragraph", f"사업자는 모델을 출시한 날부터 {36 if is_new else 24}개월 이내에 반환하여야 한다."),
                unit(
                    "d2", "paragraph", "다음 각 호의 자료를 제출하여야 한다.",
                    unit("n1", "point", "가중치"), unit("n2", "point", "소스코드" if is_new else "코드"),
                    unit("n3", "point", "설명서"), unit("n4", "point", "학습 기록"),
                ),
                unit("d3", "paragraph", "필요한 사항은 대통령령으로 정한다."),
                *([] if is_new else [unit("d4", "paragraph", "소규모 사업자는 제외한다.")]),
                heading="반환 의무",
            ),
            *([register] if is_new else []),
        )  # fmt: skip

    writing = comparison_table_writing(changes_between(bill(False), bill(True)))

    assert (writing.title, writing.blocks[0].columns) == ("신·구조문대비표", ("현행", "개정안"))
    assert rows(writing) == [
        ("## 제2조(반환 의무)",) * 2,
        (
            "① 사업자는 모델을 출시한 날부터 _24_개월 이내에 반환하여야 한다.",
            "① 사업자는 모델을 출시한 날부터 _36_개월 이내에 반환하여야 한다.",
        ),
        ("② <(생략)>", "② <(현행과 같음)>"),
        ("  1. <(생략)>", "  1. <(현행과 같음)>"),
        ("  2. 코드", "  2. _소스_코드"),
        ("  3. ~ 4. <(생략)>", "  3. ~ 4. <(현행과 같음)>"),
        ("③ <(생략)>", "③ <(현행과 같음)>"),
        ("_④_ _소규모 사업자는 제외한다._", "<〈삭 제〉>"),
        ("<〈신 설〉>", "## _제2조의2(등록부)_ / _장관은 등록부를 공개하여야 한다._"),
    ]


def test_comparison_table_in_japanese():
    def bill(is_new):
        return law(
            "japanese-act", "ja", "モデルの返還に関する法律",
            unit("aim", "article", "この法律は、モデルの返還について定める。", heading="目的"),
            unit(
                "duty", "article", "",
                unit("d1", "paragraph", f"事業者は、{'三十六' if is_new else '二十四'}月以内にモデルを返還しなければならない。"),
                unit(
                    "d2", "paragraph", "次に掲げるものを提出する。",
                    unit("n1", "point", "重み"), unit("n2", "point", "ソースコード" if is_new else "コード"),
                ),
                *([] if is_new else [unit("d3", "paragraph", "小規模な事業者を除く。")]),
                heading="返還",
            ),
            *([unit("reg", "article", "大臣は、登録簿を公開する。", heading="登録簿", fixed_number="2の2")] if is_new else []),
        )  # fmt: skip

    writing = comparison_table_writing(changes_between(bill(False), bill(True)))

    assert (writing.title, writing.blocks[0].columns) == ("新旧対照表", ("現行", "改正案"))
    assert rows(writing) == [
        ("## 第二条（返還）",) * 2,
        (
            "事業者は、_二十四_月以内にモデルを返還しなければならない。",
            "事業者は、_三十六_月以内にモデルを返還しなければならない。",
        ),
        ("２ <（略）>",) * 2,
        ("  一 <（略）>",) * 2,
        ("  二 コード", "  二 _ソース_コード"),
        ("_３_ _小規模な事業者を除く。_", "<（削る）>"),
        ("<（新設）>", "## _第二条の二（登録簿）_ / _大臣は、登録簿を公開する。_"),
    ]


def text_lines(writing):
    drawn = lines(writing)
    return drawn[drawn.index("# The text with its changes") + 1 :]


def test_redline_in_german():
    def act(period, *more):
        return law(
            "german-act", "de", "Gesetz über die Rückgabe von Modellen",
            unit("aim", "article", "Dieses Gesetz regelt die Rückgabe von Modellen.", heading="Zweck"),
            unit(
                "duty", "article", "",
                unit("d1", "paragraph", f"Der Anbieter gibt das Modell {period} zurück."), *more, heading="Rückgabe",
            ),
        )  # fmt: skip

    old = act(
        "innerhalb von 24 Monaten",
        unit("d2", "paragraph", "[[ref:d1]] gilt nicht für kleine Anbieter."),
        unit("d3", "paragraph", "Die Behörde führt ein Register."),
    )
    new = act("binnen 36 Monaten kostenlos", unit("d3", "paragraph", "Die Behörde führt ein Register."))

    assert text_lines(redline_writing(changes_between(old, new))) == [
        "# Gesetz über die Rückgabe von Modellen",
        "Der Bundestag hat das folgende Gesetz beschlossen:",
        "## § 1 Zweck",
        "Dieses Gesetz regelt die Rückgabe von Modellen.",
        "## § 2 Rückgabe",
        "(1) Der Anbieter gibt das Modell {-innerhalb von 24 Monaten-}{+binnen 36 Monaten kostenlos+} zurück.",
        "{-(2)-} {-Absatz 1 gilt nicht für kleine Anbieter.-}",
        "{-(3)-}{+(2)+} Die Behörde führt ein Register.",
    ]


def test_redline_in_french():
    def act(words, *more):
        return law(
            "french-act", "fr", "Loi relative à la restitution des modèles",
            unit("a", "article", f"Le fournisseur restitue {words}."), *more,
        )  # fmt: skip

    old = act("le modèle dans un délai de vingt-quatre mois", unit("b", "article", "L’autorité l’atteste."))
    new = act(
        "gratuitement le modèle dans un délai de trente-six mois",
        unit("c", "article", "L’autorité tient un registre."),
    )

    assert text_lines(redline_writing(changes_between(old, new))) == [
        "# Loi relative à la restitution des modèles",
        "L’Assemblée nationale et le Sénat ont adopté,",
        "Le Président de la République promulgue la loi dont la teneur suit :",
        "## Article 1er",
        "Le fournisseur restitue {+gratuitement +}le modèle dans un délai de {-vingt-quatre-}{+trente-six+} mois.",
        "## {-Article 2-}",
        "{-L’autorité l’atteste.-}",
        "## {+Article 2+}",
        "{+L’autorité tient un registre.+}",
    ]


@pytest.mark.parametrize("form", [striking_writing, amending_act_writing])
def test_forms_in_english_refuse_other_languages(form):
    german = law("german-act", "de", "Gesetz", unit("a", "article"))

    with pytest.raises(FormInEnglishOnly) as refusal:
        form(changes_between(german, german))

    assert str(refusal.value) == (
        "This form of amendment is written in English only. Choose the redline, two columns or the comparison table."
    )


def inserting(*articles):
    """An act that puts articles into another one."""
    quoted = unit(
        "quoted", "quoted", "", *articles, act="Regulation (EU) 2024/1689", place=[("chapter", "V")]
    )  # fmt: skip
    point = unit("point", "amending-point", "the following Articles are inserted:", quoted)
    return law("eu-regulation", "en", TITLE, unit("amends", "article", "It is amended as follows:", point))


def test_amendments_find_an_article_that_is_put_into_another_act_by_way_of_the_one_that_does_so():
    first = unit("first", "article", "One.", heading="First", fixed_number="53e")
    second = unit("second", "article", "Two.", heading="Second", fixed_number="53f")
    third = unit("third", "article", "Three.", heading="Third", fixed_number="53g")

    old, new = inserting(first, second, third), inserting(first, third, second)
    drawn = lines(parliament_writing(changes_between(old, new)))

    assert [line for line in drawn if line.startswith("**")] == [
        "**Article 1 – paragraph 1 – point 1 – article 53 e a (new)**",
        "**Article 1 – paragraph 1 – point 1 – article 53 g**",
    ]
