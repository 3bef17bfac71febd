"""Races, with real threads."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def in_threads(acts: list[Callable[[], Any]]) -> None:
    """Do all at once, each in a thread with a connection of its own. Raises what the first of them raised."""
    errors: list[BaseException] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            act()
        except BaseException as error:  # noqa: BLE001  told by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]
