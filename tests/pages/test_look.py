"""What the look promises and a browser's checker does not see: contrast of every accent, sizes, hashes, addresses."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mails and documents carry their own style; every other template is drawn under the strict policy.
PAGES = [
    path
    for path in TEMPLATES
    if not {"email", "pdf", "exports"} & set(path.parts) and path.parts[-2:] != ("components", "mail.html")
]
STYLES = sorted((ROOT / "static/css").glob("*.css"))
ACCENTS = ["vermilion", "cobalt", "pine", "plum", "ink"]


def colors(*, accent: str, dark: bool) -> dict[str, str]:
    """The custom properties that hold under an accent in a scheme, as hex colors; `var()` followed once."""
    text = (ROOT / "static/css/tokens.css").read_text().split("@media (forced-colors")[0]
    light_text, dark_text = text.split("@media (prefers-color-scheme: dark)")
    found: dict[str, str] = {}
    for part in [light_text, dark_text] if dark else [light_text]:
        rules = re.findall(r"(:root|\[data-accent=\"\w+\"\])\s*{([^}]*)}", part)
        for selector, body in sorted(rules, key=lambda rule: rule[0] != ":root"):
            if selector == ":root" or f'"{accent}"' in selector:
                found.update(re.findall(r"(--[\w-]+): ([^;]+);", body))
    return {
        name: found.get(value[4:-1], value) if value.startswith("var(") else value
        for name, value in found.items()
        if value.startswith(("#", "var("))
    }


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colors written #rrggbb."""

    def luminance(color: str) -> float:
        parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("--ink", "--paper", 7),
        ("--muted", "--paper", 4.5),
        ("--muted", "--wash", 4.5),
        ("--accent", "--paper", 4.5),
        ("--accent-ink", "--accent", 4.5),
        ("--accent-ink", "--accent-deep", 4.5),
        ("--ground-ink", "--ground", 4.5),
        ("--ok", "--paper", 4.5),
        ("--warn", "--paper", 4.5),
        ("--stop", "--paper", 4.5),
        ("--edge", "--paper", 3),
    ],
)
def test_colors_have_contrast(front: str, back: str, least: float, accent: str, dark: bool) -> None:
    values = colors(accent=accent, dark=dark)

    assert contrast(values[front], values[back]) >= least


SHARED = {"fonts.css", "tokens.css", "base.css", "layout.css", "forms.css"}  # every page links them


def test_styles_of_every_page_stay_small() -> None:
    assert sum(path.stat().st_size for path in STYLES if path.name in SHARED) <= 30_000


@pytest.mark.parametrize(
    "path", [path for path in STYLES if path.name not in SHARED], ids=lambda path: path.name
)
def test_styles_of_some_pages_stay_small(path: Path) -> None:
    assert path.stat().st_size <= 8_000


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_mirrors_for_right_to_left(path: Path) -> None:
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right):|text-align: (?:left|right)",
        path.read_text(),
    )

    assert physical == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_names_addresses_that_exist(path: Path) -> None:
    named = set(re.findall(r"{% url '([\w-]+)'", path.read_text()))

    assert named - {name for name in get_resolver().reverse_dict if isinstance(name, str)} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_page_has_no_inline_style_or_script(path: Path) -> None:
    inline = re.findall(r"<style|<script(?![^>]* src=)| style=| on[a-z]+=\"", path.read_text())

    assert inline == []


def test_vendored_files_are_unchanged() -> None:
    listed = dict(
        re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (ROOT / "static/vendor/VENDORED.md").read_text())
    )
    there = [
        path
        for pattern in ("static/fonts/*/*.woff2", "static/vendor/*/*.js", "tests/vendor/*/*.js")
        for path in ROOT.glob(pattern)
    ]

    hashes = {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in there}

    assert hashes == listed
