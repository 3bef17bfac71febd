"""Empty the database, append-only tables included.

Some tables refuse by trigger that a row is removed. PostgreSQL empties tables by TRUNCATE, which row triggers let pass; on
SQLite, where emptying is a DELETE, the triggers are lifted for the moment. Tests that commit, and
`manage.py flush`, rely on it.
"""

from typing import Any

from django.core.management.commands import flush
from django.db import connections, transaction


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "sqlite":
            super().handle(**options)
            return
        with transaction.atomic(using=options["database"]), connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            super().handle(**options)
            for _name, sql in triggers:
                cursor.execute(sql)
