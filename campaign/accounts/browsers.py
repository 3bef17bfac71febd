"""What a browser calls itself, in words a person knows their own device by."""

from django.utils.translation import gettext as _

# The first that fits: many browsers also name those they descend from.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Like "Firefox on Windows", in the language of the request; it is what the browser says of itself, and no proof."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        # Translators: for example "Firefox on Windows"
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    if system:
        # Translators: for example "A browser on Windows"
        return _("A browser on %(system)s") % {"system": system}
    return browser or _("A browser we do not know")
