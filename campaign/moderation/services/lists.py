"""The site's lists and mailbox rules, changed by moderators. Each change and its line in the record are one transaction."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.guard.models import ListKind, MailboxRule
from campaign.guard.services import delete_mailbox_rule, save_access_list, save_mailbox_rule
from campaign.moderation.models import Act
from campaign.moderation.services.record import record_act


class RuleIsThere(DomainError):
    message = _("There is a rule for this domain already. Open it to change it.")


@transaction.atomic
def change_list(*, kind: ListKind, text: str, by: User, at: datetime) -> None:
    """Replace one of the lists. Raises BrokenLine, nothing stored. The record says which list, never what is on it."""
    save_access_list(kind=kind, text=text, by=by, at=at)
    record_act(act=Act.LISTS, actor=by, at=at, note=kind.value)


@transaction.atomic
def add_rule(
    *, domain: str, same_as: str, ignores_dots: bool, tag: str, note: str, by: User, at: datetime
) -> MailboxRule:
    """Say how a provider lets mailboxes be spelled. Raises RuleIsThere and what `save_mailbox_rule` raises."""
    before = set(MailboxRule.objects.values_list("domain", flat=True))
    rule = save_mailbox_rule(domain=domain, same_as=same_as, ignores_dots=ignores_dots, tag=tag, note=note)
    if rule.domain in before:  # the domain as stored, in whatever way it was typed
        raise RuleIsThere
    record_act(act=Act.RULES, actor=by, at=at, note=rule.domain)
    return rule


@transaction.atomic
def change_rule(
    *, rule: MailboxRule, same_as: str, ignores_dots: bool, tag: str, note: str, by: User, at: datetime
) -> None:
    """Change the rule of a domain. Raises what `save_mailbox_rule` raises."""
    save_mailbox_rule(domain=rule.domain, same_as=same_as, ignores_dots=ignores_dots, tag=tag, note=note)
    record_act(act=Act.RULES, actor=by, at=at, note=rule.domain)


@transaction.atomic
def remove_rule(*, rule: MailboxRule, by: User, at: datetime) -> None:
    """Forget the rule of a domain."""
    delete_mailbox_rule(domain=rule.domain)
    record_act(act=Act.RULES, actor=by, at=at, note=f"− {rule.domain}")
