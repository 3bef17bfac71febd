"""Frozen texts: the same content is the same row, and no way leads to changing one."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from campaign.documents.canonical import NotCanonical, canonical_json
from campaign.documents.models import FrozenText, FrozenTextIsFixed
from campaign.documents.services import freeze_text
from tests.factories.documents import MOMENT, FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CONTENT = {
    "kind": "petitions.petition",
    "title": "Return the models",
    "locale": "en",
    "payload": {"demand": "Return them.", "number": 3},
}


def test_freeze_text_digest_is_that_of_kind_locale_payload_and_title():
    text = freeze_text(**CONTENT, at=MOMENT)

    assert text.digest == hashlib.sha256(canonical_json(CONTENT)).hexdigest()
    assert text.canonical_bytes == canonical_json(CONTENT)
    assert text.data == CONTENT["payload"]


def test_freeze_text_again_gives_the_first_row():
    first = freeze_text(**CONTENT, at=MOMENT)

    again = freeze_text(**CONTENT, at=MOMENT + timedelta(days=1))

    assert (again.pk, again.frozen_at) == (first.pk, MOMENT)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"title": "Return the model"},
        {"locale": "de"},
        {"payload": {"demand": "Return them!"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_freeze_text_with_anything_different_gives_another_row(change):
    first = freeze_text(**CONTENT, at=MOMENT)

    other = freeze_text(**{**CONTENT, **change}, at=MOMENT)

    assert other.digest != first.digest


def test_freeze_text_keeps_row_and_digest_in_one_unicode_form():
    text = freeze_text(kind="k", title="Cafe\u0301", locale="fr", payload={"e\u0301": "e\u0301"}, at=MOMENT)

    assert text.title == "Café"
    assert text.data == {"é": "é"}
    assert hashlib.sha256(text.canonical_bytes).hexdigest() == text.digest


def test_freeze_text_with_a_fraction_is_refused_and_stores_nothing():
    with pytest.raises(NotCanonical):
        freeze_text(kind="k", title="t", locale="en", payload={"share": 0.2}, at=MOMENT)

    assert FrozenText.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_freeze_text_by_several_at_once_gives_one_row():
    if connection.vendor == "sqlite":
        pytest.skip(
            "a database in memory belongs to one connection; SQLite lets one writer in at a time anyway"
        )
    digests, together = [], threading.Barrier(4)

    def freeze():
        together.wait()
        with transaction.atomic():
            digests.append(freeze_text(**CONTENT, at=MOMENT).digest)
        connection.close()

    threads = [threading.Thread(target=freeze) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(digests) == 4
    assert FrozenText.objects.count() == 1


def test_frozen_text_saved_again_is_refused():
    text = FrozenTextFactory()
    text.title = "Another title"

    with pytest.raises(FrozenTextIsFixed):
        text.save()


def test_frozen_text_saved_as_a_copy_with_the_same_key_is_refused():
    text = FrozenTextFactory()
    copy = FrozenText(
        pk=text.pk, kind="k", title="t", locale="en", payload="{}", digest="0" * 64, frozen_at=MOMENT
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_frozen_text_deleted_is_refused():
    with pytest.raises(FrozenTextIsFixed):
        FrozenTextFactory().delete()


@pytest.mark.parametrize(
    "act",
    [
        lambda texts: texts.update(title="Another title"),
        lambda texts: texts.delete(),
        lambda texts: texts.bulk_update(list(texts), ["title"]),
    ],
    ids=["update", "delete", "bulk_update"],
)
def test_frozen_texts_changed_in_bulk_are_refused(act):
    FrozenTextFactory()

    with pytest.raises(FrozenTextIsFixed):
        act(FrozenText.objects.all())


@pytest.mark.parametrize(
    "statement",
    ["UPDATE documents_frozentext SET title = 'Another title'", "DELETE FROM documents_frozentext"],
    ids=["update", "delete"],
)
def test_frozen_text_changed_in_sql_is_refused_by_the_database(statement):
    text = FrozenTextFactory(title="As it was")

    with (
        pytest.raises(IntegrityError, match="a frozen text never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert FrozenText.objects.get(pk=text.pk).title == "As it was"


def test_frozen_text_changed_past_its_query_set_is_refused_by_the_database():
    FrozenTextFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        super(type(FrozenText.objects.all()), FrozenText.objects.all()).update(locale=F("kind"))


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_table_and_leaves_it_guarded():
    FrozenTextFactory()

    call_command("flush", interactive=False, verbosity=0)

    assert FrozenText.objects.count() == 0
    FrozenTextFactory()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_frozentext")


def test_frozen_text_data_is_a_new_copy_each_time():
    text = FrozenTextFactory(payload={"list": [1]})

    text.data["list"].append(2)

    assert text.data == {"list": [1]}
    assert json.loads(text.payload) == {"list": [1]}
