"""Temporary folders for the programs that workers start: gone with the work, or with the next worker when theirs was killed."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "reclaim-work-"


class WorkFolder:
    """A folder that this process has locked. The system ends the lock with the process, whatever ends that."""

    def __init__(self) -> None:
        remove_left_folders()
        self._lock: int | None = None
        while self._lock is None:
            self.name = tempfile.mkdtemp(prefix=PREFIX)
            with suppress(OSError):  # another worker, cleaning up, was quicker than our lock
                self._lock = lock_of(self.name)
            if not Path(self.name).is_dir():
                self.remove()

    def remove(self) -> None:
        """Remove it and all in it; does nothing the second time."""
        shutil.rmtree(self.name, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def lock_of(path: str) -> int:
    """A descriptor that locks the folder. Raises OSError when somebody else has it locked, or it is gone."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def remove_left_folders() -> None:
    """Remove folders of workers that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = lock_of(str(path))
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)
