"""What organizations are called in lists: kept in the order of every language, and corrected where a list went out already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.core.errors import DomainError
from campaign.core.folding import folded
from campaign.organizations.collation import Names, collation_fingerprint, in_plain_latin, sort_key
from campaign.organizations.models import (
    CorrectionKind,
    EndorsementState,
    Inclusion,
    ListedLanguage,
    ListedName,
    Organization,
    OrganizationName,
)
from campaign.organizations.names import folded_name
from campaign.organizations.queries import organization_names
from campaign.organizations.regions import region_place
from campaign.organizations.services.corrections import note_correction

BATCH = 500
MOST_NAMES = 60
LONGEST_FOLDED = 500


class TooManyNames(DomainError):
    message = _("There is room for sixty languages. Remove a name before you add another.")


def list_organizations(organizations: Iterable[Organization], *, locales: Sequence[str] = ()) -> None:
    """Bring their names in lists up to date, in `locales` or in every language of the site."""
    rows = list(organizations)
    names = organization_names(organizations=rows)
    wanted = locales or [code for code, _name in settings.LANGUAGES]
    ListedName.objects.bulk_create(
        (_listed(row, names[row.pk], locale) for row in rows for locale in wanted),
        update_conflicts=True,
        unique_fields=["organization", "locale"],
        update_fields=["name", "sort_key", "region_key", "folded"],
        batch_size=BATCH,
    )


def _listed(organization: Organization, names: Names, locale: str) -> ListedName:
    name = names.in_language(locale)
    key = sort_key(name, locale)
    # Who looks for it types the acronym, a name it has in another language, or letters of another keyboard.
    called = [name, organization.acronym, names.shown, *names.own.values()]
    found_by = dict.fromkeys(
        folded(each) for each in (*called[:3], *map(in_plain_latin, called[:3]), *called[3:])
    )
    return ListedName(
        organization=organization,
        locale=locale,
        name=name,
        sort_key=key,
        region_key=bytes([region_place(str(organization.country), locale)]) + key,
        folded="\n".join(each for each in found_by if each)[:LONGEST_FOLDED],
    )


def make_lists(*, at: datetime) -> int:
    """Put the names of all proven organizations in order again, in each language that was added or whose rules have changed.

    Languages that the site no longer has are forgotten. Returns how many were made. Safe to repeat.
    """
    wanted = {code: collation_fingerprint(code) for code, _name in settings.LANGUAGES}
    ListedName.objects.exclude(locale__in=wanted).delete()
    ListedLanguage.objects.exclude(locale__in=wanted).delete()
    made = dict(ListedLanguage.objects.values_list("locale", "fingerprint"))
    stale = [locale for locale, fingerprint in wanted.items() if made.get(locale) != fingerprint]
    if not stale:
        return 0
    ids = list(Organization.objects.proven().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            # Locked, so that a name that is changed at this moment is not overwritten by the one before.
            rows = Organization.objects.select_for_update().filter(pk__in=ids[start : start + BATCH])
            list_organizations(rows.order_by("pk"), locales=stale)
    for locale in stale:
        ListedLanguage.objects.update_or_create(
            locale=locale, defaults={"fingerprint": wanted[locale], "made_at": at}
        )
    return len(stale)


@transaction.atomic
def rename_organization(*, organization: Organization, name: str, by: User | None, at: datetime) -> None:
    """Change the name to show. What was stated in endorsements stays; lists that went out get a line in their corrections."""
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    was = organization_names(organizations=[row])[row.pk]
    organization.display_name = name
    if was.shown == name:
        return
    row.display_name, row.folded_name = name, folded_name(name)
    row.save(update_fields=["display_name", "folded_name"])
    organization.folded_name = row.folded_name
    _follow(row, was, Names(name, was.own), at=at)
    log_act(subject_id=row.pk, act="organizations.renamed", actor=by, at=at, was=was.shown, now=name)


@transaction.atomic
def set_own_names(
    *, organization: Organization, names: Mapping[str, str], by: User | None, at: datetime
) -> None:
    """Say what the organization calls itself in other languages, by locale. Names that are not among them go.

    Raises TooManyNames.
    """
    if len(names) > MOST_NAMES:
        raise TooManyNames
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    was = organization_names(organizations=[row])[row.pk]
    changed = sorted(code for code in {*names, *was.own} if names.get(code) != was.own.get(code))
    if not changed:
        return
    row.names.filter(locale__in=changed).delete()
    OrganizationName.objects.bulk_create(
        OrganizationName(organization=row, locale=code, name=names[code]) for code in changed if code in names
    )
    _follow(row, was, Names(was.shown, dict(names)), at=at)
    log_act(
        subject_id=row.pk, act="organizations.names_changed", actor=by, at=at, languages=", ".join(changed)
    )


def _follow(organization: Organization, was: Names, now: Names, *, at: datetime) -> None:
    """Lists on this site show the new name at once; in those that went out, the change is noted once for each text."""
    if organization.proven_at:
        list_organizations([organization])
    went_out = Inclusion.objects.filter(
        endorsement__organization=organization, endorsement__state=EndorsementState.ACCEPTED
    ).select_related("endorsement__frozen_text", "record")
    changes = {}
    for inclusion in went_out.order_by("included_at", "pk"):
        text, locale = inclusion.endorsement.frozen_text, inclusion.record.locale
        before, after = was.in_language(locale), now.in_language(locale)
        if before != after:
            changes[text.pk, before, after] = text
    for (_text_id, before, after), text in changes.items():
        note_correction(frozen_text=text, kind=CorrectionKind.RENAMED, was=before, now=after, at=at)
