"""The list of endorsers as a document prints it, from what a record fixed and from nothing else."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django_countries import countries

from campaign.organizations.logos import data_address, stored_logo
from campaign.organizations.models import MandateProof
from campaign.organizations.regions import region_name, region_of, region_order

MOST_LOGO_BYTES = 10_000_000  # of a wall; a longer one would be more than a document can hold


@dataclass(frozen=True)
class PrintedLogo:
    name: str
    address: str  # the picture itself, as a data: address


@dataclass(frozen=True)
class PrintedEndorsers:
    """`groups` are (region, rows) in the order of the record. `totals` are its numbers."""

    groups: list[tuple[str, list[dict[str, Any]]]]
    totals: dict[str, Any]
    logos: list[PrintedLogo]


def printed_endorsers(record: dict[str, Any]) -> PrintedEndorsers:
    """What a record holds of its endorsers, in words of the active language. Records made before regions were fixed have them
    worked out from the countries.
    """
    locale = get_language() or "en"
    rows = [_row(row) for row in record["endorsements"]]
    if any("region" not in row for row in record["endorsements"]):
        order = region_order(locale)
        rows.sort(key=lambda row: order.index(row["region"]))
    groups = [
        (region_name(region, locale), list(group))
        for region, group in groupby(rows, key=lambda row: row["region"])
    ]
    return PrintedEndorsers(groups, record.get("endorsers") or _totals(rows), _wall(rows))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    proof = row["proof"]
    return {
        "exceptions": [],
        "networks": [],
        "logo": "",
        "region": region_of(row["country"]),
        **row,
        "country_name": str(countries.name(row["country"])),
        # The bare word for a kind that this site no longer knows.
        "proof_label": str(MandateProof(proof).label) if proof in MandateProof.values else proof,
    }


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    countries_there = {row["country"] for row in rows}
    return {"organizations": len(rows), "countries": len(countries_there), "affiliated": 0, "people": 0}


def _wall(rows: list[dict[str, Any]]) -> list[PrintedLogo]:
    """The logos of the record that are still in the store. None at all when together they are too heavy to print."""
    logos, size = [], 0
    for row in rows:
        content = stored_logo(row["logo"]) if row["logo"] else None
        if content is not None:
            size += len(content)
            logos.append(PrintedLogo(row["name"], data_address(content)))
    return logos if size <= MOST_LOGO_BYTES else []
