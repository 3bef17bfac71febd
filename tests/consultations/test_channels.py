"""Ways in with clocks of their own, and the deadlines that were moved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.models import Channel, Consultation, DeadlineChange
from campaign.core.yamlfile import FileError
from tests.consultations.test_importer import SAMPLE, ground, load
from tests.factories.consultations import ChannelFactory, ConsultationFactory

__all__ = ["ground"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CHANNELS = """\
channels:
  - {id: form, kind: portal-form, url: "https://example.org/form"}
  - id: letter
    kind: post
    address: "1 Square, Town"
    note: "Two copies"
    closes: {at: "2026-01-21T17:00:00", timezone: Asia/Seoul, stated_as: "by 21 January, 5 pm", precision: stated}
    closes_history:
      - {at: "2025-12-22T17:00:00", timezone: Asia/Seoul, changed_on: 2025-12-20, reason: "more time"}
"""
HISTORY = """\
closes_history:
  - {at: "2026-01-27T23:59:59", timezone: Europe/Brussels, stated_as: "27 January", changed_on: 2026-01-20}
"""


def with_parts(*parts):
    return SAMPLE.replace("numbering: official\n", "".join(parts) + "numbering: official\n")


def moved(text=SAMPLE):
    return text.replace('at: "2026-02-03T23:59:59"', 'at: "2026-02-17T23:59:59"')


@pytest.mark.usefixtures("ground")
def test_import_stores_channels_each_with_its_own_clock():
    load(with_parts(CHANNELS))

    form, letter = Channel.objects.order_by("position")
    assert (form.key, form.url, form.closes_at) == ("form", "https://example.org/form", None)
    assert (letter.key, letter.address, letter.note) == ("letter", "1 Square, Town", "Two copies")
    assert (letter.closes_at, letter.closes_wall_time, letter.time_zone) == (
        datetime(2026, 1, 21, 8, tzinfo=UTC),
        "2026-01-21T17:00:00",
        "Asia/Seoul",
    )
    change = letter.deadline_changes.get()
    assert (change.closes_at, change.reason) == (datetime(2025, 12, 22, 8, tzinfo=UTC), "more time")


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: letter", "id: form", "two channels have the id “form”"),
        ("https://example.org/form", "javascript:alert(1)", "a web address that begins with https://"),
        ("Asia/Seoul, stated_as", "Seoul, stated_as", "“Seoul” is not a time zone"),
        ("kind: post", "kynd: post", "“kynd” is not a key"),
        (', stated_as: "by 21 January, 5 pm"', "", "“stated_as” is missing"),
        ("changed_on: 2025-12-20", "changed_on: soon", "a date like"),
    ],
)
def test_import_mistake_in_a_channel_names_its_line(old, new, told):
    with pytest.raises(FileError, match=r"^sample\.yaml, line") as caught:
        load(with_parts(CHANNELS).replace(old, new, 1))

    assert told in str(caught.value)
    assert not Consultation.objects.exists()


@pytest.mark.usefixtures("ground")
def test_import_with_a_moved_deadline_notes_the_earlier_one():
    load(SAMPLE)

    consultation = load(moved())

    change = consultation.deadline_changes.get()
    assert (change.channel, change.wall_time, change.time_zone, change.stated_as) == (
        None,
        "2026-02-03T23:59:59",
        "Europe/Brussels",
        "midnight Brussels time",
    )
    assert consultation.closes_wall_time == "2026-02-17T23:59:59"


@pytest.mark.usefixtures("ground")
def test_import_again_notes_each_earlier_deadline_once():
    load(with_parts(HISTORY))
    load(moved(with_parts(HISTORY)))
    load(moved(with_parts(HISTORY)).replace("A sample call", "A better title"))

    assert list(DeadlineChange.objects.order_by("noted_at", "pk").values_list("wall_time", "stated_as")) == [
        ("2026-01-27T23:59:59", "27 January"),
        ("2026-02-03T23:59:59", "midnight Brussels time"),
    ]


@pytest.mark.usefixtures("ground")
def test_import_that_states_the_deadline_in_other_words_notes_no_change():
    load(SAMPLE)

    load(SAMPLE.replace("midnight Brussels time", "the end of 3 February"))

    assert not DeadlineChange.objects.exists()


@pytest.mark.usefixtures("ground")
def test_import_moves_the_clock_of_a_channel_and_drops_one_that_is_gone():
    load(with_parts(CHANNELS))
    letter = Channel.objects.get(key="letter")
    changed = CHANNELS.replace("2026-01-21T17:00:00", "2026-01-28T17:00:00").replace(
        '  - {id: form, kind: portal-form, url: "https://example.org/form"}\n', ""
    )

    load(with_parts(changed))

    row = Channel.objects.get()
    assert (row.pk, row.closes_wall_time) == (letter.pk, "2026-01-28T17:00:00")
    assert sorted(row.deadline_changes.values_list("wall_time", flat=True)) == [
        "2025-12-22T17:00:00",
        "2026-01-21T17:00:00",
    ]


def test_channel_without_a_clock_of_its_own_closes_with_the_consultation():
    now = timezone.now()
    consultation = ConsultationFactory(closes_at=now + timedelta(hours=1))
    plain = ChannelFactory(consultation=consultation)
    early = ChannelFactory(
        consultation=consultation,
        closes_at=now - timedelta(hours=1),
        closes_wall_time="2026-01-01T00:00:00",
        time_zone="UTC",
    )

    assert (plain.is_open_at(now), early.is_open_at(now)) == (True, False)
    assert not plain.is_open_at(now + timedelta(hours=1))


def test_channel_with_half_a_clock_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelFactory(closes_at=timezone.now())


def test_consultation_page_shows_each_channel_on_its_clock_and_what_was_moved(client):
    consultation = ConsultationFactory()
    ChannelFactory(consultation=consultation, kind="portal-form", url="https://example.org/form")
    ChannelFactory(
        consultation=consultation,
        kind="carrier-pigeon",
        closes_at=datetime(2026, 1, 21, 8, tzinfo=UTC),
        closes_wall_time="2026-01-21T17:00:00",
        time_zone="Asia/Seoul",
    )
    DeadlineChange.objects.create(
        consultation=consultation,
        wall_time="2026-01-01T12:00:00",
        time_zone="Asia/Tokyo",
        closes_at=datetime(2026, 1, 1, 3, tzinfo=UTC),
        stated_as="noon of New Year's Day",
        noted_at=timezone.now(),
    )

    response = client.get(reverse("consultation_detail", args=[consultation.slug]))

    page = response.content.decode()
    assert [is_open for _channel, is_open in response.context["channels"]] == [True, False]
    for told in (
        "Form on the portal",
        "carrier-pigeon",
        "Asia/Seoul",
        "21 January 2026, 08:00 UTC",
        "Asia/Tokyo",
        "New Year",
    ):
        assert told in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_consultation_page_with_channels_takes_a_fixed_number_of_queries(
    client, item_count, django_assert_num_queries
):
    consultation = ConsultationFactory()
    for channel in ChannelFactory.create_batch(item_count, consultation=consultation):
        DeadlineChange.objects.create(
            consultation=consultation,
            channel=channel,
            wall_time="2026-01-01T12:00:00",
            time_zone="Asia/Tokyo",
            closes_at=datetime(2026, 1, 1, 3, tzinfo=UTC),
            noted_at=timezone.now(),
        )

    with django_assert_num_queries(7):
        client.get(reverse("consultation_detail", args=[consultation.slug]))
