from datetime import timedelta

import factory
from django.utils import timezone

from campaign.guard.models import AccessList, GuardedNetwork, ListKind, MailboxRule


class MailboxRuleFactory(factory.django.DjangoModelFactory):
    """A provider that lets people add +tags."""

    class Meta:
        model = MailboxRule

    domain = factory.Sequence(lambda n: f"mail-{n}.example")
    tag = "+"


class AccessListFactory(factory.django.DjangoModelFactory):
    """The list of the blocked."""

    class Meta:
        model = AccessList

    kind = ListKind.BLOCK
    lines = "*@blocked.example"
    changed_at = factory.LazyFunction(timezone.now)


class GuardedNetworkFactory(factory.django.DjangoModelFactory):
    """Guarded for half an hour."""

    class Meta:
        model = GuardedNetwork

    network_key = factory.Sequence(lambda n: n + 1)
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=30))
