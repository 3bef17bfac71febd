"""Portal profiles from YAML. A file is read and checked whole before the first row is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.campaigns.models import Jurisdiction
from campaign.consultations.importer.readers import expect_schema, items_of, short_text, zone_name
from campaign.consultations.importer.requirements import (
    RequirementData,
    read_requirements,
    store_requirements,
)
from campaign.consultations.models import PortalProfile, RequirementOrigin
from campaign.core.yamlfile import Node, read_yaml

SCHEMA = 2
KEYS = {"id", "name", "jurisdiction", "url", "channels", "timezone", "requirements", "sources"}


def load_profiles(path: Path) -> int:
    """Store every profile of a file, new or changed. Returns how many it holds. Raises FileError, nothing stored.

    What the operator of a site states of a portal stays: it stands beside what comes with the software, and beats it.
    """
    root = read_yaml(path)
    expect_schema(root, SCHEMA)
    entries = [_read_profile(entry) for entry in root.need("profiles").items()]
    with transaction.atomic():
        for slug, facts, requirements in entries:
            profile, created = PortalProfile.objects.get_or_create(slug=slug, defaults=facts)
            if not created and not profile.is_edited:
                PortalProfile.objects.filter(pk=profile.pk).update(**facts)
            store_requirements(requirements, profile=profile, origin=RequirementOrigin.SHIPPED)
    return len(entries)


def _read_profile(entry: Node) -> tuple[str, dict[str, Any], list[RequirementData]]:
    entry.only(KEYS)
    url, zone = entry.get("url"), entry.get("timezone")
    facts = {
        "name": short_text(entry.need("name"), 200),
        "jurisdiction": _jurisdiction(entry.get("jurisdiction")),
        "url": url.web_address() if url else "",
        "channels": [short_text(each, 40) for each in items_of(entry.get("channels"))],
        "time_zone": zone_name(zone) if zone else "",
        "sources": [short_text(each, 500) for each in items_of(entry.get("sources"))],
    }
    return entry.need("id").text(), facts, read_requirements(entry.get("requirements"))


def _jurisdiction(node: Node | None) -> Jurisdiction | None:
    if node is None:
        return None
    found = Jurisdiction.objects.filter(code=node.text()).first()
    if found is None:
        raise node.error(
            _("“%(value)s” is not a known jurisdiction. Load it first, or use another code.")
            % {"value": node.text()}
        )
    return found
