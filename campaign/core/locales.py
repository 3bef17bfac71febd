"""Languages that people write in: more than the interface is translated into."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext

# The official languages of the European Union, and those most used in consultations elsewhere. Longer than what
# a form can show is no help: an operator who needs another one adds its tag here.
# fmt: off
CONTENT_LOCALES = [
    "en", "bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl",
    "pt", "pt-br", "ro", "sk", "sl", "sv",
    "ar", "ca", "cy", "eu", "fa", "gl", "he", "hi", "id", "is", "ja", "ko", "nb", "ru", "sr", "sw", "tr", "uk", "ur",
    "vi", "zh-hans", "zh-hant",
]
# fmt: on
OWN_NAMES = {"eu": "Euskara", "mt": "Malti"}  # which Django lacks or gives in English


def content_locales() -> list[tuple[str, str]]:
    """(locale tag, its own name) in the order of CONTENT_LOCALES."""
    names = [OWN_NAMES.get(tag) or str(LANG_INFO[tag]["name_local"]) for tag in CONTENT_LOCALES]
    return [(tag, name[0].upper() + name[1:]) for tag, name in zip(CONTENT_LOCALES, names, strict=True)]


def language_name(code: str) -> str:
    """The name of a language in the language of the page; its tag for one that Django does not know."""
    info = LANG_INFO.get(code.lower())
    return str(gettext(info["name"])) if info and "name" in info else code
