"""Languages that people write in: more than the interface is translated into."""

from django.conf.locale import LANG_INFO


def content_locales() -> list[tuple[str, str]]:
    """(locale tag, its own name), ordered by tag. English first."""
    known = sorted(
        (code, str(info["name_local"])) for code, info in LANG_INFO.items() if "name_local" in info
    )
    return [("en", "English"), *[pair for pair in known if pair[0] != "en"]]
