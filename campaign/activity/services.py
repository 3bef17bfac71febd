"""Writing a line of the log; taking, renewing and giving back an edit lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.activity.acts import is_known
from campaign.activity.models import EditLock, LogEntry
from campaign.activity.queries import LOCK_MINUTES, PERSON
from campaign.core.errors import DomainError


class EditedByAnother(DomainError):
    message = _(
        "Somebody else has this open for editing. Nothing of yours is lost: copy it, or take over and save again."
    )


def log_act(*, subject_id: UUID, act: str, actor: Any, at: datetime, **facts: str | int) -> None:
    """Add a line to the log of an organization or campaign, in the transaction of what was done.

    `actor` is a user, or None for the site itself. `facts` are what the act's sentence names: no signer's data, no secrets.
    Raises ValueError for an act that no room registered.
    """
    if not is_known(act):
        raise ValueError(f"the act {act} is not registered")
    LogEntry.objects.create(
        subject_id=subject_id, act=act, actor_id=actor.pk if actor is not None else None, at=at, facts=facts
    )


def person(user: Any) -> str:
    """A person as a fact of the log: their id, so that the name goes when the account goes."""
    return f"{PERSON}{user.pk}"


@contextmanager
def on_the_log(*, subject_id: UUID, act: str, actor: Any, at: datetime, **facts: str | int) -> Iterator[None]:
    """Do what stands inside and log it, both or neither: for views whose service knows nothing of teams."""
    with transaction.atomic():
        yield
        log_act(subject_id=subject_id, act=act, actor=actor, at=at, **facts)


def take_lock(*, key: str, user: Any, at: datetime, by_force: bool = False) -> bool:
    """Hold `key` for editing, or renew holding it. Whether it is held by `user` now.

    A lock that was not renewed for LOCK_MINUTES is free. `by_force` takes it from whoever has it: their next save is refused.
    """
    gone = at - timedelta(minutes=LOCK_MINUTES)
    mine = EditLock.objects.filter(pk=key, holder=user)
    if mine.update(renewed_at=at):
        return True
    free = EditLock.objects.filter(pk=key).filter(Q() if by_force else Q(renewed_at__lt=gone))
    if free.update(holder=user, since=at, renewed_at=at):
        return True
    EditLock.objects.bulk_create(
        [EditLock(key=key, holder=user, since=at, renewed_at=at)], ignore_conflicts=True
    )
    return mine.exists()


def require_lock(*, key: str, user: Any, at: datetime) -> None:
    """Before saving: nobody else holds it. Raises EditedByAnother."""
    if not take_lock(key=key, user=user, at=at):
        raise EditedByAnother


def release_lock(*, key: str, user: Any) -> None:
    """Give it back. Nothing happens when somebody else holds it."""
    EditLock.objects.filter(pk=key, holder=user).delete()
