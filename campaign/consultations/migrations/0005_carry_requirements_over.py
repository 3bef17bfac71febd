"""What portals and calls asked of a reply, so far kept as they stood in their files, becomes rows.

Portals that come with the software get theirs when the software starts; here it is those that an operator loaded.
"""

from typing import Any

from django.db import migrations

FILES = [
    ("max_count", "attachment-count", ""),
    ("max_size_mb", "attachment-size", "kilobytes"),
    ("formats", "attachment-formats", ""),
]


def carry_over(apps: Any, schema_editor: Any) -> None:
    Requirement = apps.get_model("consultations", "Requirement")
    for profile in apps.get_model("consultations", "PortalProfile").objects.order_by("pk"):
        found = [_length(entry) for entry in profile.data.get("text_limits") or []]
        found += _files(profile.data.get("attachments") or {})
        Requirement.objects.bulk_create(
            [Requirement(profile=profile, origin="shipped", **values) for values in _each_once(found)]
        )
    for consultation in apps.get_model("consultations", "Consultation").objects.order_by("pk"):
        found = _of_call(consultation.constraints)
        Requirement.objects.bulk_create(
            [Requirement(consultation=consultation, origin="call", **values) for values in _each_once(found)]
        )


def _each_once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    places = ("topic", "subject", "unit", "applies_to")
    return list({tuple(values.get(name, "") for name in places): values for values in found}.values())


def _length(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "topic": "text-length",
        "subject": entry["scope"],
        "unit": entry["unit"],
        "value": entry.get("max"),
        "status": entry.get("status") or "uncertain",
        "note": str(entry.get("note") or "")[:500],
        "applies_to": str(entry.get("applies_to") or "")[:200],
    }


def _files(stated: dict[str, Any]) -> list[dict[str, Any]]:
    status = stated.get("status") or "uncertain"
    return [
        {
            "topic": topic,
            "unit": unit,
            "value": round(stated[key] * 1_000) if unit else stated[key],
            "status": status,
        }
        for key, topic, unit in FILES
        if stated.get(key)
    ]


def _of_call(stated: dict[str, Any]) -> list[dict[str, Any]]:
    whole = stated.get("whole_submission") or {}
    units = {"max_chars": whole.get("counts") or "characters", "max_words": "words", "max_pages": "pages"}
    lengths = [
        _length({"scope": "submission", "unit": unit, "max": whole[key], "status": whole.get("status")})
        for key, unit in units.items()
        if whole.get(key)
    ]
    found = [*lengths, *_files(stated.get("attachments") or {})]
    if isinstance(stated.get("one_submission_per_respondent"), bool):
        found.append(_verified("one-reply", stated["one_submission_per_respondent"]))
    if isinstance(stated.get("anonymous_allowed"), bool):
        choices = ["name", "anonymous"] if stated["anonymous_allowed"] else ["name"]
        found.append(_verified("publication", choices))
    if stated.get("publication_notice"):
        found.append(_verified("note", str(stated["publication_notice"])[:500], subject="publication"))
    for who, fields in (stated.get("identification") or {}).items():
        if isinstance(fields, list) and fields:
            found.append(_verified("identification", [str(each) for each in fields], subject=str(who)[:40]))
    return found


def _verified(topic: str, value: Any, *, subject: str = "") -> dict[str, Any]:
    return {"topic": topic, "subject": subject, "value": value, "status": "verified"}


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_requirements")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
