"""The data migration, on rows as they were."""

from importlib import import_module

import pytest

carry = import_module("campaign.consultations.migrations.0010_carry_channels_over")


def test_entry_of_a_channel_becomes_a_row_and_loses_nothing():
    values = carry._channel(
        {"id": "form", "kind": "portal-form", "url": "https://example.org", "rules": "one each", "note": None}
    )

    assert values == {
        "kind": "portal-form",
        "url": "https://example.org",
        "address": "",
        "publication": "",
        "note": "rules: one each",
    }


def test_address_that_is_no_web_address_does_not_become_a_link():
    assert carry._channel({"url": "javascript:alert(1)"})["url"] == ""


@pytest.mark.parametrize("stated", [None, {}, "x", ["x"], [1]])
def test_entries_of_what_is_no_list_of_mappings_are_none(stated):
    assert carry._entries(stated) == []


def test_earlier_deadline_becomes_a_moment():
    values = carry._earlier(
        {"at": "2016-04-11T23:59:59", "timezone": "America/New_York", "changed_on": "later"}
    )

    assert values["closes_at"].isoformat() == "2016-04-11T23:59:59-04:00"
    assert values["changed_on"] is None
