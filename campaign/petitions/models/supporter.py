"""Who agreed to hear from which organization: what one organization of a coalition sees, and no other."""

import uuid
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery

from campaign.core.models import BaseModel
from campaign.organizations.models import Organization
from campaign.petitions.models.petition import Petition
from campaign.petitions.models.signature import Signature, SignatureState


class SupporterQuerySet(models.QuerySet["Supporter"]):
    def standing(self) -> Self:
        """Without those whose signature moderators took out: it did not look like a person's own."""
        return self.filter(signature__state=SignatureState.CONFIRMED, signature__email_key__isnull=False)

    def follow_mailboxes(self, signature_ids: Collection[uuid.UUID]) -> int:
        """Give the rows of these signatures the mailbox keys that those have now."""
        key = Signature.objects.filter(pk=OuterRef("signature")).values("email_key")
        return self.filter(signature__in=signature_ids).update(person_key=Subquery(key[:1]))


class Supporter(BaseModel):
    """One signer's consent to the news of one organization. It is there while the consent stands, and gone with it.

    What was agreed to, when and in which words is kept in the signature's records (consents.py), taking back included.
    """

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="supports", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="supporters", db_index=False)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="supporters", db_index=False)
    person_key = models.BinaryField(
        max_length=32
    )  # the mailbox's, as the signature has it: one for all petitions
    since = models.DateTimeField()

    objects = SupporterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signature", "organization"], name="supporter_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "person_key", "id"], name="supporter_person"),
            models.Index(fields=["petition", "organization", "person_key"], name="supporter_of_petition"),
        ]
