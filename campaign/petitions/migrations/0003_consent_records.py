"""Consents as a list of records: one act of one person for one purpose (see campaign/petitions/consents.py)."""

from django.db import migrations

BATCH = 1_000


def as_records(row):
    """{purpose: version} as it was kept when somebody signed. The digest of the words was not kept then."""
    return [
        {
            "purpose": purpose,
            "given": True,
            "version": version,
            "locale": row.locale,
            "at": row.signed_at.isoformat(),
            "sha256": "",
        }
        for purpose, version in row.consents.items()
    ]


def as_versions(row):
    """{purpose: version} of what is given after the last record of each purpose."""
    last = {record["purpose"]: record for record in row.consents}
    return {purpose: record["version"] for purpose, record in last.items() if record["given"]}


def rewrite(apps, *, kind, convert):
    """Rows that hold a `kind` are converted, batch by batch in the order of their keys: memory stays flat."""
    rows = apps.get_model("petitions", "Signature").objects.only("id", "consents", "locale", "signed_at")
    page = list(rows.order_by("pk")[:BATCH])
    while page:
        changed = [row for row in page if isinstance(row.consents, kind)]
        for row in changed:
            row.consents = convert(row)
        rows.bulk_update(changed, ["consents"], batch_size=200)
        page = list(rows.filter(pk__gt=page[-1].pk).order_by("pk")[:BATCH])


def forwards(apps, schema_editor):
    rewrite(apps, kind=dict, convert=as_records)


def backwards(apps, schema_editor):
    rewrite(apps, kind=list, convert=as_versions)


class Migration(migrations.Migration):

    atomic = False  # each batch by itself: killed half-way, it goes on where it stood
    dependencies = [("petitions", "0002_ledger_tree_intake_privacy")]

    operations = [migrations.RunPython(forwards, backwards)]
