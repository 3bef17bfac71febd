"""Every word of the interface can be translated: the whole demo site is read in the pseudo-locale.

What stands on a page is either accented (it went through the catalog), or content that somebody wrote, inside an element
that says its language, or it is on the short list below.
"""

import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit
from zoneinfo import available_timezones

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from campaign.accounts.models import User
from campaign.campaigns.models import Authority, Campaign, Jurisdiction
from campaign.core.locales import content_locales
from campaign.core.pseudo import CLOSE, OPEN, pseudo_translate, read_catalog, write_catalog
from campaign.organizations.models import Organization

PSEUDO = "en-xa"
SHOWN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-copied"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNREAD = {"script", "style", "template", "textarea"}  # in a textarea stands what somebody typed
# The same in every language: names of formats and standards, addresses, digests.
NAMES = re.compile(
    r"\b(?:https?://\S+|[\w.+-]+@[\w.-]+|[\w-]+(?:\.[\w-]+)+|[0-9a-f]{8,}…?|PDF(?:/[AU]+-\w+)?|SHA-256|JSON|YAML|Markdown|UTF-8|AGPL)\b"
)
WORD = re.compile(r"[A-Za-z]{2,}")
NOT_PAGES = re.compile(r"/(accounts/logout/|static/|media/)|/.*/download/")
MOST_PAGES = 1_000
ALIKE = 8  # pages of one kind


class Reader(HTMLParser):
    """Collects the links of a page, and every piece of text that was not translated."""

    def __init__(self, names=()):
        super().__init__(convert_charrefs=True)
        self.names = names  # what a choice may be called: it cannot say its language
        self.stack = []  # (tag, its language, whether it is read at all)
        self.depth = 0  # inside how many translated messages: what is put into a sentence may be a name
        self.links, self.untranslated, self.seen_translated = [], [], 0
        self.content = []  # what people wrote; the page's title may repeat it
        self.title = ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        language, is_read = self.stack[-1][1:] if self.stack else (PSEUDO, True)
        language = given.get("lang", language)
        is_read = is_read and tag not in UNREAD and given.get("translate") != "no"
        for name, value in given.items():
            if name in SHOWN_ATTRIBUTES and is_read and language == PSEUDO:
                self.judge(value or "", f"{tag}[{name}]")
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.judge(given.get("value") or "", "input[value]")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in VOID:
            self.stack.append((tag, language, is_read))

    def handle_endtag(self, tag):
        while self.stack and tag not in VOID:
            if self.stack.pop()[0] == tag:
                return

    def handle_data(self, data):
        if self.stack and self.stack[-1][0] == "title":
            self.title += data
        elif self.stack and self.stack[-1][1] != PSEUDO:
            self.content.append(" ".join(data.split()))
        elif self.stack and self.stack[-1][1] == PSEUDO and self.stack[-1][2]:
            self.judge(data, self.stack[-1][0])

    def close(self):
        """A title cannot say the language of its parts: it may repeat the site's name and what the page marks as content."""
        super().close()
        title = " ".join(self.title.split())
        for known in sorted({"Reclaim", *self.content}, key=len, reverse=True):
            title = title.replace(known, "") if len(known) > 2 else title
        self.judge(title, "title")

    def judge(self, text, place):
        outside = ""
        for character in text:
            if character == OPEN:
                self.depth += 1
                self.seen_translated += 1
            elif character == CLOSE:
                self.depth -= 1
            elif self.depth == 0:
                outside += character
        outside = " ".join(outside.split())
        if WORD.search(NAMES.sub("", outside)) and not (
            place in {"option", "label"} and outside in self.names
        ):
            self.untranslated.append((place, outside[:80]))


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.DEMO_PASSWORD = "a demo password"
    settings.MAIL_PAGE, settings.EMAIL_FILE_PATH = True, tmp_path / "mail"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "campaign.mailing.backends.TerminalBackend"
    send_mail("A letter", "Somebody wrote this.", None, ["ada@example.org"])
    call_command("pseudolocale", "--force", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)


def names_of_choices():
    """Languages by their own names, time zones, and names of bodies that people entered."""
    return {
        *(name for _tag, name in content_locales()),
        *(zone.replace("_", " ") for zone in available_timezones()),
        *Campaign.objects.values_list("title", flat=True),
        *Organization.objects.values_list("display_name", flat=True),
        *(str(authority) for authority in Authority.objects.all()),
        *Authority.objects.values_list("name", flat=True),
        *Jurisdiction.objects.values_list("name", flat=True),
    }


def kind_of_page(path):
    """The name of the address: a library has many pages of one kind, and a few of them show its words."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


def read_site(client):
    """Follow the links of the site, up to ALIKE pages of a kind.

    {address: what was not translated}, and how many messages were.
    """
    names = names_of_choices()
    waiting, found, seen, translated = deque(["/", "/nowhere/"]), {}, {"/", "/nowhere/"}, 0
    shown: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        response = client.get(address, follow=True)
        if not response["Content-Type"].startswith("text/html"):
            continue
        assert response.status_code < 500, address
        reader = Reader(names)
        reader.feed(response.content.decode())
        reader.close()
        assert reader.depth == 0, f"{address}: a message was cut"
        found[address] = reader.untranslated
        translated += reader.seen_translated
        for link in reader.links:
            parts = urlsplit(urldefrag(link).url)
            target = parts._replace(scheme="", netloc="").geturl()
            is_ours = not parts.netloc or parts.netloc == "testserver"
            if is_ours and target.startswith("/") and target not in seen and not NOT_PAGES.match(target):
                seen.add(target)
                if shown[kind := kind_of_page(parts.path)] < ALIKE:
                    shown[kind] += 1
                    waiting.append(target)
        assert len(seen) < MOST_PAGES, "the crawl runs in circles"
    return found, translated


@pytest.mark.parametrize("person", [None, "lead@commons-lab.example"])
def test_every_word_of_the_interface_went_through_the_catalog(demo, person):
    client = Client(headers={"accept-language": PSEUDO})
    if person:
        client.force_login(User.objects.get(email=person))

    found, translated = read_site(client)

    assert len(found) > 15
    assert translated > 500
    missed = {piece: address for address, pieces in found.items() for piece in pieces}
    pieces = "\n".join(f"{address} <{place}> {text}" for (place, text), address in missed.items())
    assert not missed, f"not in the catalog (collect new messages with: manage.py messages)\n{pieces}"


def test_reader_finds_words_that_were_not_translated():
    reader = Reader()

    reader.feed(
        '<html lang="en-xa"><body><p>⟦Šïğñ ·⟧ <b>Sign here</b> ⟦ƀý <i>Ada</i>⟧</p><p lang="en">Return it</p>'
        '<img alt="A seal" src="x"><code>4f5e6a7b8c9d</code> PDF</body></html>'
    )

    assert reader.untranslated == [("b", "Sign here"), ("img[alt]", "A seal")]


@pytest.mark.parametrize(
    ("english", "pseudo"),
    [
        ("Sign", "⟦Šíĝñ ·⟧"),
        ("%(count)s left of %(all)s", "⟦%(count)s łéƒţ óƒ %(all)s ··⟧"),
        ("Save {name} &amp; <b>close</b>", "⟦Šåṽé {name} &amp; <b>ćłóšé</b> ···⟧"),
        ("%(n)d word\x00%(n)d words", "⟦%(n)d ŵóŕđ ·⟧\x00⟦%(n)d ŵóŕđš ··⟧"),
        ("100%% free\n", "⟦100%% ƒŕéé ·⟧\n"),
        ("%(count)s", "%(count)s"),
    ],
)
def test_pseudo_translation_keeps_what_programs_read(english, pseudo):
    assert pseudo_translate(english) == pseudo


def test_catalog_read_back_is_the_one_written():
    messages = [("", "Language: en_XA\n"), ("b", "ƀ"), ("ctx\x04a", "å"), ("n\x00ns", "ñ\x00ñš")]

    assert sorted(read_catalog(write_catalog(messages))) == sorted(messages)
