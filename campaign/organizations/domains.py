"""Which mail address speaks for which website."""

from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from campaign.core.mailboxes import ascii_host

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
        "yahoo.de", "yahoo.fr",
        "comcast.net", "gmx.fr", "hotmail.es", "hotmail.nl", "hush.com", "mailbox.org", "posteo.net",
        "riseup.net", "telenet.be",
        "tuta.io", "tutanota.de", "verizon.net", "ziggo.nl", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
    }
)
# fmt: on


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def website_domain(website: str) -> str:
    """The domain of a web address in ASCII and lower case, without "www."; "" when it has none of its own.

    Only http and https, no user names, no bare addresses, and no public suffix such as "co.uk" or "github.io": what many can have
    speaks for nobody.
    """
    parts = urlsplit(website)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return ""
    host = ascii_host(parts.hostname or "").removeprefix("www.")
    return host if _suffixes().privatesuffix(host) and not host.replace(".", "").isdigit() else ""


def is_own_domain(*, address: str, website: str) -> bool:
    """Whether a mail address is on the website's very own domain.

    Neither below it nor above: students of a university have addresses below its domain, and a page on a shared host would make
    everybody with an address of that host a signatory.
    """
    mail, site = ascii_host(address.rpartition("@")[2]), website_domain(website)
    if not site or not mail or site in PUBLIC_MAIL_DOMAINS or mail in PUBLIC_MAIL_DOMAINS:
        return False
    return mail == site
