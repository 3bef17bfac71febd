"""Labels of editions go up, as versions do."""

import pytest
from django.urls import reverse

from campaign.regulations.models import Edition
from campaign.regulations.services import LabelTaken, publish_draft, start_edition
from campaign.regulations.services.publishing import LabelTooLow, label_rank
from tests.factories.accounts import UserFactory
from tests.factories.regulations import MOMENT
from tests.regulations.drafts import member, published_adaptation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def following():
    """The draft that comes after edition 1.9."""
    first = published_adaptation()
    Edition.objects.filter(pk=first.pk).update(label="1.9")
    return start_edition(template=first.template, person=UserFactory(), at=MOMENT)


def publish_as(draft, label):
    return publish_draft(
        edition=draft, label=label, title="T", change_note="", person=UserFactory(), at=MOMENT
    )


def test_labels_compare_as_versions_do():
    labels = ["1.10", "1.2", "0.9", "1.2.1", "10.0", "2.0"]

    assert sorted(labels, key=label_rank) == ["0.9", "1.2", "1.2.1", "1.10", "2.0", "10.0"]


def test_the_next_label_is_a_higher_one(following):
    assert following.label == "1.10"


@pytest.mark.parametrize("label", ["1.10", "1.9.1", "2.0"])
def test_a_draft_is_published_under_a_higher_label(following, label):
    assert publish_as(following, label).label == label


@pytest.mark.parametrize(
    ("label", "error"), [("1.9", LabelTaken), ("1.8", LabelTooLow), ("1.9.0", LabelTooLow)]
)
def test_a_draft_is_not_published_under_a_lower_label(following, label, error):
    with pytest.raises(error):
        publish_as(following, label)

    following.refresh_from_db()
    assert not following.is_published


def test_a_lower_label_keeps_the_form_and_says_which_is_published(client, following):
    client.force_login(member(following.template.campaign))

    answer = client.post(
        reverse("draft_publish", args=[following.template.slug]),
        {"label": "1.2", "title": "Kept", "change_note": ""},
    )

    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors == {"label": ["Edition 1.9 is published. Choose a label that is higher than that."]}
    assert form["title"].value() == "Kept"
