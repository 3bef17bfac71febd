"""All rows and files of a site that was set up once, to be put back before each test: far quicker than setting it up anew."""

import shutil

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction


class Snapshot:
    """The state of the test database (PostgreSQL) and of the folder of files. Take it once, put it back any number of times."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = None
        self.sequences = []

    @property
    def is_taken(self):
        return self.rows is not None

    def take(self, media):
        if connection.vendor != "postgresql":
            return  # on SQLite each test sets up its own
        media.mkdir(exist_ok=True)
        shutil.copytree(media, self.folder / "media")
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            self.rows = {table: _copied_out(cursor, table) for table in tables}
            cursor.execute("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences")
            self.sequences = [row for row in cursor.fetchall() if row[1] is not None]

    def put_back(self, media):
        shutil.copytree(self.folder / "media", media)
        # Django's foreign keys are checked at the end of a transaction: tables can be filled in any order.
        with transaction.atomic(), connection.cursor() as cursor:
            names = ", ".join(connection.ops.quote_name(table) for table in self.rows)
            cursor.execute(f"TRUNCATE {names}")
            for table, rows in self.rows.items():
                if rows:
                    _copy_in(cursor, table, rows)
            for name, last in self.sequences:
                cursor.execute("SELECT setval(%s::regclass, %s)", [name, last])
        ContentType.objects.clear_cache()
        cache.clear()


def _copied_out(cursor, table):
    with cursor.cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT (FORMAT binary)") as copy:
        data = b"".join(bytes(part) for part in copy)
    return data if len(data) > EMPTY else b""


def _copy_in(cursor, table, rows):
    with cursor.cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN (FORMAT binary)") as copy:
        copy.write(rows)


EMPTY = 21  # bytes: head and end of a binary copy without rows
