"""Secrets inside JSON fields of models that are not ours: where they stand, so that a change of keys reaches them too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps


@dataclass(frozen=True)
class SealedJson:
    """A JSON field in which the values of some names were made by `seal_text`, all for one place.

    A value may be a list of them.
    """

    model: str  # "app.Model"
    field: str
    names: tuple[str, ...]
    place: str

    @property
    def column(self) -> str:
        return f"{apps.get_model(self.model)._meta.db_table}.{self.field}"

    def rows(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """(primary key, content of the field) of every row."""
        rows = apps.get_model(self.model)._base_manager.order_by("pk").values_list("pk", self.field)
        return iter(rows)

    def texts(self, data: dict[str, Any]) -> list[str]:
        """Every sealed text of one row's field."""
        found = [data[name] for name in self.names if data.get(name) is not None]
        return [text for value in found for text in (value if isinstance(value, list) else [value])]

    def changed(self, data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
        """The same data with each sealed text put through `change`."""
        new = dict(data)
        for name in self.names:
            value = data.get(name)
            if value is not None:
                new[name] = [change(text) for text in value] if isinstance(value, list) else change(value)
        return new


_fields: dict[str, SealedJson] = {}


def register_sealed(entry: SealedJson) -> None:
    """Rooms name their JSON fields here when the application starts."""
    _fields[f"{entry.model}.{entry.field}"] = entry


def sealed_fields() -> list[SealedJson]:
    return list(_fields.values())
