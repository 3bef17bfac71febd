"""How well it is proven that an organization's people may sign for it: what pages say about it in public."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.organizations.models import Mandate, MandateProof, Organization

SHORT = {
    MandateProof.DOMAIN_MAIL: _("confirmed by domain"),
    MandateProof.DOMAIN_DNS: _("confirmed by domain"),
    MandateProof.DOCUMENT: _("confirmed by document"),
}


@dataclass(frozen=True)
class PublicLevel:
    """The best proof there is. `until` is when it ended, where none is in force now."""

    proof: MandateProof
    until: datetime | None = None

    @property
    def short(self) -> Promise:
        """For lists: "confirmed by domain"."""
        return SHORT[self.proof]

    @property
    def long(self) -> str:
        """For its own page: "confirmed by mail on its own domain"."""
        return str(self.proof.label)


def public_level(*, organization: Organization, at: datetime) -> PublicLevel | None:
    """The level of one organization; None when no mandate was ever in force, or staff has refused them all."""
    row = with_public_level(Organization.objects.filter(pk=organization.pk), at=at).get()
    return level_of(row)


def with_public_level(organizations: QuerySet[Organization], *, at: datetime) -> QuerySet[Organization]:
    """The same organizations, so that `level_of` tells each one's level without another query.

    Of the mandates in force the best counts; where none is, the one that ended last.
    """
    over = Case(
        When(Q(withdrawn_at__isnull=False, withdrawn_at__lt=F("ends_at")), then=F("withdrawn_at")),
        When(Q(withdrawn_at__isnull=False, ends_at=None), then=F("withdrawn_at")),
        default=F("ends_at"),
    )
    best = (
        Mandate.objects.filter(
            organization=OuterRef("pk"), proven_at__isnull=False, proven_at__lte=at, rejected_at=None
        )
        .annotate(
            over_at=over,
            ended_at=Case(When(over_at__lte=at, then=F("over_at"))),
            by_domain=Case(When(proof=MandateProof.DOCUMENT, then=Value(1)), default=Value(0)),
        )
        .order_by(F("ended_at").desc(nulls_first=True), "by_domain", "proof", "pk")
    )
    return organizations.annotate(
        level_proof=Subquery(best.values("proof")[:1]), level_until=Subquery(best.values("ended_at")[:1])
    )


def level_of(organization: Organization) -> PublicLevel | None:
    """The level of a row that `with_public_level` gave."""
    proof = getattr(organization, "level_proof", None)
    return PublicLevel(MandateProof(proof), getattr(organization, "level_until", None)) if proof else None
