"""Consultations from YAML. A file is read and checked whole before the first row is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.accounts.models import User
from campaign.campaigns.models import Authority, Jurisdiction
from campaign.consultations.importer.channels import (
    ChannelData,
    Clock,
    Earlier,
    clock_of,
    read_channels,
    read_clock,
    read_history,
    store_channels,
    store_history,
)
from campaign.consultations.importer.questions import SectionData, read_sections
from campaign.consultations.importer.readers import (
    expect_schema,
    items_of,
    optional_text,
    plain_of,
    short_text,
)
from campaign.consultations.importer.requirements import (
    RequirementData,
    read_constraints,
    store_requirements,
)
from campaign.consultations.importer.storing import store_questions
from campaign.consultations.models import Consultation, PortalProfile, RequirementOrigin
from campaign.consultations.rules import can_edit_consultation
from campaign.core.slugs import RESERVED, free_slug
from campaign.core.yamlfile import FileError, Node, parse_yaml

SCHEMA = 1
CONSULTATION_KEYS = {
    "schema", "id", "title", "authority", "jurisdiction", "reference", "kind", "subject", "opened", "closes",
    "closes_history", "portal", "channels", "languages", "constraints", "numbering", "complete", "sections", "source",
    "licence", "notes",
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """What a file says of a consultation, read and checked."""

    root: Node
    digest: str  # SHA-256 of its bytes
    values: dict[str, Any]
    clock: Clock
    history: list[Earlier]
    channels: list[ChannelData]
    sections: list[SectionData]
    requirements: list[RequirementData]

    @property
    def slug(self) -> str:
        return str(self.values["slug"])

    def check_names(self) -> None:
        """Raises FileError where it names a portal or a jurisdiction that is not known."""
        known_profile(self.root)
        _known_jurisdiction(self.root)


def load_consultation(path: Path) -> Consultation:
    """Import one consultation file. Raises FileError, nothing stored."""
    return import_consultation(raw=read_bytes(path), file=path.name, at=timezone.now())


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises FileError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        raise FileError(
            _("%(file)s: the file cannot be read. Check the path.") % {"file": path.name}
        ) from None


def import_consultation(*, raw: bytes, file: str, at: datetime, by: User | None = None) -> Consultation:
    """Import the bytes of a file called `file`. The same bytes again change nothing.

    A changed file replaces the consultation's facts and questions; answers stay with their questions. Only for who imported it,
    for staff, or for an operator (`by` is None). Raises FileError, nothing stored.
    """
    call = read_call(raw=raw, file=file)
    with transaction.atomic():
        known = known_consultation(call, by=by, lock=True)
        if known and known.file_digest == call.digest:
            return known
        return store_call(call, known, at=at, by=by)


def known_consultation(call: Call, *, by: User | None, lock: bool = False) -> Consultation | None:
    """The consultation that a file is about, when it is here. Raises FileError when it is not theirs to change."""
    rows = Consultation.objects.all()
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    known = rows.filter(slug=call.slug).first()
    if known and by is not None and not can_edit_consultation(by, known):
        raise call.root.need("id").error(
            _("somebody else has imported a consultation with this id. Choose another id.")
        )
    return known


def store_call(call: Call, known: Consultation | None, *, at: datetime, by: User | None) -> Consultation:
    """Store what a file says, of a new consultation or of a `known` one, which is locked. Raises FileError."""
    profile = known_profile(call.root)
    earlier = clock_of(known) if known else None
    values = {
        **call.values,
        **call.clock.values,
        "authority": _authority(call.root),
        "profile": profile,
        "file_digest": call.digest,
    }
    if known:
        consultation = known
        for name, value in values.items():
            setattr(consultation, name, value)
        consultation.revision += 1
        consultation.save()
    else:
        consultation = _created(call, {**values, "imported_by": by})
    store_history(consultation, None, call.history, earlier=earlier, now=call.clock, at=at, by=by)
    store_channels(consultation, call.channels, at=at, by=by)
    store_questions(consultation, call.sections, at=at)
    store_requirements(call.requirements, consultation=consultation, origin=RequirementOrigin.CALL)
    return consultation


def _created(call: Call, values: dict[str, Any]) -> Consultation:
    try:
        with transaction.atomic():
            return Consultation.objects.create(**values)
    except IntegrityError:
        raise call.root.need("id").error(
            _("a consultation with this id was imported at this very moment. Import the file again.")
        ) from None


def read_call(*, raw: bytes, file: str) -> Call:
    """What the bytes of a file called `file` say. Raises FileError."""
    root = parse_yaml(raw, file=file)
    expect_schema(root, SCHEMA)
    root.only(CONSULTATION_KEYS)
    return Call(
        root=root,
        digest=hashlib.sha256(raw).hexdigest(),
        values={"slug": _slug(root.need("id")), **_facts(root)},
        clock=read_clock(root.need("closes")),
        history=read_history(root.get("closes_history")),
        channels=read_channels(root.get("channels")),
        sections=read_sections(root),
        requirements=read_constraints(root.get("constraints")),
    )


def _slug(node: Node) -> str:
    slug = node.text()
    if (
        not slug.replace("-", "").isalnum()
        or not slug.isascii()
        or slug != slug.lower()
        or len(slug) > 80
        or slug in RESERVED
    ):
        raise node.error(_("use at most 80 lower-case letters, digits and hyphens."))
    return slug


def _facts(root: Node) -> dict[str, Any]:
    languages = [short_text(node, 16) for node in items_of(root.get("languages"))]
    portal = root.need("portal")
    return {
        "title": short_text(root.need("title"), 300),
        "reference": optional_text(root.get("reference"), 120),
        "kind": short_text(root.need("kind"), 40),
        "subject": optional_text(root.get("subject"), 500),
        "locale": languages[0] if languages and languages[0] != "all-eu" else "en",
        "opened_date": root.need("opened").date(),
        "portal_url": address.web_address() if (address := portal.get("url")) else "",
        "languages": languages,
        "has_official_numbers": root.need("numbering").one_of(["official", "assigned"]) == "official",
        "source": plain_of(root.get("source"), {}),
        "license": licence.mapping() if (licence := root.get("licence")) else {},
        "notes": plain_of(root.get("notes"), []),
    }


def known_profile(root: Node) -> PortalProfile:
    node = root.need("portal").need("profile")
    profile = PortalProfile.objects.filter(slug=node.text()).first()
    if profile is None:
        known = ", ".join(PortalProfile.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise node.error(
            _("“%(value)s” is not a known portal profile. Use one of: %(known)s.")
            % {"value": node.text(), "known": known}
        )
    return profile


def _known_jurisdiction(root: Node) -> Jurisdiction:
    code = root.need("jurisdiction")
    jurisdiction = Jurisdiction.objects.filter(code=code.text()).first()
    if jurisdiction is None:
        raise code.error(
            _("“%(value)s” is not a known jurisdiction. Load it first, or use EU, UN or a country code.")
            % {"value": code.text()}
        )
    return jurisdiction


def _authority(root: Node) -> Authority:
    return authority_called(short_text(root.need("authority"), 200), _known_jurisdiction(root))


def authority_called(name: str, jurisdiction: Jurisdiction) -> Authority:
    """The authority of that name there; made when it is not known."""
    known = Authority.objects.filter(name=name, jurisdiction=jurisdiction)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            return Authority.objects.create(
                name=name, jurisdiction=jurisdiction, slug=free_slug(name, taken=Authority.objects.all())
            )
    except IntegrityError:  # another import made it at this very moment, or one whose slug is the same
        return known.first() or Authority.objects.create(
            name=name, jurisdiction=jurisdiction, slug=free_slug(name, taken=Authority.objects.all())
        )
