"""tools/verify_ledger.py against a site that signs what it likes."""

import http.server
import json
import subprocess
import sys
import threading
import urllib.parse
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.core.merkle import Frontier, leaf_hash
from campaign.core.notes import VerifierKey, public_key_of, signed_note
from campaign.petitions import proofs

TOOL = Path(__file__).resolve().parents[2] / "tools/verify_ledger.py"
SEED, PETITION = bytes(range(32)), uuid.UUID(int=7)


def entry(position, kind, additions, total, mark):
    return proofs.leaf(
        petition=str(PETITION),
        position=position,
        kind=kind,
        reason="" if kind == "addition" else "moderator",
        additions=additions,
        total=total,
        day="2026-01-01",
        mark=mark,
    )


def additions(*addresses):
    marks = [
        proofs.commitment(salt=bytes([n]) * 32, address=address) for n, address in enumerate(addresses, 1)
    ]
    return [entry(n, "addition", n, n, mark) for n, mark in enumerate(marks, 1)]


def signed_head(entries, name):
    tree = Frontier()
    for text in entries:
        tree.append(leaf_hash(text.encode()))
    statement = proofs.head(
        key_name=name,
        petition_id=PETITION,
        size=len(entries),
        root=tree.root(),
        total=json.loads(entries[-1])["total"],
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return signed_note(str(statement), name=name, seed=SEED)


class Site(http.server.ThreadingHTTPServer):
    """Signs and serves whatever `entries` holds."""

    entries: list[str]

    @property
    def name(self):
        return f"127.0.0.1:{self.server_port}"

    @property
    def key(self):
        return str(VerifierKey(self.name, public_key_of(SEED)))

    def recount(self, *arguments):
        address = f"http://{self.name}/petitions/x/"
        command = [sys.executable, "-I", TOOL, "recount", address, "--key", self.key, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        return done.returncode, done.stdout


class Answers(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        asked = urllib.parse.urlparse(self.path)
        if asked.path.endswith("checkpoint"):
            body = signed_head(self.server.entries, self.server.name)
        else:
            start = int(urllib.parse.parse_qs(asked.query)["from"][0])
            body = json.dumps({"entries": self.server.entries[start - 1 :]})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())


@pytest.fixture
def site():
    server = Site(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def receipt(site, tmp_path):
    """Ada's, of an honest ledger of two."""
    honest = additions("ada@example.org", "bo@example.org")
    made = proofs.Receipt(
        PETITION,
        "title",
        f"http://{site.name}/petitions/x/",
        1,
        1,
        honest[0],
        bytes([1]) * 32,
        2,
        (leaf_hash(honest[1].encode()),),
        signed_head(honest, site.name),
        site.key,
    )
    path = tmp_path / "receipt.json"
    path.write_text(made.as_text(how_to_check=""))
    site.entries = honest
    return path


def test_recount_of_the_honest_ledger(site, receipt):
    code, said = site.recount("--receipt", receipt, "--address", "ada@example.org")

    assert (code, "Number 1 was never removed." in said) == (0, True)


def test_recount_of_a_ledger_without_the_receipts_entry(site, receipt):
    site.entries = additions("robot@example.org", "bo@example.org", "eve@example.org")

    code, said = site.recount("--receipt", receipt, "--address", "ada@example.org")

    assert (code, "another entry stands where the receipt says 1" in said) == (1, True)


def test_recount_of_a_ledger_that_does_not_go_on_from_the_receipts(site, receipt):
    site.entries = additions("ada@example.org", "robot@example.org", "eve@example.org")

    code, said = site.recount("--receipt", receipt, "--address", "ada@example.org")

    assert (code, "does not go on from the one of the receipt" in said) == (1, True)


def test_recount_of_a_ledger_older_than_the_receipt(site, receipt):
    site.entries = additions("ada@example.org")

    code, said = site.recount("--receipt", receipt, "--address", "ada@example.org")

    assert (code, "an older ledger" in said) == (1, True)


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["restoration"], "entry 2 restores what was not removed"),
        (["removal", "restoration", "restoration"], "entry 4 restores what was not removed"),
        (["removal", "removal"], "entry 3"),
    ],
)
def test_recount_of_moves_that_cannot_be(site, kinds, told):
    site.entries, total = additions("ada@example.org"), 1
    for position, kind in enumerate(kinds, 2):
        total += -1 if kind == "removal" else 1
        site.entries.append(entry(position, kind, 1, total, b"\1" * 32))

    code, said = site.recount()

    assert (code, told in said) == (1, True)


def test_recount_of_one_signature_added_twice(site):
    first = additions("ada@example.org")[0]
    mark = bytes.fromhex(json.loads(first)["mark"])
    site.entries = [first, entry(2, "addition", 2, 2, mark)]

    code, said = site.recount()

    assert (code, "entry 2 adds what an earlier one added" in said) == (1, True)
