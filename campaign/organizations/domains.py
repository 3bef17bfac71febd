"""Which mail address speaks for which website."""

from urllib.parse import urlsplit

# Anyone can open a mailbox there, so a mail from one proves nothing about an organization.
# fmt: off
PUBLIC_MAIL_DOMAINS = frozenset(
    {
        "126.com", "163.com", "aol.com", "bluewin.ch", "daum.net", "email.cz", "fastmail.com", "free.fr",
        "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
        "hanmail.net", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it",
        "icloud.com", "inbox.lv", "kakao.com", "laposte.net", "libero.it", "live.com", "mac.com",
        "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com", "outlook.de",
        "outlook.fr", "pm.me", "posteo.de", "proton.me", "protonmail.ch", "protonmail.com", "qq.com",
        "rediffmail.com", "rocketmail.com", "seznam.cz", "sfr.fr", "t-online.de", "tuta.com",
        "tutanota.com", "wanadoo.fr", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com",
        "yahoo.de", "yahoo.fr", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
    }
)
# fmt: on


def website_domain(website: str) -> str:
    """The domain of a web address in lower case and ASCII, without "www."; "" when there is none."""
    host = (urlsplit(website).hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return host.removeprefix("www.")


def mail_domain(address: str) -> str:
    """The part after the @, in lower case and ASCII; "" when it cannot be one."""
    host = address.rpartition("@")[2].strip().lower().rstrip(".")
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


def is_own_domain(*, address: str, website: str) -> bool:
    """Whether a mail address is on the website's own domain, or below it.

    The other way round (mail above the website) is refused: a page on a shared host would make everybody with an address of that
    host a signatory.
    """
    mail, site = mail_domain(address), website_domain(website)
    if "." not in site or site in PUBLIC_MAIL_DOMAINS or mail in PUBLIC_MAIL_DOMAINS:
        return False
    return mail == site or mail.endswith("." + site)
