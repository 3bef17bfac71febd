"""Jurisdictions and authorities from YAML, read whole before the first row is written."""

from pathlib import Path

from django.db import transaction

from campaign.campaigns.models import Authority, Jurisdiction, JurisdictionKind
from campaign.core.yamlfile import Node, read_yaml


def load_jurisdictions(path: Path) -> int:
    """Store every jurisdiction of a file with its authorities, new or changed. Returns how many it holds.

    Raises FileError, nothing stored.
    """
    root = read_yaml(path)
    entries = list(root.need("jurisdictions").items())
    with transaction.atomic():
        for entry in entries:
            _store(entry)
    return len(entries)


def _store(entry: Node) -> None:
    entry.only({"code", "name", "kind", "parent", "authorities"})
    parent_node, authorities = entry.get("parent"), entry.get("authorities")
    parent = None
    if parent_node is not None:
        parent = Jurisdiction.objects.filter(code=parent_node.text()).first()
        if parent is None:
            raise parent_node.error("this jurisdiction is not known. List it before those below it.")
    jurisdiction, _created = Jurisdiction.objects.update_or_create(
        code=entry.need("code").text(),
        defaults={
            "name": entry.need("name").text(),
            "kind": entry.need("kind").one_of(JurisdictionKind.values),
            "parent": parent,
        },
    )
    for row in authorities.items() if authorities else ():
        website = row.get("website")
        Authority.objects.update_or_create(
            slug=row.need("slug").text(),
            defaults={
                "name": row.need("name").text(),
                "jurisdiction": jurisdiction,
                "website": website.text() if website else "",
            },
        )
