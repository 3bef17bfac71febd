"""What a person sees of their own account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from campaign.accounts.browsers import browser_in_words
from campaign.accounts.models import User
from campaign.guard.addresses import cut_network

UNKNOWN_ADDRESS = "::"


@dataclass(frozen=True)
class OpenSession:
    """One place where somebody is signed in."""

    pk: int
    browser: str  # in words
    network: str  # like "203.0.113.0/24"; "" when it is not known
    begun_at: datetime
    seen_at: datetime
    is_this: bool  # the one that asks
    is_near: bool  # from the network of the one that asks


def open_sessions(*, user: User, session_key: str | None, network: str, at: datetime) -> list[OpenSession]:
    """Where `user` is signed in at `at`: the asking session first, then the one seen last."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    alive = _signed_in(user, Session.objects.filter(session_key__in=rows, expire_date__gt=at))
    found = [_described(row, session_key, network) for key, row in rows.items() if key in alive]
    return sorted(found, key=lambda one: (not one.is_this, -one.seen_at.timestamp(), one.pk))


def _signed_in(user: User, stored: Iterable[Session]) -> set[str]:
    """Keys of the sessions that still open this account: a new password has shut those before it."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    alive = set()
    for session in stored:
        data = session.get_decoded()
        is_own = data.get(SESSION_KEY) == str(user.pk) and BACKEND_SESSION_KEY in data
        if is_own and any(constant_time_compare(data.get(HASH_SESSION_KEY, ""), each) for each in hashes):
            alive.add(session.session_key)
    return alive


def _described(row: UserSession, session_key: str | None, network: str) -> OpenSession:
    own = "" if row.ip == UNKNOWN_ADDRESS else cut_network(row.ip)
    return OpenSession(
        pk=row.pk,
        browser=browser_in_words(row.user_agent),
        network=own,
        begun_at=row.created_at,
        seen_at=row.last_seen_at,
        is_this=row.session_key == session_key,
        is_near=bool(own) and own == network,
    )


@dataclass(frozen=True)
class Passkey:
    pk: int
    name: str
    signs_in_alone: bool | None  # None: the device did not say
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class SecondSteps:
    """What somebody has set up beside the password."""

    app_added_at: datetime | None = None
    app_used_at: datetime | None = None
    passkeys: list[Passkey] = field(default_factory=list)
    codes_left: int = 0
    has_codes: bool = False

    @property
    def is_set_up(self) -> bool:
        return self.app_added_at is not None or bool(self.passkeys)


def second_steps(*, user: User) -> SecondSteps:
    """The authenticator app, the passkeys in the order they were added, and how many recovery codes are left."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return SecondSteps(
        app_added_at=app.created_at if app else None,
        app_used_at=app.last_used_at if app else None,
        passkeys=[_passkey(row) for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        has_codes=codes is not None,
    )


def _passkey(row: Authenticator) -> Passkey:
    return Passkey(
        pk=row.pk,
        name=row.wrap().name,
        signs_in_alone=row.wrap().is_passwordless,
        added_at=row.created_at,
        used_at=row.last_used_at,
    )
