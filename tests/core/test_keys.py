import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from campaign.core.keys import KeyFormatError, parse_ledger_key

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"secret_key", "data_key", "index_key", "ledger_key", "demo_password"}


def start(folder):
    """The keys that one process of the embedded run finds or makes."""
    code = "import json; from campaign.settings import dev; print(json.dumps(dev.own_keys()))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECLAIM_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, "RECLAIM_VAR_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_embedded_run_makes_its_keys_once_for_all_processes(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(start, [tmp_path] * 4))

    assert found[0].keys() == NAMES
    assert found == [found[0]] * 4
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_embedded_run_that_began_without_a_ledger_key_gets_one_and_keeps_the_others(tmp_path):
    older = {"secret_key": "a" * 64, "data_key": "b" * 64, "index_key": "c" * 64, "demo_password": "d"}
    (tmp_path / "keys.json").write_text(json.dumps(older))

    keys = start(tmp_path)

    assert {name: keys[name] for name in older} == older
    assert len(bytes.fromhex(keys["ledger_key"])) == 32
    assert start(tmp_path) == keys


def test_ledger_key_is_64_hex_digits():
    assert parse_ledger_key(f" {'0a' * 32}\n") == bytes([10] * 32)


@pytest.mark.parametrize("text", ["", "0a", "x" * 64, "0" * 63])
def test_ledger_key_of_another_form_is_refused_by_name(text):
    with pytest.raises(KeyFormatError, match="RECLAIM_LEDGER_KEY"):
        parse_ledger_key(text)
