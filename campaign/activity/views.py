"""Two people with one form open: who has it, and a save that would undo another's."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.activity.queries import held_lock
from campaign.activity.services import EditedByAnother, release_lock, require_lock, take_lock

CHANGED = _(
    "Somebody else has saved a change since you opened this. Nothing of yours is lost, and nothing was saved: "
    "theirs stands below. Take over into yours what should stay, and save again."
)


def version_of(values: Mapping[str, Any]) -> str:
    """A short digest of what a form was opened with: another one means that somebody has saved meanwhile."""
    plain = json.dumps({name: str(value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def lock_answer(request: HttpRequest, *, key: str) -> HttpResponse | None:
    """The piece of page for a page that says each minute that it is open, or takes over. None for any other request."""
    wanted = request.POST.get("lock") if request.method == "POST" else None
    if wanted not in {"renew", "take"} or isinstance(request.user, AnonymousUser):
        return None
    take_lock(key=key, user=request.user, at=timezone.now(), by_force=wanted == "take")
    return render(request, "components/edit_lock.html", lock_context(request, key=key))


def lock_context(request: HttpRequest, *, key: str) -> dict[str, Any]:
    """`lock`: somebody else's, or None."""
    lock = held_lock(key=key, at=timezone.now())
    return {"lock": lock if lock is not None and lock.holder_id != request.user.pk else None}


def may_save(request: HttpRequest, form: Any, *, key: str, version: str) -> bool:
    """Whether a valid form can be saved: nobody else has it open, and nobody saved since. Otherwise the form says why."""
    try:
        require_lock(key=key, user=request.user, at=timezone.now())
    except EditedByAnother as error:
        form.add_error(None, str(error))
        return False
    if request.POST.get("version", version) != version:
        form.add_error(None, str(CHANGED))
        return False
    return True


def done(request: HttpRequest, *, key: str) -> None:
    """Saved: let the next one in."""
    release_lock(key=key, user=request.user)
