"""Who must have a second step to sign in, and who still lacks one.

The rule is the site's: settings.REQUIRE_SECOND_STEP is "none", "moderators" (the site's staff) or "owners" (staff, and
whoever a room above names as an owner). What a person has and is may change at any moment in another window, so nothing
is remembered in the session: the database is asked once for each request of somebody it may concern.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from campaign.accounts.models import User

NONE, MODERATORS, OWNERS = "none", "moderators", "owners"
CHOICES = (NONE, MODERATORS, OWNERS)

# What stands on its own when somebody signs in. Recovery codes only help out when one of these is lost.
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

Rule = Callable[[], Exists]
_rules: dict[str, Rule] = {}


def register_second_step_rule(name: str, rule: Rule) -> None:
    """Rooms above name who else it concerns under "owners": a condition on the user, with OuterRef("pk")."""
    _rules[name] = rule


def must_have_second_step(user: User | AnonymousUser) -> bool:
    """Whether the site asks this person for a second step, whether or not they have one."""
    if not user.is_authenticated or settings.REQUIRE_SECOND_STEP == NONE:
        return False
    if settings.REQUIRE_SECOND_STEP == MODERATORS or user.is_staff:
        return user.is_staff
    return User.objects.filter(_concerned(), pk=user.pk).exists()


def lacks_second_step(user: User | AnonymousUser) -> bool:
    """Whether the site asks this person for a second step and they have none. One query at most."""
    if not user.is_authenticated or settings.REQUIRE_SECOND_STEP == NONE:
        return False
    if settings.REQUIRE_SECOND_STEP == MODERATORS and not user.is_staff:
        return False
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=STEPS)
    return User.objects.filter(_concerned(), ~Exists(steps), pk=user.pk).exists()


def _concerned() -> Q:
    """A condition on users: whom the site's setting names."""
    concerned = Q(is_staff=True)
    if settings.REQUIRE_SECOND_STEP == OWNERS:
        for rule in _rules.values():
            concerned |= Q(rule())
    return concerned


def is_last_needed_step(authenticator: Authenticator) -> bool:
    """Whether taking this one away would leave somebody without the second step that the site asks for."""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=STEPS).exclude(
        pk=authenticator.pk
    )
    return must_have_second_step(authenticator.user) and not others.exists()
