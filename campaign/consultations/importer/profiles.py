"""Portal profiles from YAML. A file is read and checked whole before the first row is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from campaign.consultations.importer.readers import (
    expect_schema,
    items_of,
    zone_name,
)
from campaign.consultations.limits import COUNTED_ELSEWHERE, SCOPES, STATUSES, UNITS
from campaign.consultations.models import PortalProfile
from campaign.core.yamlfile import Node, read_yaml


def load_profiles(path: Path) -> int:
    """Store every profile of a file, new or changed. Returns how many it holds. Raises FileError, nothing stored."""
    root = read_yaml(path)
    expect_schema(root)
    entries = [_read_profile(entry) for entry in root.need("profiles").items()]
    with transaction.atomic():
        for slug, values in entries:
            PortalProfile.objects.update_or_create(slug=slug, defaults=values)
    return len(entries)


def _read_profile(entry: Node) -> tuple[str, dict[str, Any]]:
    slug = entry.need("id").text()
    for limit in items_of(entry.get("text_limits")):
        limit.need("scope").one_of(SCOPES)
        limit.need("unit").one_of([*UNITS, *COUNTED_ELSEWHERE])
        limit.need("status").one_of(STATUSES)
        if (maximum := limit.get("max")) is not None:
            maximum.integer(minimum=1)
    deadline = entry.get("deadline")
    zone = deadline.get("timezone") if deadline else None
    convention = deadline.get("convention") if deadline else None
    url = entry.get("url")
    return slug, {
        "name": entry.need("name").text(),
        "url": url.web_address() if url else "",
        "time_zone": zone_name(zone) if zone else "",
        "deadline_convention": convention.text() if convention else "",
        "data": entry.plain(),
    }
