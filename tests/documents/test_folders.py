"""Folders of programs at work: nothing of a killed worker's stays, and nobody else's is touched."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.documents.folders import PREFIX, WorkFolder, remove_left_folders

WORKER = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from campaign.documents.folders import WorkFolder
folder = WorkFolder()
print(folder.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def other_worker(tmp_path):
    """A worker with a folder of its own, and that folder."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process, Path(process.stdout.readline().decode().strip())
        process.kill()


def test_folder_of_a_worker_at_work_stays(other_worker):
    _process, folder = other_worker

    WorkFolder().remove()

    assert folder.is_dir()


def test_folder_of_a_killed_worker_goes_with_the_next_one(other_worker):
    process, folder = other_worker
    (folder / "font.ttf").write_bytes(b"font")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    own = WorkFolder()

    assert not folder.exists()
    assert Path(own.name).is_dir()
    own.remove()


def test_folder_removed_twice_closes_nothing_of_others(tmp_path):
    folder = WorkFolder()
    folder.remove()
    with (tmp_path / "other").open("w") as other:
        folder.remove()

        other.write("still open")

    assert (tmp_path / "other").read_text() == "still open"


def test_what_is_not_ours_stays(tmp_path):
    for name in ("somebody-elses", f"{PREFIX[:-1]}"):
        (tmp_path / name).mkdir()
    (tmp_path / "target").mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "target")

    remove_left_folders()

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "reclaim-work",
        "reclaim-work-link",
        "somebody-elses",
        "target",
    ]
