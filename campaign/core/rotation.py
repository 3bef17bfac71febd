"""Changing keys under a running site: everything is made anew with the first key, and the outcome is proved by counting.

How far a rotation has come is a fact of the data: each encrypted value names its key, and an index either is or is not the
one under the current key. A run that was killed goes on where it stood, and running it twice changes nothing. Rows are
taken in the order of their keys, a batch at a time; on PostgreSQL each batch is locked without waiting, so that the site
never waits long and neither side can block the other for good. What was locked or changed meanwhile is left to the next
pass.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact

from campaign.core.crypto import (
    VERSION,
    Undecipherable,
    decrypt,
    encrypt,
    key_id_of,
    open_text,
    seal_text,
    sealed_bytes,
)
from campaign.core.fields import EncryptedTextField
from campaign.core.sealed import SealedJson, sealed_fields

BATCH = 500
PASSES = 5

Tell = Callable[[str], None]


@dataclass
class Outcome:
    """What a rotation did. `unreadable` values and `clashing` rows need a person."""

    changed: int = 0
    left: int = 0  # locked or changed by somebody else at the moment: for the next pass
    unreadable: int = 0
    clashing: int = 0


# --- Data keys ----------------------------------------------------------------
def encrypted_models() -> list[tuple[type[models.Model], list[EncryptedTextField]]]:
    """Every model with encrypted fields, by its table's name."""
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if fields and model._meta.managed:
            found.append((model, fields))
    return sorted(found, key=lambda entry: entry[0]._meta.db_table)


def data_key_counts() -> dict[str, Counter[str]]:
    """{"table.column": {key id: how many values}}. Values whose key is not in the ring are counted under ""."""
    counts = {}
    for model, fields in encrypted_models():
        for field in fields:
            ids = {key_id: _made_with(field, key_id) for key_id in settings.DATA_KEYS}
            numbers = {f"key_{key_id}": models.Count("pk", filter=made) for key_id, made in ids.items()}
            row = model._base_manager.filter(**{f"{field.name}__isnull": False}).aggregate(
                all_of_them=models.Count("pk"), **numbers
            )
            found = Counter({key_id: row[f"key_{key_id}"] for key_id in ids})
            found[""] = row["all_of_them"] - found.total()
            counts[f"{model._meta.db_table}.{field.column}"] = +found
    for entry in sealed_fields():
        counts[entry.column] = Counter(
            _ring_key_of(sealed) for _pk, data in entry.rows() for sealed in entry.texts(data)
        )
    return counts


def _prefix(key_id: str) -> bytes:
    """How values of that key begin (see `campaign.core.crypto`)."""
    return VERSION + bytes([len(key_id)]) + key_id.encode()


def _made_with(field: EncryptedTextField, key_id: str) -> Any:
    """A condition: the stored value begins as values of that key do."""
    prefix = _prefix(key_id)
    start = Func(
        F(field.name),
        Value(1),
        Value(len(prefix)),
        function="substr",
        output_field=models.BinaryField(),
    )
    return Exact(start, prefix)


def rotate_data_keys(*, tell: Tell) -> Outcome:
    """Encrypt every value with the first key of the ring that another key made. Safe beside a running site, and to repeat."""
    total = Outcome()
    for model, fields in encrypted_models():
        _repeat(total, partial(_encrypt_anew, model, fields), model, tell)
    for entry in sealed_fields():
        _repeat(total, partial(_seal_anew, entry), apps.get_model(entry.model), tell)
    return total


def _repeat(total: Outcome, one_pass: Callable[[], Outcome], model: type[models.Model], tell: Tell) -> None:
    """Passes over one table until one finds nothing to do; the last one says what could not be done."""
    outcome = Outcome()
    for _pass in range(PASSES):
        outcome = one_pass()
        total.changed += outcome.changed
        tell(f"{model._meta.label}: {outcome.changed} changed, {outcome.left} left for the next pass")
        if not outcome.changed and not outcome.left:
            break
    total.left += outcome.left
    total.unreadable += outcome.unreadable
    total.clashing += outcome.clashing


def _encrypt_anew(model: type[models.Model], fields: list[EncryptedTextField]) -> Outcome:
    """One pass over a table."""
    outcome, stale = Outcome(), Q()
    for field in fields:
        stale |= Q(**{f"{field.name}__isnull": False}) & ~Q(_made_with(field, _current()))
    waiting = model._base_manager.filter(stale).order_by("pk")
    for page in _pages(waiting):
        with transaction.atomic():
            rows = waiting.filter(pk__in=page).select_for_update(skip_locked=True, no_key=True)
            values = list(rows.values_list("pk", *(field.name for field in fields)))
            outcome.left += len(page) - len(values)
            for index, field in enumerate(fields, start=1):
                stored = [(row[0], bytes(row[index].value)) for row in values if row[index] is not None]
                _write(field, stored, outcome)
    return outcome


def _pages(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    """Primary keys of what `rows` finds, in order, a batch at a time."""
    page = list(rows.values_list("pk", flat=True)[:BATCH])
    while page:
        yield page
        page = list(rows.filter(pk__gt=page[-1]).values_list("pk", flat=True)[:BATCH])


def _current() -> str:
    """The id of the key that encrypts."""
    return next(iter(settings.DATA_KEYS))


def _write(field: EncryptedTextField, stored: list[tuple[Any, bytes]], outcome: Outcome) -> None:
    """Write each value under the current key where the old one still stands."""
    changes = []
    for pk, old in stored:
        if old.startswith(_prefix(_current())):
            continue
        place = field.place_in(field.model(pk=pk))
        try:
            changes.append((pk, old, encrypt(decrypt(old, place=place), place=place)))
        except Undecipherable:
            outcome.unreadable += 1
    if not changes:
        return
    binary, key = connection.Database.Binary, field.model._meta.pk  # type: ignore[attr-defined]
    written = _update_each(
        field.model,
        [field.column],
        [key.column, field.column],
        [(binary(new), key.get_db_prep_value(pk, connection), binary(old)) for pk, old, new in changes],
    )
    outcome.changed += written
    outcome.left += len(changes) - written


def _update_each(
    model: type[models.Model], columns: list[str], where: list[str], rows: list[tuple[Any, ...]]
) -> int:
    """One prepared UPDATE for many rows: `rows` hold the values of `columns`, then those of `where`. Returns how many matched."""
    quote = connection.ops.quote_name
    written = ", ".join(f"{quote(column)} = %s" for column in columns)
    matching = " AND ".join(f"{quote(column)} = %s" for column in where)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {written} WHERE {matching}"  # noqa: S608  names of our models
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
        return max(cursor.rowcount, 0)


# --- Data keys, in JSON fields of models that are not ours ----------------------
def _ring_key_of(sealed: str) -> str:
    """The id of the key that made it; "" when that key is not in the ring."""
    try:
        key_id = key_id_of(sealed_bytes(sealed))
    except Undecipherable:
        return ""
    return key_id if key_id in settings.DATA_KEYS else ""


def _seal_anew(entry: SealedJson) -> Outcome:
    """One pass over a table. The row is locked while it is read and written: its other values must not go back in time."""
    outcome, manager = Outcome(), apps.get_model(entry.model)._base_manager
    stale = [
        pk for pk, data in entry.rows() if any(_ring_key_of(text) != _current() for text in entry.texts(data))
    ]
    for start in range(0, len(stale), BATCH):
        page = stale[start : start + BATCH]
        with transaction.atomic():
            rows = manager.filter(pk__in=page).select_for_update(skip_locked=True)
            values = list(rows.values_list("pk", entry.field))
            outcome.left += len(page) - len(values)
            for pk, data in values:
                _write_sealed(entry, manager, pk, data, outcome)
    return outcome


def _write_sealed(
    entry: SealedJson, manager: models.Manager[Any], pk: Any, data: dict[str, Any], outcome: Outcome
) -> None:
    def anew(text: str) -> str:
        if _ring_key_of(text) == _current():
            return text
        try:
            opened = open_text(text, place=entry.place)
        except Undecipherable:
            outcome.unreadable += 1
            return text
        outcome.changed += 1
        return seal_text(opened, place=entry.place)

    new = entry.changed(data, anew)
    if new != data:
        manager.filter(pk=pk).update(**{entry.field: new})


# --- Index keys ---------------------------------------------------------------
Keys = Mapping[str, bytes | int | None]
KeysOf = Callable[[Any], list[Keys]]


@dataclass(frozen=True)
class Indexed:
    """A model whose columns hold blind indexes.

    `keys` is called once for each pass and gives a function: what a row should hold under the current key, best first. The
    next one is taken when the unique constraint says that another row holds the first.
    """

    model: str  # "app.Model"
    reads: tuple[str, ...]  # fields that `keys` looks at
    writes: tuple[str, ...]  # fields that it names, each time all of them
    keys: Callable[[], KeysOf]
    joins: tuple[
        str, ...
    ] = ()  # foreign keys that `reads` follow: rows are read, and locked, together with those


_indexed: dict[str, Indexed] = {}


def register_index(indexed: Indexed) -> None:
    """Rooms name their models here when the application starts."""
    _indexed[indexed.model] = indexed


def index_key_counts() -> dict[str, Counter[str]]:
    """{"app.Model": {"current": rows, "other": rows}}: reads every row, since only its text says what the index should be."""
    counts = {}
    for name, indexed in sorted(_indexed.items()):
        rows, keys_of = _rows(indexed), indexed.keys()
        found: Counter[str] = Counter()
        for page in _pages(rows.order_by("pk")):
            current = [_is_current(indexed, keys_of, row) for row in rows.filter(pk__in=page)]
            found["current"] += sum(current)
            found["other"] += len(current) - sum(current)
        counts[name] = found
    return counts


def rotate_index_keys(*, tell: Tell) -> Outcome:
    """Compute every blind index anew under the current key. Safe beside a running site, and to repeat.

    Meanwhile look-ups know both keys (`blind_indexes`), so that nobody is taken for new whose row still has the old one.
    """
    total = Outcome()
    for _name, indexed in sorted(_indexed.items()):
        model = apps.get_model(indexed.model)
        _repeat(total, partial(_index_anew, indexed, tell), model, tell)
    return total


def _rows(indexed: Indexed) -> models.QuerySet[Any]:
    model = apps.get_model(indexed.model)
    rows = model._base_manager.only(model._meta.pk.name, *indexed.reads, *indexed.writes)
    return rows.select_related(*indexed.joins) if indexed.joins else rows


def _is_current(indexed: Indexed, keys_of: KeysOf, row: Any) -> bool:
    held = {name: _plain(getattr(row, name)) for name in indexed.writes}
    try:
        return any(held == dict(keys) for keys in keys_of(row))
    except Undecipherable:
        return False


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _index_anew(indexed: Indexed, tell: Tell) -> Outcome:
    """One pass over a table."""
    outcome, rows, keys_of = Outcome(), _rows(indexed), indexed.keys()
    for page in _pages(rows.order_by("pk")):
        stale = [row.pk for row in rows.filter(pk__in=page) if not _is_current(indexed, keys_of, row)]
        if not stale:
            continue
        with transaction.atomic():
            locked = list(rows.filter(pk__in=stale).select_for_update(skip_locked=True))
            outcome.left += len(stale) - len(locked)
            _index_rows(indexed, keys_of, locked, outcome, tell)
    return outcome


def _index_rows(indexed: Indexed, keys_of: KeysOf, rows: list[Any], outcome: Outcome, tell: Tell) -> None:
    """Write the best keys of all rows in one go; if one of them clashes, each row by itself."""
    readable = []
    for row in rows:
        try:
            for name, value in keys_of(row)[0].items():
                setattr(row, name, value)
            readable.append(row)
        except Undecipherable:
            outcome.unreadable += 1
    if not readable:
        return
    model = apps.get_model(indexed.model)
    manager, fields = model._base_manager, [model._meta.get_field(name) for name in indexed.writes]
    values = [
        tuple(
            field.get_db_prep_save(getattr(row, field.attname), connection)
            for field in (*fields, model._meta.pk)
        )
        for row in readable
    ]
    try:
        with transaction.atomic():
            columns = [field.column for field in fields]
            outcome.changed += _update_each(model, columns, [model._meta.pk.column], values)
    except IntegrityError:
        for row in readable:
            if any(_fits(manager, row, keys) for keys in keys_of(row)):
                outcome.changed += 1
            else:
                outcome.clashing += 1
                tell(f"{indexed.model} {row.pk}: another row holds its key; the two are one person's")


def _fits(manager: models.Manager[Any], row: Any, keys: Keys) -> bool:
    """Write these keys into a row, unless another one holds them."""
    try:
        with transaction.atomic():
            manager.filter(pk=row.pk).update(**keys)
    except IntegrityError:
        return False
    return True
