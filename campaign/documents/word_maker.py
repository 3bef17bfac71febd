"""HTML in, DOCX or ODT out: the program that limits itself and then becomes pandoc.

It is started by path, never imported by the site. `word_maker.py SECONDS MEGABYTES PROGRAM ARGUMENTS…`: what it reads and writes
is pandoc's, which runs with `--sandbox`: it opens the file of styles named on its command line and nothing else. On Linux the
process has no network either, where the system lets it leave it.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

NO_NEW_PRIVILEGES = 38
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
PARENT_DEATH_SIGNAL = 1


def limit_resources(*, seconds: int, megabytes: int) -> None:
    """Bound time and memory, write no file, leave no core file, and end with the worker that started us."""
    for what, soft, hard in (
        (resource.RLIMIT_CPU, seconds, seconds + 2),
        (resource.RLIMIT_AS, megabytes << 20, megabytes << 20),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 32, 32),
    ):
        with suppress(ValueError, OSError):  # unknown to this system, or a lower one is in force
            resource.setrlimit(what, (soft, hard))
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
        system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        system.unshare(NEW_USER | NEW_NETWORK)  # refused in some containers: --sandbox holds there too


def main() -> None:
    limit_resources(seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    program = sys.argv[3]
    os.execv(program, sys.argv[3:])  # noqa: S606  that no shell stands between is the point


if __name__ == "__main__":
    main()
