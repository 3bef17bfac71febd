"""The ways in and the earlier deadlines, so far kept as they stood in their files, become rows; and back."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations

NAMED = {"id", "kind", "url", "address", "publication", "note"}


def carry_over(apps: Any, schema_editor: Any) -> None:
    Channel = apps.get_model("consultations", "Channel")
    DeadlineChange = apps.get_model("consultations", "DeadlineChange")
    for consultation in apps.get_model("consultations", "Consultation").objects.order_by("pk"):
        rows = {}
        for position, stated in enumerate(_entries(consultation.stated_channels)):
            key = str(stated.get("id") or f"channel-{position + 1}")[:64]
            if key not in rows:
                rows[key] = Channel(consultation=consultation, position=position, key=key, **_channel(stated))
        Channel.objects.bulk_create(rows.values())
        DeadlineChange.objects.bulk_create(
            DeadlineChange(consultation=consultation, noted_at=consultation.created_at, **_earlier(stated))
            for stated in _entries(consultation.stated_history)
        )


def _entries(stated: Any) -> list[dict[str, Any]]:
    return [entry for entry in stated if isinstance(entry, dict)] if isinstance(stated, list) else []


def _channel(stated: dict[str, Any]) -> dict[str, Any]:
    url = str(stated.get("url") or "")
    others = [f"{name}: {value}" for name, value in stated.items() if name not in NAMED and value is not None]
    note = [str(stated["note"])] if stated.get("note") else []
    return {
        "kind": str(stated.get("kind") or "other")[:64],
        # It was not checked so far, and now becomes a link.
        "url": url if url.startswith(("https://", "http://")) and len(url) <= 500 else "",
        "address": str(stated.get("address") or "")[:500],
        "publication": str(stated.get("publication") or "")[:64],
        "note": "; ".join([*note, *others])[:500],
    }


def _earlier(stated: dict[str, Any]) -> dict[str, Any]:
    wall_time = datetime.fromisoformat(stated["at"])
    return {
        "wall_time": wall_time.isoformat(timespec="seconds"),
        "time_zone": stated["timezone"],
        "closes_at": wall_time.replace(tzinfo=ZoneInfo(stated["timezone"])),
        "stated_as": str(stated.get("stated_as") or "")[:500],
        "changed_on": _day(stated.get("changed_on")),
        "reason": str(stated.get("reason") or "")[:500],
    }


def _day(stated: Any) -> date | None:
    try:
        return date.fromisoformat(str(stated))
    except ValueError:
        return None


def carry_back(apps: Any, schema_editor: Any) -> None:
    for consultation in apps.get_model("consultations", "Consultation").objects.order_by("pk"):
        channels = consultation.channels.order_by("position", "pk")
        consultation.stated_channels = [
            {
                "id": row.key,
                **{
                    name: getattr(row, name)
                    for name in ("kind", "url", "address", "publication", "note")
                    if getattr(row, name)
                },
            }
            for row in channels
        ]
        consultation.stated_history = [
            {
                "at": row.wall_time,
                "timezone": row.time_zone,
                "stated_as": row.stated_as,
                "changed_on": row.changed_on.isoformat() if row.changed_on else None,
                "reason": row.reason,
            }
            for row in consultation.deadline_changes.filter(channel=None).order_by("noted_at", "pk")
        ]
        consultation.save(update_fields=["stated_channels", "stated_history"])
        consultation.channels.all().delete()
        consultation.deadline_changes.all().delete()


class Migration(migrations.Migration):
    dependencies = [("consultations", "0009_channels_and_deadline_changes")]
    operations = [migrations.RunPython(carry_over, carry_back)]
