"""Sessions: noted when they begin and while they last, ended by their owner, forgotten when they are over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from campaign.accounts.models import User

GRACE = timedelta(days=1)  # a session that has only just begun may not be stored yet


def note_session(*, user: User, session_key: str, network: str, user_agent: str, at: datetime) -> None:
    """Write down that this session of `user` is in use. Safe to repeat; the network is a cut one, or ""."""
    length = UserSession._meta.get_field("user_agent").max_length
    UserSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "ip": network.partition("/")[
                0
            ],  # cut anew when it is stored, as every address there (see apps.py)
            "user_agent": user_agent[:length],
            "last_seen_at": at,
        },
        create_defaults={
            "user": user,
            "ip": network.partition("/")[0],
            "user_agent": user_agent[:length],
            "last_seen_at": at,
            "created_at": at,
        },
    )


@transaction.atomic
def end_session(*, session: UserSession) -> None:
    """Sign out one place: its next request is anonymous."""
    _end([session.session_key])


@transaction.atomic
def end_other_sessions(*, user: User, session_key: str | None) -> int:
    """Sign out every place but the one that asks. Returns how many there were."""
    others = UserSession.objects.filter(user=user).exclude(session_key=session_key)
    return _end(list(others.values_list("session_key", flat=True)))


def _end(keys: Iterable[str]) -> int:
    """Returns how many of the sessions were still alive."""
    ended, _by_model = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return ended


def forget_sessions(*, at: datetime) -> None:
    """Delete sessions that have expired, and what was written down about sessions that are over."""
    Session.objects.filter(expire_date__lt=at).delete()
    stored = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(stored), last_seen_at__lt=at - GRACE).delete()
