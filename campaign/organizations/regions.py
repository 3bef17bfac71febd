"""Regions of the world that lists are grouped by: the five of the United Nations (M49), with names in the reader's language."""

from functools import cache

import icu  # type: ignore[import-untyped]
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_countries import countries

from campaign.organizations.collation import sort_key

NAMES = {
    "002": _("Africa"),
    "009": _("Oceania"),
    "019": _("Americas"),
    "142": _("Asia"),
    "150": _("Europe"),
}
REGIONS = tuple(NAMES)


@cache
def region_of(country: str) -> str:
    """The M49 code of a country's region; "" for what is no country."""
    try:
        region = icu.Region.getInstance(country).getContainingRegion(icu.URegionType.CONTINENT)
    except icu.ICUError:
        return ""
    code = str(region) if region is not None else ""
    return code if code in REGIONS else ""


def region_name(code: str, locale: str) -> str:
    """What a region is called in `locale`, also in one that this site is not translated into; "" for none."""
    if code not in NAMES:
        return ""
    with override("en"):
        english = str(NAMES[code])
    with override(locale):
        ours = str(NAMES[code])
    if ours != english:
        return ours
    return str(icu.Locale(f"und_{code}").getDisplayCountry(icu.Locale.forLanguageTag(locale)))


@cache
def region_order(locale: str) -> tuple[str, ...]:
    """The regions by their names in `locale`, and last what has none."""
    return (*sorted(REGIONS, key=lambda code: sort_key(region_name(code, locale), locale)), "")


def region_place(country: str, locale: str) -> int:
    """Where a country's region stands in lists of `locale`: 0 for the first."""
    return region_order(locale).index(region_of(country))


def countries_by_region(locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(region's name, its countries as (code, name) by name), in the order of `locale`, in which names are."""
    found: dict[str, list[tuple[str, str]]] = {code: [] for code in region_order(locale)}
    for code, name in countries:
        found[region_of(code)].append((code, str(name)))
    return [
        (region_name(region, locale), sorted(rows, key=lambda row: sort_key(row[1], locale)))
        for region, rows in found.items()
        if rows
    ]
