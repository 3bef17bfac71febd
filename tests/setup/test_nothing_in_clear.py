"""The whole way of a signature leaves nothing of the person in clear: not in the database, the cache, the broker or the log."""

import base64
import json
import logging
import re
import signal
import sqlite3
import sys
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail as outbox
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from campaign.celery import app
from campaign.mailing.services import pump_mail
from campaign.mailing.tasks import pump
from campaign.petitions import tasks
from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.services import (
    number_waiting_signatures,
    queue_receipts,
    remind_unconfirmed,
    take_in_requests,
)
from tests.factories.petitions import PetitionFactory
from tests.setup.test_run import fetch, free_port, mail_to, start, wait_for  # noqa: F401  a fixture

PERSON = {
    "name": "Zephyrine Quagmire-Ößterling",
    "email": "zephyrine.quagmire@clear-example.org",
    "postcode": "ZQ7 4XK",
    "reason": "Because my grandmother Xanthippe fished there.",
}
# What would tell on her, in the smallest parts that occur nowhere else.
SECRETS = [
    "Zephyrine",
    "Quagmire",
    "Ößterling",
    "clear-example",
    "ZQ7 4XK",
    "ZQ74XK",
    "Xanthippe",
    "203.0.113.",
]
FORM = {**PERSON, "country": "DE", "agree": "on", "updates": "on"}
SHOWN = {"mail", "run.log", "static"}  # the embedded run shows mail; the rest is the same for everybody
LINK = re.compile(r"https?://\S+?(/signatures/\S+)")


# --- Looking ------------------------------------------------------------------
def spellings(secret):
    """The bytes a text may stand as: encodings, escapes, hex and base64 of each (at any of its three offsets)."""
    texts = {secret, secret.lower(), secret.upper(), json.dumps(secret)[1:-1]}
    codecs = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
    plain = {text.encode(codec) for text in texts for codec in codecs}
    hexes = {form.hex().encode() for form in plain} | {form.hex().upper().encode() for form in plain}
    return plain | hexes | set(chain.from_iterable(map(base64s, plain)))


def base64s(plain):
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + plain)
        inner = coded[4 if offset else 0 : len(coded) // 4 * 4 - 4]  # without what the neighbors change
        if len(inner) >= 6:
            yield from (inner, inner.replace(b"+", b"-").replace(b"/", b"_"))


def found(place, content):
    """[(place, secret)] for each secret that stands in `content` in whatever spelling."""
    return [(place, secret) for secret in SECRETS if any(form in content for form in spellings(secret))]


@pytest.mark.parametrize("secret", ["Zephyrine", "Ößterling", "clear-example"])
@pytest.mark.parametrize(
    "write",
    [
        str.encode,
        lambda text: text.lower().encode(),
        lambda text: text.encode("utf-16"),
        lambda text: json.dumps({"name": text}).encode(),
        lambda text: text.encode().hex().encode(),
        *(
            lambda text, before=before: base64.b64encode(b"x" * before + text.encode() + b", and more")
            for before in range(4)
        ),
    ],
)
def test_looking_finds_every_spelling(secret, write):
    assert ("here", secret) in found("here", b"before " + write(secret) + b" after")


# --- What there is to look at -------------------------------------------------
def database_dump():
    """{table: all its rows}: as text, and every binary value decoded beside it."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return {"the file": connection.connection.serialize()}
        tables, dumps = connection.introspection.table_names(cursor), {}
        for table in tables:
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608  names from the catalog
            text = "\n".join(row[0] for row in cursor.fetchall())
            binary = (bytes.fromhex(digits) for digits in re.findall(r"\\x((?:[0-9a-f]{2})+)", text))
            dumps[table] = text.encode() + b"\n" + b"\n".join(binary)
        return dumps


def redis_dump():
    """{key: its value as the server would save it, and as text}."""
    if not django_settings.REDIS_URL:
        return {}
    with app.connection_for_read() as broker:
        client = broker.default_channel.client
        assert isinstance(client, Redis)
        dumps = {}
        for key in client.scan_iter():
            readable = {b"list": lambda k: client.lrange(k, 0, -1), b"hash": client.hgetall}
            value = readable.get(client.type(key), client.dump)(key)
            dumps[key] = key + (client.dump(key) or b"") + repr(value).encode()
        return dumps


def folder_dump(folder, *, without=()):
    return {
        str(path): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in without
    }


# --- The way, in one process: PostgreSQL and Redis, or SQLite in memory -------
def last_link():
    return LINK.search(outbox.outbox[-1].body)[1]


def sign(client, petition, **changes):
    answer = client.post(
        reverse("petition_sign", args=[petition.slug]), {**FORM, **changes}, REMOTE_ADDR="203.0.113.77"
    )
    assert answer.status_code == 302, answer.content.decode()


def confirm(client, link):
    shown = re.search(r'name="shown" value="([^"]+)"', client.get(link).content.decode())[1]
    return client.post(link, {"shown": shown}, follow=True)


def walk(client):
    """Sign, take in, mail, confirm, number, receipt; another one withdraws, a third is reminded, a fourth request waits."""
    petition, now = PetitionFactory(asks_postcode=True, asks_reason=True), timezone.now()
    links = []
    for address in (PERSON["email"], "second@clear-example.org"):
        sign(client, petition, email=address)
        take_in_requests(at=timezone.now())
        pump_mail(at=timezone.now())
        links.append(last_link())
        confirm(client, links[-1])
    number_waiting_signatures(at=timezone.now())
    queue_receipts(at=timezone.now())
    pump_mail(at=timezone.now())
    own = client.get(links[1]).url
    client.get(f"{own}data/")
    client.post(f"{own}withdraw/")
    client.get(f"{own}/made-up")
    client.get(f"{links[0][:-2]}x/")
    number_waiting_signatures(at=timezone.now())
    sign(client, petition, email="third@clear-example.org")
    take_in_requests(at=timezone.now())
    Signature.objects.filter(state=SignatureState.PENDING).update(signed_at=now - timedelta(days=2))
    remind_unconfirmed(at=timezone.now())
    sign(client, petition, email="fourth@clear-example.org")
    return petition, links


@pytest.mark.sqlite
@pytest.mark.django_db
def test_whole_way_leaves_nothing_in_clear(client, settings, tmp_path, capfd, caplog):
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        },
    }
    caplog.set_level(logging.DEBUG)
    cache.set("written", "to be sure that there is a file", 60)
    try:
        petition, links = walk(client)
        for task in (tasks.take_in, tasks.number_signatures, tasks.remind, pump):
            task.delay()
        places = {**database_dump(), **redis_dump(), **folder_dump(tmp_path), "log": caplog.text.encode()}
    finally:
        app.control.purge()

    printed = "".join(capfd.readouterr())
    dumped = b"".join(places.values())
    assert petition.title.encode() in dumped, "the database was not dumped"
    assert not django_settings.REDIS_URL or b"petitions.take_in" in dumped, "the broker was not dumped"
    assert Signature.objects.get(state=SignatureState.CONFIRMED).name == PERSON["name"]
    assert list(chain.from_iterable(found(place, content) for place, content in places.items())) == []
    assert found("printed", printed.encode()) == []
    for link in links:
        token = link.strip("/").rpartition("/")[2]
        assert token not in printed
        assert not [
            place for place, content in places.items() if place != "log" and token.encode() in content
        ]


# --- The way, in the embedded run: real processes, files on disk --------------
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up under /proc")
def test_embedded_run_leaves_nothing_in_clear(start, tmp_path):  # noqa: F811
    with sqlite3.connect(tmp_path / "reclaim.sqlite3") as database:
        database.execute("UPDATE petitions_petition SET asks_postcode = 1, asks_reason = 1")
    site = start(free_port())
    address = site.address()
    petition = re.search(r'href="(/petitions/[\w-]+/)"', fetch(f"{address}/petitions/")[1])[1]

    for email in (PERSON["email"], "second@clear-example.org"):
        assert fetch(f"{address}{petition}sign/", {**FORM, "email": email})[0] == 200
        wait_for(lambda email=email: mail_to(tmp_path, email), site.said)
        link = address + LINK.search(mail_to(tmp_path, email)[0])[1]
        shown = re.search(r'name="shown" value="([^"]+)"', fetch(link)[1])[1]
        fetch(link, {"shown": shown})
    wait_for(lambda: "is the number of your signature" in fetch(link)[1], site.said)
    withdraw = re.search(r'action="(/signatures/mine/[^"]+/withdraw/)"', fetch(link)[1])[1]
    assert "Your signature is withdrawn" in fetch(address + withdraw, {"yes": "yes"})[1]

    # Mail in clear is what this run is for: in its folder and in the terminal. Everything else must hold nothing.
    dumps = folder_dump(tmp_path, without=SHOWN)
    printed = re.sub(r"\n--- mail to .*?\n---\n", "\n", site.said(), flags=re.DOTALL)
    site.process.send_signal(signal.SIGINT)
    site.process.wait(15)
    dumps.update(folder_dump(tmp_path, without=SHOWN))

    assert [place for place in dumps if place.endswith("reclaim.sqlite3")]
    assert list(chain.from_iterable(found(place, content) for place, content in dumps.items())) == []
    assert found("terminal", printed.encode()) == []
    assert withdraw.split("/")[3] not in printed
