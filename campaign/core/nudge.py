"""Telling a worker that a row waits. The row is the truth; the message only makes it quicker."""

import logging
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge_on_commit(task: Task, **kwargs: Any) -> None:
    """Send `task` after the transaction commits. A broker that is down is logged: the periodic sweep finds the row."""
    transaction.on_commit(partial(_send, task, kwargs))


def _send(task: Task, kwargs: dict[str, Any]) -> None:
    try:
        task.apply_async(kwargs=kwargs)
    except (OperationalError, OSError):
        logger.warning("broker unreachable: %s waits for its sweep", task.name)
