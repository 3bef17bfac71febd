"""The ledger that numbers signatures, the tree that proves it, and the public numbers that move with it."""

from django.db import models
from django.db.models import F, Q

from campaign.petitions.models.petition import Petition
from campaign.petitions.models.signature import Signature


class EntryKind(models.TextChoices):
    ADDITION = "addition"
    REMOVAL = "removal"
    RESTORATION = "restoration"


class EntryReason(models.TextChoices):
    """Why a signature left the count or came back: a class, never a story."""

    NONE = ""
    SIGNER = "signer"  # the signer withdrew
    MODERATOR = "moderator"  # found not to be a person's own signature, or that finding undone


class LedgerEntry(models.Model):
    """One step of the count: a leaf of the petition's tree. Entries are only ever added, with consecutive positions from 1."""

    # No constraint in the database: it would look up both rows once more for each entry, half of the sequencer's time.
    # Petitions and numbered signatures are never deleted (Django refuses it), and `manage.py ledger verify` tells if one is gone.
    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="ledger", db_index=False, db_constraint=False
    )
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=11, choices=EntryKind)
    reason = models.CharField(max_length=9, choices=EntryReason, default=EntryReason.NONE, blank=True)
    signature = models.ForeignKey(Signature, models.PROTECT, related_name="entries", db_constraint=False)
    additions = models.PositiveBigIntegerField()  # additions up to and with this entry
    total = models.PositiveBigIntegerField()  # the count after this entry
    mark = models.BinaryField(
        max_length=32, null=True
    )  # commitment or trace; NULL in entries older than the tree
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "position"], name="entry_position_once"),
            models.CheckConstraint(name="entry_total_holds", condition=Q(total__lte=F("additions"))),
        ]
        indexes = [
            models.Index(
                fields=["petition", "position", "kind", "reason"],
                condition=~Q(kind="addition"),
                name="entry_left_or_returned",
            ),
        ]


class LedgerTile(models.Model):
    """Up to 256 neighboring hashes of a petition's Merkle tree, 32 bytes each (the tiling of C2SP tlog-tiles)."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="tiles", db_index=False)
    level = models.SmallIntegerField()  # 0 holds leaf hashes; n holds the roots of full tiles of level n - 1
    index = models.PositiveBigIntegerField()  # its place in the level, from 0
    hashes = models.BinaryField(max_length=256 * 32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "level", "index"], name="tile_once"),
        ]


class TreeHead(models.Model):
    """A signed statement of how many entries there are, and of the one hash that stands for them all."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="tree_heads", db_index=False)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    total = models.PositiveBigIntegerField()  # the count after the last entry
    public_key = models.BinaryField(max_length=32)  # Ed25519
    note = models.TextField()  # a C2SP signed note: the checkpoint and its signature
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "size"], name="tree_head_once")]


class LedgerKey(models.Model):
    """A public key that has signed heads here. Only added to: old heads can be verified when key or address have changed."""

    name = models.CharField(max_length=200)  # what it signed under: the site's address at the time
    public_key = models.BinaryField(max_length=32)  # Ed25519
    since = models.DateTimeField()  # the first head it signed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "public_key"], name="ledger_key_once")]


class Dimension(models.TextChoices):
    TOTAL = "total"
    COUNTRY = "country"
    DAY = "day"  # of confirmation, UTC
    SOURCE = "source"
    LOCALE = "locale"


class Tally(models.Model):
    """A public number, moved in the same transaction as the ledger."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tallies", db_index=False)
    dimension = models.CharField(max_length=8, choices=Dimension)
    key = models.CharField(max_length=32, blank=True)
    counted = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "dimension", "key"], name="tally_once"),
        ]
