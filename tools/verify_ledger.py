#!/usr/bin/env python3
"""Checks the ledger of a petition without trusting the site that keeps it.

    verify_ledger.py receipt receipt.json [--address me@example.org] [--key VKEY] [--online]
    verify_ledger.py head note.txt --key VKEY
    verify_ledger.py consistency old.txt new.txt proof.json --key VKEY
    verify_ledger.py recount https://site/petitions/slug/ [--key VKEY] [--receipt receipt.json --address me@example.org]

It needs Python 3.11 and the package `cryptography`, and nothing else of Reclaim. docs/ledger.md describes what it reads.
Exit code 0: all holds. 1: something does not; the last line says what. 2: called in a wrong way.
"""

import argparse
import base64
import binascii
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SECONDS = 30
FACTS = ("additions", "day", "kind", "mark", "petition", "position", "reason", "total")


class Refused(Exception):
    """Something does not hold."""


def require(holds, otherwise):
    if not holds:
        raise Refused(otherwise)


# --- Hashes (RFC 9162, section 2.1) -----------------------------------------
def leaf_hash(text):
    return sha256(b"\x00" + text.encode()).digest()


def node_hash(left, right):
    return sha256(b"\x01" + left + right).digest()


def root_from_path(leaf, index, size, path):
    """The root that an inclusion path leads to (2.1.3.2)."""
    require(0 <= index < size, "the position is outside of the tree")
    here, last, node = index, size - 1, leaf
    for other in path:
        require(last > 0, "the inclusion path is too long")
        if here & 1 or here == last:
            node = node_hash(other, node)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            node = node_hash(node, other)
        here, last = here >> 1, last >> 1
    require(last == 0, "the inclusion path is too short")
    return node


def require_consistent(old, old_root, new, new_root, path):
    """That the newer tree begins with the older one (2.1.4.2)."""
    require(0 < old <= new, "the older head is larger than the newer one")
    if old == new:
        require(old_root == new_root and not path, "two heads of one size differ: the ledger was forked")
        return
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    require(hashes, "the consistency path is too short")
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = hashes[0]
    for other in hashes[1:]:
        require(last > 0, "the consistency path is too long")
        if here & 1 or here == last:
            older, newer = node_hash(other, older), node_hash(other, newer)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            newer = node_hash(newer, other)
        here, last = here >> 1, last >> 1
    require(last == 0, "the consistency path is too short")
    require((older, newer) == (old_root, new_root), "the heads do not belong to one ledger: it was forked")


class Tree:
    """Adds leaves one by one and keeps a hash for each height."""

    def __init__(self):
        self.size, self.nodes = 0, []

    def append(self, leaf):
        node, place = leaf, self.size
        while place & 1:
            node, place = node_hash(self.nodes.pop(), node), place >> 1
        self.nodes.append(node)
        self.size += 1

    def root(self):
        if not self.nodes:
            return sha256(b"").digest()
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


# --- Signed heads (C2SP signed-note and tlog-checkpoint) --------------------
def decoded(text, what):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"{what} is not base64") from None


def read_key(text):
    """(name, key id, public key) of `name+key id+base64`."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    data = decoded(encoded, "the verifier key")
    require(name and len(data) == 33 and data[0] == 1, "this is not an Ed25519 verifier key")
    right = sha256(name.encode() + b"\n" + data).digest()[:4]
    require(right.hex() == key_id, "the verifier key's id is not its own")
    return name, right, data[1:]


def read_head(note, keys):
    """What a signed head says, once one of the keys has been found to sign it: origin, size, root, total, time."""
    text, parted, signatures = note.rpartition("\n\n")
    require(parted and signatures.endswith("\n"), "this is not a signed note")
    text += "\n"
    signed = False
    for line in signatures.rstrip("\n").split("\n"):
        dash, name, encoded = [*line.split(" "), "", ""][:3]
        require(dash == "—", "this is not a signature line")
        data = decoded(encoded, "a signature")
        for key_name, key_id, public_key in keys:
            if (name, data[:4]) != (key_name, key_id):
                continue
            try:
                Ed25519PublicKey.from_public_bytes(public_key).verify(data[4:], text.encode())
            except InvalidSignature:
                raise Refused("the signature does not belong to this head") from None
            signed = True
    require(signed, "the head is not signed by this key")
    lines = text.split("\n")
    require(len(lines) >= 4 and lines[1].isdigit(), "the head has another form")
    root = decoded(lines[2], "the root")
    require(len(root) == 32, "the root is not a SHA-256 digest")
    further = dict(line.partition(" ")[::2] for line in lines[3:-1])
    return {
        "origin": lines[0],
        "size": int(lines[1]),
        "root": root,
        "total": further.get("total", ""),
        "time": further.get("time", ""),
    }


def require_origin(head, petition, keys):
    names = {f"{name}/petitions/{petition}" for name, _, _ in keys}
    require(head["origin"] in names, "the head belongs to another ledger")


# --- Receipts ---------------------------------------------------------------
def read_leaf(text):
    """The facts of an entry, when its text is exactly their canonical form."""
    try:
        facts = json.loads(text)
        canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except ValueError:
        raise Refused("an entry is not JSON") from None
    require(isinstance(facts, dict) and tuple(sorted(facts)) == FACTS, "an entry has other parts")
    require(canonical == text, "an entry is not in its canonical form")
    require(all(type(value) in (str, int) for value in facts.values()), "an entry has other parts")
    return facts


def bound(purpose, salt, address):
    return sha256(f"reclaim-{purpose}-v1\n".encode() + salt + b"\n" + address.lower().encode()).hexdigest()


def read_receipt(path):
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        require(data["format"] == "reclaim-receipt-v1", "this is not a receipt of a format I know")
        return {
            "petition": str(data["petition"]["id"]),
            "address": str(data["petition"]["address"]),
            "number": int(data["number"]),
            "position": int(data["position"]),
            "leaf": str(data["leaf"]),
            "salt": bytes.fromhex(data["salt"]),
            "size": int(data["tree_size"]),
            "path": [digest(step) for step in data["inclusion_path"]],
            "checkpoint": str(data["checkpoint"]),
            "key": str(data["verifier_key"]),
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"this is not a receipt ({type(error).__name__})") from None


def checked_receipt(receipt, keys):
    """The facts of a receipt's entry, once it was found in the signed tree."""
    head = read_head(receipt["checkpoint"], keys)
    require_origin(head, receipt["petition"], keys)
    require(head["size"] == receipt["size"], "the receipt and its head have different sizes")
    leaf = leaf_hash(receipt["leaf"])
    root = root_from_path(leaf, receipt["position"] - 1, receipt["size"], receipt["path"])
    require(root == head["root"], "the entry is not in the signed ledger")
    facts = read_leaf(receipt["leaf"])
    right = ("addition", receipt["petition"], receipt["position"], receipt["number"])
    require(
        (facts["kind"], facts["petition"], facts["position"], facts["additions"]) == right,
        "the receipt says something else than its entry",
    )
    return facts, head


def require_address(receipt, facts, address):
    require(facts["mark"], "this entry is older than commitments: it names no address")
    require(
        facts["mark"] == bound("commitment", receipt["salt"], address),
        "the receipt belongs to another address",
    )


def verify_receipt(arguments):
    receipt = read_receipt(arguments.file)
    key = arguments.key or receipt["key"]
    keys = [read_key(key)]
    facts, head = checked_receipt(receipt, keys)
    print(
        f"Number {facts['additions']} is in the ledger that {keys[0][0]} signed on {head['time']} ({head['size']} entries)."
    )
    if not arguments.key:
        print(
            "The key was taken from the receipt itself. Compare it with the one the site publishes, or give it with --key:"
        )
        print(f"  {key}")
    if arguments.address:
        require_address(receipt, facts, arguments.address)
        print("It belongs to this address.")
    if arguments.online:
        follow_online(receipt, head, keys, arguments.address)


def follow_online(receipt, head, keys, address):
    """Compare with the site's newest head, and look whether the entry was removed since."""
    site = receipt["address"].rstrip("/")
    newest = read_head(fetched(f"{site}/ledger/checkpoint").decode(), keys)
    require_origin(newest, receipt["petition"], keys)
    proof = fetched_json(f"{site}/ledger/proof/consistency.json?from={head['size']}&to={newest['size']}")
    require_consistent(head["size"], head["root"], newest["size"], newest["root"], hashes_of(proof))
    print(
        f"The ledger of {newest['time']} ({newest['size']} entries, {newest['total']} counted) goes on from there."
    )
    if not address:
        print("With --address I can also say whether it was removed since.")
        return
    recount(site, newest, receipt["petition"], [held(receipt, head, address, "It")])


# --- Recounting -------------------------------------------------------------
def fetched(url):
    require(url.startswith(("https://", "http://")), "only http and https addresses are read")
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310  the scheme was checked above
            return answer.read()
    except urllib.error.HTTPError as error:
        raise Refused(f"{url} answers {error.code}") from None
    except OSError as error:
        raise Refused(f"{url} cannot be read ({error})") from None


def fetched_json(url):
    try:
        return json.loads(fetched(url))
    except ValueError:
        raise Refused(f"{url} does not answer with JSON") from None


def hashes_of(proof):
    try:
        return [digest(step) for step in proof["path"]]
    except (KeyError, TypeError, ValueError):
        raise Refused("the proof has another form") from None


def digest(text):
    """The 32 bytes of a SHA-256 digest in hex: a step of another length could stand for two."""
    step = bytes.fromhex(text)
    if len(step) != 32:
        raise ValueError
    return step


def entries_of(site, size):
    """All entries up to `size`, as exact strings, page by page."""
    start = 1
    while start <= size:
        page = fetched_json(f"{site}/ledger/entries.json?from={start}&limit={min(1000, size - start + 1)}")
        entries = page.get("entries") or []
        require(entries, f"the site withholds the entries from {start} on")
        yield from entries
        start += len(entries)


def held(receipt, head, address, name):
    """A checked receipt, as the recount looks for it."""
    return {
        "name": name,
        "position": receipt["position"],
        "leaf": receipt["leaf"],
        "size": head["size"],
        "root": head["root"],
        "trace": bound("trace", receipt["salt"], address),
        "last": None,
    }


def recount(site, head, petition, receipts):
    """Count all entries again, compare with the signed head, and say what became of the given receipts.

    The newest ledger must begin with the very one that each receipt was signed in, with the receipt's entry at its place.
    """
    for receipt in receipts:
        require(receipt["size"] <= head["size"], "the site shows an older ledger than the receipt's")
    tree, kinds, total, marks, removed = Tree(), Counter(), 0, set(), set()
    for text in entries_of(site, head["size"]):
        facts = read_leaf(text)
        tree.append(leaf_hash(text))
        kinds[facts["kind"], facts["reason"]] += 1
        require(facts["kind"] in ("addition", "removal", "restoration"), "an entry has an unknown kind")
        total += -1 if facts["kind"] == "removal" else 1
        additions = sum(number for (kind, _), number in kinds.items() if kind == "addition")
        right = (petition, tree.size, additions, total)
        found = (facts["petition"], facts["position"], facts["additions"], facts["total"])
        require(found == right and total >= 0, f"entry {tree.size} does not follow from those before it")
        if facts["mark"]:
            follow_mark(facts, marks, removed)
        for receipt in receipts:
            follow_receipt(receipt, facts, text, tree)
    require(
        tree.size == head["size"] and tree.root() == head["root"],
        "the entries are not those of the signed head",
    )
    require(str(total) == head["total"], f"the head says {head['total']}, its entries add up to {total}")
    print(f"Recounted: {total} counted. The {tree.size} entries are exactly those of the signed head.")
    for (kind, reason), number in sorted(kinds.items()):
        print(f"  {kind}{f' ({reason})' if reason else ''}: {number}")
    for receipt in receipts:
        tell_standing(receipt["name"], receipt["last"])


def follow_mark(facts, marks, removed):
    """Nothing is added twice; only what was not removed can be removed, and only what was removed restored."""
    mark, position = bytes.fromhex(facts["mark"]), facts["position"]
    if facts["kind"] == "addition":
        require(mark not in marks, f"entry {position} adds what an earlier one added")
        marks.add(mark)
    elif facts["kind"] == "removal":
        require(mark not in removed, f"entry {position} removes what was removed already")
        removed.add(mark)
    else:
        require(mark in removed, f"entry {position} restores what was not removed")
        removed.discard(mark)


def follow_receipt(receipt, facts, text, tree):
    if receipt["position"] == tree.size:
        require(text == receipt["leaf"], f"another entry stands where the receipt says {tree.size}")
    if receipt["size"] == tree.size:
        require(tree.root() == receipt["root"], "the ledger does not go on from the one of the receipt")
    if facts["mark"] == receipt["trace"] and facts["kind"] != "addition":
        receipt["last"] = facts


def tell_standing(name, facts):
    if facts is None:
        print(f"{name} was never removed.")
    elif facts["kind"] == "removal":
        print(
            f"{name} was removed on {facts['day']} ({facts['reason'] or 'no reason given'}) and does not count."
        )
    else:
        print(f"{name} was removed and restored on {facts['day']}: it counts.")


def verify_recount(arguments):
    site = urllib.parse.urldefrag(arguments.address_of_petition).url.rstrip("/")
    keys = [read_key(arguments.key)] if arguments.key else site_keys(site)
    head = read_head(fetched(f"{site}/ledger/checkpoint").decode(), keys)
    petition = head["origin"].rpartition("/")[2]
    require_origin(head, petition, keys)
    receipts = []
    for number, file in enumerate(arguments.receipt):
        receipt = read_receipt(file)
        require(receipt["petition"] == petition, f"{file} is the receipt of another petition")
        facts, old = checked_receipt(receipt, keys)
        require(number < len(arguments.address), f"give the address of {file} with --address")
        require_address(receipt, facts, arguments.address[number])
        receipts.append(held(receipt, old, arguments.address[number], f"Number {facts['additions']}"))
    recount(site, head, petition, receipts)


def site_keys(site):
    """The keys that the site itself publishes. Good against mishaps, not against a dishonest site: say so."""
    address = urllib.parse.urljoin(site, "/ledger/key.txt")
    lines = fetched(address).decode().splitlines()
    print(
        f"The key was taken from {address}. To be sure that it does not change under you, keep it and give it with --key."
    )
    return [read_key(line) for line in lines if line and not line.startswith("#")]


def verify_head(arguments):
    head = read_head(Path(arguments.file).read_text(encoding="utf-8"), [read_key(arguments.key)])
    print(f"{head['origin']}: {head['size']} entries, {head['total']} counted, on {head['time']}.")
    print(f"root {head['root'].hex()}")


def verify_consistency(arguments):
    keys = [read_key(arguments.key)]
    old, new = (
        read_head(Path(file).read_text(encoding="utf-8"), keys) for file in (arguments.old, arguments.new)
    )
    require(old["origin"] == new["origin"], "the heads belong to different ledgers")
    try:
        proof = json.loads(Path(arguments.proof).read_text(encoding="utf-8"))
    except ValueError:
        raise Refused("the proof is not JSON") from None
    require_consistent(old["size"], old["root"], new["size"], new["root"], hashes_of(proof))
    print(
        f"The {old['size']} entries of {old['time']} stand unchanged in the {new['size']} of {new['time']}."
    )


def parsed(arguments):
    parser = argparse.ArgumentParser(description="Checks the ledger of a petition without trusting its site.")
    verbs = parser.add_subparsers(required=True)
    receipt = verbs.add_parser("receipt", help="check a receipt")
    receipt.add_argument("file")
    receipt.add_argument("--address", help="the mail address that signed")
    receipt.add_argument("--key", help="the site's verifier key; without it, the one in the receipt")
    receipt.add_argument("--online", action="store_true", help="ask the site whether it still stands")
    receipt.set_defaults(act=verify_receipt)
    head = verbs.add_parser("head", help="check a signed head")
    head.add_argument("file")
    head.add_argument("--key", required=True)
    head.set_defaults(act=verify_head)
    consistency = verbs.add_parser("consistency", help="check that a newer head goes on from an older one")
    for name in ("old", "new", "proof"):
        consistency.add_argument(name)
    consistency.add_argument("--key", required=True)
    consistency.set_defaults(act=verify_consistency)
    recounted = verbs.add_parser("recount", help="fetch every entry and count again")
    recounted.add_argument("address_of_petition", metavar="address", help="https://site/petitions/slug/")
    recounted.add_argument("--key", help="the site's verifier key; without it, those the site publishes")
    recounted.add_argument(
        "--receipt", action="append", default=[], help="say what became of it (may be repeated)"
    )
    recounted.add_argument(
        "--address", action="append", default=[], help="the address of each receipt, in order"
    )
    recounted.set_defaults(act=verify_recount)
    return parser.parse_args(arguments)


def main(arguments):
    asked = parsed(arguments)
    try:
        asked.act(asked)
    except Refused as refusal:
        print(f"DOES NOT HOLD: {refusal}.")
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"DOES NOT HOLD: a file cannot be read ({error}).")
        return 1
    print("All of it holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
