"""Model fields of our own."""

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from campaign.core.crypto import decrypt, encrypt


class _Sealed:
    """A stored value that nobody has looked at yet: its bytes, as the database gave them."""

    __slots__ = ("value",)

    def __init__(self, value: bytes) -> None:
        self.value = value


class _OpensOnRead(DeferredAttribute):
    """Decrypts at first use: only then is the row's primary key, part of the value's place, known for sure."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, _Sealed):
            value = decrypt(value.value, place=self.field.place_in(instance))  # type: ignore[attr-defined]
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # not generic while it runs
    """Text that the database holds only encrypted. None stays NULL and "" is stored as NULL.

    It is written through `save()` and `bulk_create()`, which know the row; `update()` may blank it or write what
    `sealed` made for that row. It cannot be
    searched: keep a blind index beside it.
    """

    descriptor_class = _OpensOnRead

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    def place_in(self, instance: models.Model) -> str:
        return f"{self.model._meta.db_table}:{self.column}:{instance.pk}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> _Sealed | None:
        return None if value is None else _Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, _Sealed):
            return value  # not looked at, so not changed
        if not value:
            return None
        return _Sealed(encrypt(value, place=self.place_in(model_instance)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, _Sealed):
            return connection.Database.Binary(value.value)
        if value is None:
            return None
        raise TypeError(
            f"{self.model.__name__}.{self.name} is encrypted: write it with save(), bulk_create() or sealed()"
        )

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def formfield(self, **kwargs: Any) -> None:  # type: ignore[override]
        return None

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("Encrypted fields are not serialized.")

    def to_python(self, value: Any) -> Any:
        return value

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs


def sealed(row: models.Model, field: str, text: str) -> Any:
    """Text encrypted for `field` of that row: what a conditional `update()` may write. None for empty text."""
    column = row._meta.get_field(field)
    if not isinstance(column, EncryptedTextField):
        raise TypeError(f"{field} is not encrypted")
    return _Sealed(encrypt(text, place=column.place_in(row))) if text else None
