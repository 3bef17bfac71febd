from datetime import timedelta

import pytest

from campaign.core.yamlfile import FileError
from campaign.documents.models import Document, FrozenText
from campaign.regulations.models import Edition, Hook, Template
from campaign.regulations.services import (
    EditionAlreadyPublished,
    EditionNotPublishable,
    import_template,
    publish_edition,
    request_edition_document,
)
from tests.factories.regulations import (
    FILE,
    MOMENT,
    EditionFactory,
    HookFactory,
    ObjectionFactory,
    ProvisionFactory,
    VariableFactory,
    node,
    published_edition,
)

pytestmark = pytest.mark.django_db


@pytest.mark.sqlite
def test_import_template_publishes_the_edition():
    outcome = import_template(node=node(), at=MOMENT)

    edition = Edition.objects.get()
    assert outcome.is_new
    assert outcome.edition == edition
    assert (edition.state, edition.label, edition.published_at) == ("published", "1.0", MOMENT)
    assert (edition.template.slug, edition.template.locale) == ("small-act", "en")
    assert edition.provisions.count() == 8
    assert edition.provisions.get(key="duty-limits-b").parent.key == "duty-limits"
    assert edition.provisions.get(key="duty-limits-b").position == 1


def test_import_template_freezes_the_numbered_and_resolved_text():
    edition = import_template(node=node(), at=MOMENT).edition

    data = FrozenText.objects.get(pk=edition.frozen_text_id).data
    duty = data["law"]["provisions"][2]
    assert (edition.frozen_text.kind, edition.frozen_text.title) == ("regulations.edition", "Small act, 1.0")
    assert (duty["key"], duty["number"]) == ("duty", "Article 2")
    assert duty["children"][0]["body"] == [
        {"text": "Every model shall be returned within "},
        {"text": "24\u00a0months", "variable": "period"},
        {"text": "."},
    ]
    assert duty["children"][1]["body"] == [
        {"text": "Paragraph\u00a01", "reference": "duty-return"},
        {"text": " shall not apply:"},
    ]
    assert data["hooks"][0]["checked_by"] == ""
    assert data["objections"] == [{"argument": "It is too small.", "reply": "It grows."}]
    assert data["variables"][0]["printed"] == "24\u00a0months"


def test_import_template_twice_changes_nothing():
    first = import_template(node=node(), at=MOMENT)

    second = import_template(node=node(), at=MOMENT + timedelta(days=1))

    assert not second.is_new
    assert second.edition == first.edition
    assert Edition.objects.get().published_at == MOMENT
    assert FrozenText.objects.count() == 1


def test_import_template_refuses_another_text_under_a_published_label():
    import_template(node=node(), at=MOMENT)

    with pytest.raises(FileError) as refusal:
        import_template(node=node(FILE.replace("a first thing", "any thing")), at=MOMENT)

    assert str(refusal.value) == (
        "small.yaml, line 11, “edition.label”: edition 1.0 of “small-act” is published with another text, "
        "and a published edition never changes. Raise the label."
    )
    assert Edition.objects.get().frozen_text.data["law"]["provisions"][2]["children"][1]["children"][0][
        "body"
    ] == [{"text": "to a first thing;"}]


def test_import_template_records_a_check_without_a_new_edition():
    before = import_template(node=node(), at=MOMENT).edition.frozen_text
    checked = FILE.replace(
        "example.org/law", "example.org/law\n    checked_by: Ada\n    checked_on: 2026-11-20"
    )

    outcome = import_template(node=node(checked), at=MOMENT)

    hook = Hook.objects.get()
    assert (outcome.is_new, outcome.checks_recorded) == (False, 1)
    assert (hook.checked_by, str(hook.checked_on)) == ("Ada", "2026-11-20")
    assert Edition.objects.get().frozen_text == before


def test_import_template_publishes_the_next_edition_on_its_base():
    first = import_template(node=node(), at=MOMENT).edition
    following = FILE.replace('label: "1.0"', 'label: "1.1"\n  base: "1.0"\n  change_note: A second thing.')

    second = import_template(node=node(following), at=MOMENT + timedelta(days=1)).edition

    assert second.base == first
    assert Template.objects.count() == 1
    assert second.frozen_text.data["edition"] == {
        "label": "1.1",
        "base": "1.0",
        "change_note": "A second thing.",
    }


@pytest.mark.parametrize("label", ["1.0", "1.1"])
def test_import_template_does_not_throw_a_draft_away(label):
    draft = EditionFactory(template__slug="small-act", label=label)
    ProvisionFactory(edition=draft)

    with pytest.raises(FileError, match=r"is open here\. Publish or discard it first"):
        import_template(node=node(), at=MOMENT)

    assert list(Edition.objects.all()) == [draft]


def test_publish_edition_numbers_and_freezes_a_draft():
    edition = EditionFactory()
    VariableFactory(edition=edition, name="count", default="1250")
    ProvisionFactory(edition=edition, key="one", position=0, body="There are [[count]].")
    HookFactory(edition=edition)
    ObjectionFactory(edition=edition)

    published = publish_edition(edition=edition, at=MOMENT)

    published.refresh_from_db()
    assert published.is_published
    assert published.frozen_text.data["law"]["provisions"][0]["body"][1]["text"] == "1\u00a0250"


def test_publish_edition_with_faults_lists_them_and_stores_nothing():
    edition = EditionFactory()
    ProvisionFactory(edition=edition, key="one", position=0, body="See [[ref:gone]].")
    ProvisionFactory(edition=edition, key="two", position=1, body="")

    with pytest.raises(EditionNotPublishable) as refusal:
        publish_edition(edition=edition, at=MOMENT)

    edition.refresh_from_db()
    assert [problem.place for problem in refusal.value.problems] == ["one", "two"]
    assert str(refusal.value) == (
        "“one”: the reference [[ref:gone]] points to no provision. Correct the key or add the provision.\n"
        "“two”: it says nothing. Write its text or remove it."
    )
    assert (edition.state, edition.frozen_text) == ("draft", None)
    assert not FrozenText.objects.exists()


def test_publish_edition_tells_provisions_that_stand_in_a_ring():
    edition = EditionFactory()
    ProvisionFactory(edition=edition, key="sound", position=0)
    one = ProvisionFactory(edition=edition, key="one")
    two = ProvisionFactory(edition=edition, key="two", parent=one)
    one.parent = two
    one.save()

    with pytest.raises(EditionNotPublishable) as refusal:
        publish_edition(edition=edition, at=MOMENT)

    assert str(refusal.value) == (
        "“one”: it stands below itself. Give it another parent.\n“two”: it stands below itself. Give it another parent."
    )


def test_publish_edition_twice_is_refused():
    edition = published_edition()

    with pytest.raises(EditionAlreadyPublished):
        publish_edition(edition=edition, at=MOMENT)


def test_request_edition_document_orders_one_document():
    edition = published_edition()

    first = request_edition_document(edition=edition, at=MOMENT)
    second = request_edition_document(edition=edition, at=MOMENT)

    assert first == second == Document.objects.get()
    assert (first.kind, first.locale, first.frozen_text) == ("regulations.edition", "en", edition.frozen_text)
