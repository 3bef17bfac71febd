from celery import shared_task
from django.utils import timezone


@shared_task(name="petitions.take_in")
def take_in() -> None:
    """Take in what was typed into sign forms. Beat calls it each second; several at once share the work."""
    from campaign.petitions.services import take_in_requests  # leaf

    take_in_requests(at=timezone.now())


@shared_task(name="petitions.number_signatures")
def number_signatures() -> None:
    """Number what was confirmed, withdrawn or invalidated. Beat calls it each second."""
    from campaign.petitions.services import number_waiting_signatures  # leaf

    number_waiting_signatures(at=timezone.now())


@shared_task(name="petitions.catch_up_trees")
def catch_up_trees() -> None:
    """Bring trees up to entries from before there was a tree. Beat calls it each ten minutes."""
    from campaign.petitions import services  # leaf

    services.catch_up_trees(at=timezone.now())


@shared_task(name="petitions.queue_receipts")
def queue_receipts() -> None:
    """Queue receipts for what was numbered since the last time. Beat calls it each ten seconds."""
    from campaign.petitions import services  # leaf

    services.queue_receipts(at=timezone.now())


@shared_task(name="petitions.tell_signers")
def tell_signers() -> None:
    """Queue what teams want their signers to hear. Beat calls it each ten seconds."""
    from campaign.petitions import services  # leaf

    services.tell_signers(at=timezone.now())


# Acknowledged when it begins: it may take longer than a message waits for its worker, and it comes again the next night.
@shared_task(
    name="petitions.verify_ledgers", acks_late=False, soft_time_limit=3 * 3600, time_limit=3 * 3600 + 60
)
def verify_ledgers() -> None:
    """Recount every ledger, mend public numbers that differ, and log what is wrong. Beat calls it each night."""
    from campaign.petitions import services  # leaf

    services.verify_ledgers()


@shared_task(name="petitions.remind")
def remind() -> None:
    """Remind those who have not confirmed after a day, once. Beat calls it each hour."""
    from campaign.petitions.services import remind_unconfirmed  # leaf

    remind_unconfirmed(at=timezone.now())


@shared_task(name="petitions.erase")
def erase() -> None:
    """Erase what has been kept long enough. Beat calls it each hour: a large petition takes several turns."""
    from campaign.petitions.services import (  # leaf
        erase_due_petitions,
        erase_networks,
        erase_unconfirmed,
    )

    now = timezone.now()
    erase_unconfirmed(at=now)
    erase_networks(at=now)
    erase_due_petitions(at=now)


@shared_task(name="petitions.close_due")
def close_due() -> None:
    """Close petitions that have reached their date."""
    from campaign.petitions.services import close_due_petitions  # leaf

    close_due_petitions(at=timezone.now())


@shared_task(name="petitions.refresh_search")
def refresh_search() -> None:
    """Bring up to date what petitions are found by. Beat calls it each night: new texts have theirs at once."""
    from campaign.petitions import services  # leaf

    services.refresh_search_texts()


# Acknowledged when it begins, as above: a large provider's addresses take their time, and what is left comes again.
@shared_task(
    name="petitions.reindex_mailboxes", acks_late=False, soft_time_limit=3 * 3600, time_limit=3 * 3600 + 60
)
def reindex_mailboxes() -> None:
    """Bring mailbox keys up to date where a provider's rule changed. Beat calls it every ten minutes: mostly there is nothing."""
    from campaign.petitions import services  # leaf

    services.reindex_mailboxes()


@shared_task(name="petitions.watch_thresholds")
def watch_thresholds() -> None:
    """Compare thresholds with the counts, and tell teams of those reached for the first time."""
    from campaign.petitions import services  # leaf

    services.watch_thresholds(at=timezone.now())
