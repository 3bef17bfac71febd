"""Calls: what is asked to be endorsed, and asking again when its text moves on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from campaign.documents.models import FrozenText
from campaign.mailing.services import mail_row, queue_mails
from campaign.organizations.models import (
    Call,
    CallText,
    Endorsement,
    EndorsementState,
    Organization,
    PersonalEndorsement,
    PersonalState,
)

BATCH = 500
ASKED_AGAIN = (EndorsementState.ACCEPTED, EndorsementState.SECOND, EndorsementState.TO_RENEW)


@transaction.atomic
def move_call(
    *,
    kind: str,
    subject_id: UUID,
    frozen_text: FrozenText,
    at: datetime,
    address: str = "",
    asked_by: Organization | None = None,
) -> Call:
    """Make `frozen_text` the one that can be endorsed for a subject, and ask everybody behind the one before to renew.

    The first text opens the call. The same text again changes nothing. What was endorsed before stays on record, lapsed:
    silence is not consent. Everything, mails included, is in one transaction with the caller's.
    """
    call, is_new = Call.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        defaults={"frozen_text": frozen_text, "opened_at": at, "address": address, "asked_by": asked_by},
    )
    call = Call.objects.select_for_update(of=("self",)).select_related("frozen_text").get(pk=call.pk)
    if address and call.address != address:
        call.address = address
        call.save(update_fields=["address"])
    before = call.frozen_text
    if not is_new and before.pk == frozen_text.pk:
        return call
    number = 1 + call.texts.count()
    CallText.objects.create(call=call, number=number, frozen_text=frozen_text, frozen_at=at)
    if not is_new:
        call.frozen_text = frozen_text
        call.save(update_fields=["frozen_text"])
        _ask_organizations_again(before, frozen_text, at=at)
        _ask_people_again(before, frozen_text, at=at)
    return call


def _ask_organizations_again(before: FrozenText, now: FrozenText, *, at: datetime) -> None:
    standing = Endorsement.objects.select_for_update(of=("self",)).filter(
        frozen_text=before, state__in=ASKED_AGAIN
    )
    rows = list(standing.order_by("pk"))
    # One question for an organization, whatever it has open: what was accepted stands before what waits.
    of_organization = {row.organization_id: row for row in sorted(rows, key=_rank, reverse=True)}
    questions = [_question(row, now, at=at) for row in of_organization.values()]
    Endorsement.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=EndorsementState.LAPSED, ended_at=at
    )
    Endorsement.objects.bulk_create(questions, batch_size=BATCH)
    queue_mails(
        mail_row(
            kind="organizations.renewal", to=row.signatory_email, locale=row.locale, about_id=row.pk, at=at
        )
        for row in questions
        if row.signatory_email
    )


def _rank(row: Endorsement) -> int:
    return ASKED_AGAIN.index(EndorsementState(row.state))


def _question(row: Endorsement, now: FrozenText, *, at: datetime) -> Endorsement:
    """The same organization and signatory, asked for the new text. It renews what was last accepted, whatever came between."""
    copied = (
        *(
            "organization_id",
            "mandate_id",
            "legal_name",
            "display_name",
            "kind",
            "country",
            "website",
            "domain",
        ),
        *("signatory_name", "signatory_function", "signatory_email", "statement", "locale"),
        *("scope", "exceptions", "is_invented"),
    )
    values: dict[str, Any] = {name: getattr(row, name) for name in copied}
    return Endorsement(
        **values,
        email_key=bytes(row.email_key),
        frozen_text=now,
        state=EndorsementState.TO_RENEW,
        renews_id=row.pk if row.accepted_at else row.renews_id,
        stated_at=at,
        expires_at=at,
    )


def _ask_people_again(before: FrozenText, now: FrozenText, *, at: datetime) -> None:
    standing = PersonalEndorsement.objects.select_for_update(of=("self",)).filter(
        frozen_text=before, state__in=[PersonalState.ACCEPTED, PersonalState.TO_RENEW]
    )
    rows = list(standing.order_by("pk"))
    copied = ("name", "function", "affiliation", "country", "email", "locale")
    questions = [
        PersonalEndorsement(
            **{name: getattr(row, name) for name in copied},
            email_key=bytes(row.email_key) if row.email_key else None,
            frozen_text=now,
            state=PersonalState.TO_RENEW,
            renews_id=row.pk if row.accepted_at else row.renews_id,
            stated_at=at,
            expires_at=at,
        )
        for row in rows
    ]
    PersonalEndorsement.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=PersonalState.LAPSED, ended_at=at
    )
    PersonalEndorsement.objects.bulk_create(questions, batch_size=BATCH)
    queue_mails(
        mail_row(
            kind="organizations.personal_renewal", to=row.email, locale=row.locale, about_id=row.pk, at=at
        )
        for row in questions
        if row.email
    )
