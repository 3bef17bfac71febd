"""What signers do on their own page: change their mind about a consent, take back their reason, see and erase their data."""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.guard.queries import mailbox_rules, past_spellings
from campaign.mailing.models import OutgoingMail
from campaign.petitions.consents import (
    COLUMNS,
    NEWS,
    Asking,
    consent_record,
    is_given,
    last_news_record,
    readable_consents,
)
from campaign.petitions.keys import fold_name, mailbox_keys
from campaign.petitions.models import Petition, ReasonState, Signature, SignatureState, Supporter
from campaign.petitions.services.leaving import Left, withdraw_all

ATTEMPTS = 10  # of a change that another one was faster than: people do not click ten times in a millisecond
EXPORT_FORMAT = "reclaim-signer-data-v1"


class SignatureIsGone(DomainError):
    message = _("There is nothing left of this signature that could be changed.")


class ChangedMeanwhile(DomainError):
    message = _("This was being changed at the same moment. Try again.")


class Reach(StrEnum):
    """How far erasing goes."""

    CAMPAIGN = "campaign"
    SITE = "site"


def set_consent(*, signature: Signature, purpose: str, given: bool, locale: str, at: datetime) -> None:
    """Give or take back one consent of COLUMNS, shown in `locale`. A record is added, none is ever lost. Twice is once.

    Raises SignatureIsGone when the signature does not stand any more, ChangedMeanwhile when others were faster again and again.
    """
    column = COLUMNS[purpose]
    standing = Signature.objects.filter(
        pk=signature.pk, state=SignatureState.CONFIRMED, email_key__isnull=False
    )
    for _attempt in range(ATTEMPTS):
        row = standing.only("id", "consents", column).first()
        if row is None:
            raise SignatureIsGone
        if is_given(row.consents, purpose) == given == getattr(row, column):
            return
        record = consent_record(purpose=purpose, given=given, locale=locale, at=at)
        # Only on what was read: two changes at once must not lose the record of one of them.
        if standing.filter(consents=row.consents).update(consents=[*row.consents, record], **{column: given}):
            return
    raise ChangedMeanwhile


def set_news(*, signature: Signature, organization: Asking, given: bool, locale: str, at: datetime) -> None:
    """Give or take back consent to the news of one organization, shown in `locale`. A record is added; twice is once.

    Whether it asks is the caller's to know: taken back is from anybody, at any time.
    Raises SignatureIsGone, ChangedMeanwhile, as `set_consent` does.
    """
    standing = Signature.objects.filter(
        pk=signature.pk, state=SignatureState.CONFIRMED, email_key__isnull=False
    )
    owner_id = str(signature.petition.campaign.owner_id)
    for _attempt in range(ATTEMPTS):
        row = standing.only("id", "consents", "petition").first()
        if row is None:
            raise SignatureIsGone
        last = last_news_record(row.consents, organization_id=organization.id, owner_id=owner_id)
        theirs = Supporter.objects.filter(signature=row.pk, organization_id=organization.id)
        if bool(last and last["given"]) == given == theirs.exists():
            return
        record = consent_record(purpose=NEWS, given=given, locale=locale, at=at, organization=organization)
        changes: dict[str, Any] = {"consents": [*row.consents, record]}
        if not given and organization.id == owner_id:
            changes["wants_news"] = (
                False  # for the release before: what is taken back is taken back there, too
            )
        with transaction.atomic():
            if standing.filter(consents=row.consents).update(**changes):
                _follow(row, theirs, organization, given=given, at=at)
                return
    raise ChangedMeanwhile


def _follow(
    row: Signature, theirs: QuerySet[Supporter], organization: Asking, *, given: bool, at: datetime
) -> None:
    """The row that stands for the consent. The signature is ours until the end of the transaction: its key cannot move on."""
    if not given:
        theirs.delete()
        return
    key = Signature.objects.values_list("email_key", flat=True).get(pk=row.pk)
    supporter = Supporter(
        signature=row,
        organization_id=organization.id,
        petition_id=row.petition_id,
        person_key=key,
        since=at,
    )
    Supporter.objects.bulk_create([supporter], ignore_conflicts=True)


def take_back_reason(*, signature: Signature) -> None:
    """Erase the reason somebody gave. The signature stands."""
    Signature.objects.filter(pk=signature.pk).update(reason=None, reason_state=ReasonState.NONE)


def own_signatures(
    *, signature: Signature, reach: Reach = Reach.SITE, whole_mailbox: bool = False
) -> list[Signature]:
    """The signatures of the person behind `signature`, itself included, newest first.

    Those that stand under the same name: people share mailboxes, with the household rule or without. `whole_mailbox` takes
    those under other names along.
    """
    rows = _mailbox_signatures(signature, reach)
    return rows if whole_mailbox else own_among(rows, signature=signature)


def own_among(rows: list[Signature], *, signature: Signature) -> list[Signature]:
    """Those of a mailbox's signatures that stand under the name of `signature`, in whatever way it was written."""
    name = fold_name(signature.name or "")
    return [row for row in rows if row.pk == signature.pk or fold_name(row.name or "") == name]


def _mailbox_signatures(signature: Signature, reach: Reach) -> list[Signature]:
    if signature.email_key is None or not signature.email:
        return []
    petitions = Petition.objects.all()
    if reach == Reach.CAMPAIGN:
        petitions = petitions.filter(campaign=signature.petition.campaign_id)
    keys = mailbox_keys(signature.email, mailbox_rules(), past_spellings())
    # Petition by petition, each one step in the index (petition, key): there is none by key alone.
    rows = Signature.objects.filter(
        petition_id__in=list(petitions.values_list("pk", flat=True)),
        email_key__in={bytes(signature.email_key), *keys},
    )
    return list(rows.select_related("petition__addressee", "petition__frozen_text").order_by("-pk"))


def erase_signer(
    *, signature: Signature, reach: Reach, whole_mailbox: bool = False, at: datetime
) -> Counter[Left]:
    """Erase everything of the person behind `signature`, as far as `reach` says. Returns how many rows had which outcome."""
    rows = own_signatures(signature=signature, reach=reach, whole_mailbox=whole_mailbox)
    return withdraw_all(signatures=rows, last=signature, at=at)


def signer_data(*, signature: Signature, at: datetime) -> dict[str, Any]:
    """Everything kept about the person behind `signature`, ready for JSON (GDPR, Art. 15 and 20)."""
    rows = own_signatures(signature=signature)
    mails = _mails_about(rows)
    return {
        "format": EXPORT_FORMAT,
        "site": settings.SITE_URL,
        "made_at": at.isoformat(),
        "signatures": [_signature_data(row, mails.get(row.pk, [])) for row in rows],
    }


def _mails_about(rows: list[Signature]) -> dict[Any, list[dict[str, str | None]]]:
    mails = OutgoingMail.objects.filter(about_id__in=[row.pk for row in rows])
    found: dict[Any, list[dict[str, str | None]]] = {}
    for mail in mails.only("about_id", "kind", "state", "created_at", "sent_at").order_by("pk"):
        data = {
            "kind": mail.kind,
            "state": mail.state,
            "queued_at": _moment(mail.created_at),
            "sent_at": _moment(mail.sent_at),
        }
        found.setdefault(mail.about_id, []).append(data)
    return found


def _signature_data(row: Signature, mails: list[dict[str, str | None]]) -> dict[str, Any]:
    petition = row.petition
    return {
        "petition": {
            "title": petition.title,
            "address": settings.SITE_URL + reverse("petition_detail", args=[petition.slug]),
            "addressee": petition.addressee.name,
            "text_sha256": petition.frozen_text.digest if petition.frozen_text else None,
        },
        "state": row.state,
        "counted": row.counted,
        "number": row.number,
        **{name: getattr(row, name) for name in ("name", "email", "postcode", "reason", "network")},
        "reason_state": row.reason_state,
        "country": str(row.country),
        "locale": row.locale,
        "source": row.source,
        "signed_at": _moment(row.signed_at),
        "confirmed_at": _moment(row.confirmed_at),
        "reminded_at": _moment(row.reminded_at),
        "consents": [
            {
                "purpose": consent.purpose,
                "given": consent.given,
                "at": _moment(consent.at),
                "wording": consent.wording,
                "version": consent.version,
                "locale": consent.locale,
                **({"organization": consent.organization} if consent.organization else {}),
            }
            for consent in readable_consents(row.consents)
        ],
        "mails": mails,
        "proof": {"salt": row.salt, "commitment": _hex(row.commitment), "trace": _hex(row.trace)},
        "kept_until": _moment(petition.erases_at),
        "legal_hold": bool(petition.legal_hold_reason),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _hex(value: bytes | memoryview | None) -> str | None:
    return bytes(value).hex() if value else None
