"""The database itself refuses to change or remove a line of the log.

SQLite drops a table's triggers when a later migration has to rebuild the table: such a migration must run `install` again
(tests/activity/test_log.py fails until it does).
"""

from typing import Any

from django.db import migrations

MESSAGE = "the log is only added to"

POSTGRESQL_INSTALL = f"""
CREATE FUNCTION activity_refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER activity_logentry_fixed BEFORE UPDATE OR DELETE ON activity_logentry
    FOR EACH ROW EXECUTE FUNCTION activity_refuse_log_change();
"""
POSTGRESQL_REMOVE = """
DROP TRIGGER activity_logentry_fixed ON activity_logentry;
DROP FUNCTION activity_refuse_log_change();
"""
SQLITE_INSTALL = [
    f"CREATE TRIGGER activity_logentry_fixed_{event.lower()} BEFORE {event} ON activity_logentry "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for event in ("UPDATE", "DELETE")
]
SQLITE_REMOVE = [
    "DROP TRIGGER activity_logentry_fixed_update",
    "DROP TRIGGER activity_logentry_fixed_delete",
]


def install(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in [POSTGRESQL_INSTALL] if vendor == "postgresql" else SQLITE_INSTALL:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in [POSTGRESQL_REMOVE] if vendor == "postgresql" else SQLITE_REMOVE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_log_and_edit_locks")]
    operations = [migrations.RunPython(install, remove)]
