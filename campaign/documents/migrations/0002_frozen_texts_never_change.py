"""The database itself refuses to change or remove a frozen text.

SQLite drops a table's triggers when a later migration has to rebuild the table: such a migration must run `install` again
(tests/documents/test_frozen_text.py fails until it does).
"""

from typing import Any

from django.db import migrations

MESSAGE = "a frozen text never changes"

POSTGRESQL_INSTALL = f"""
CREATE FUNCTION documents_refuse_frozen_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER documents_frozentext_fixed BEFORE UPDATE OR DELETE ON documents_frozentext
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_frozen_text_change();
"""
POSTGRESQL_REMOVE = """
DROP TRIGGER documents_frozentext_fixed ON documents_frozentext;
DROP FUNCTION documents_refuse_frozen_text_change();
"""
SQLITE_INSTALL = [
    f"CREATE TRIGGER documents_frozentext_fixed_{event.lower()} BEFORE {event} ON documents_frozentext "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for event in ("UPDATE", "DELETE")
]
SQLITE_REMOVE = [
    "DROP TRIGGER documents_frozentext_fixed_update",
    "DROP TRIGGER documents_frozentext_fixed_delete",
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
    dependencies = [("documents", "0001_frozen_texts_and_documents")]
    operations = [migrations.RunPython(install, remove)]
