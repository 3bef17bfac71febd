"""bin/setup and tests/servers.py, as far as they can be tried without a fresh machine."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from campaign.core.management.commands.prepare import static_files_are_collected

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["sh", "uname", "dirname", "grep", "find", "ls", "id", "cat", "python3"]


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with the least of tools: no gettext, no package manager."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        target = sys.executable if name == "python3" else shutil.which(name)
        (folder / name).symlink_to(target)
    return folder


def set_up(path, *arguments):
    return subprocess.run(
        ["sh", "bin/setup", *arguments],
        cwd=ROOT,
        env={"PATH": str(path), "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
    )


def test_missing_library_without_the_right_to_install_stops_with_one_line(bare_path):
    result = set_up(bare_path, "run")

    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "gettext" in result.stderr
    assert result.stdout == ""


def test_missing_library_on_a_mac_names_what_homebrew_calls_it(bare_path):
    (bare_path / "uname").unlink()
    (bare_path / "uname").write_text("#!/bin/sh\necho Darwin\n")
    (bare_path / "uname").chmod(0o755)

    result = set_up(bare_path, "test")

    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert re.search(r"brew install .*pango.* gettext .*chromium", result.stderr)


def test_missing_library_on_debian_for_an_ordinary_user_names_the_packages(bare_path):
    for name, text in {"apt-get": "exit 1", "id": "echo 1000", "sudo": "exit 1"}.items():
        (bare_path / name).unlink(missing_ok=True)
        (bare_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (bare_path / name).chmod(0o755)

    result = set_up(bare_path, "run")

    assert result.returncode == 1
    assert re.fullmatch(r"Missing on this machine.*: sudo apt-get install .*gettext\n", result.stderr)


def test_python_that_is_too_old_is_passed_over(bare_path):
    (bare_path / "python3").unlink()
    (bare_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (bare_path / "python3").chmod(0o755)

    result = set_up(bare_path, "run")

    assert result.returncode == 1
    assert "python3" in result.stderr


def test_static_files_are_collected_again_only_when_a_source_changed(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    before = static_files_are_collected()
    call_command("collectstatic", interactive=False, verbosity=0)
    after = static_files_are_collected()
    (source / "two.css").write_text("b { color: red }")
    later = static_files_are_collected()

    assert (before, after, later) == (False, True, False)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up under /proc")
@pytest.mark.parametrize(
    ("body", "number", "code"),
    [("assert True", None, 0), ("assert False", None, 1), ("time.sleep(60)", signal.SIGTERM, 130)],
)
def test_servers_of_tests_go_away_whatever_happens(tmp_path, body, number, code):
    note = tmp_path / "address"
    test = tmp_path / "test_one.py"
    test.write_text(
        "import os, pathlib, time\n\n\ndef test_one():\n"
        f"    pathlib.Path({str(note)!r}).write_text(os.environ['RECLAIM_TEST_REDIS_URL'])\n    {body}\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RECLAIM_", "PYTEST_"))}

    process = subprocess.Popen(
        [sys.executable, "tests/servers.py", "-c", "pyproject.toml", "-p", "no:cacheprovider", str(test)],
        cwd=ROOT,
        env=kept,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while number and not (note.exists() and note.read_text()) and time.monotonic() < end:
        time.sleep(0.1)
    if number:
        process.send_signal(number)

    assert process.wait(60) == code
    folder = Path(note.read_text().removeprefix("redis+socket://")).parent
    assert folder.name.startswith("reclaim-")
    assert not folder.exists()
    assert processes_with(str(folder)) == []


def processes_with(text):
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\x00", b" ").decode(errors="replace"))
        except OSError:
            continue
    return [line for line in lines if text in line]
