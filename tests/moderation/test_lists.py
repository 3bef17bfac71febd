import pytest
from django.urls import reverse

from campaign.guard.models import AccessList, ListKind, MailboxRule
from campaign.moderation.models import Act, ModerationAct
from tests.factories.guard import AccessListFactory, MailboxRuleFactory
from tests.factories.moderation import staff

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
RULE = {"same_as": "", "tag": "+", "note": "They say so."}


def store(client, kind, text):
    client.force_login(staff())
    return client.post(reverse("moderation_lists"), {"list": kind, f"{kind}-lines": text})


def recorded():
    return list(ModerationAct.objects.values_list("act", "note"))


@pytest.mark.parametrize("kind", ListKind.values)
def test_list_is_stored_as_typed_and_on_record(client, kind):
    text = "# schools\r\n203.0.113.0/24\r\n"

    response = store(client, kind, text)

    row = AccessList.objects.get()
    assert response.url == reverse("moderation_lists")
    assert (row.kind, row.lines.splitlines()) == (kind, ["# schools", "203.0.113.0/24"])
    assert recorded() == [(Act.LISTS, kind)]


def test_broken_line_is_refused_with_its_number_and_the_text_kept(client):
    AccessListFactory(lines="*@old.example")

    response = store(client, "block", "\n\n*@new.example\nrubbish here\n")

    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 4:" in page
    assert "*@new.example\nrubbish here" in page
    assert AccessList.objects.get().lines == "*@old.example"
    assert recorded() == []


def test_list_can_be_emptied(client):
    AccessListFactory(lines="*@old.example")

    store(client, "block", "")

    assert not AccessList.objects.get().lines


def test_unknown_list_is_not_stored(client):
    assert store(client, "gray", "*@a.example").status_code == 200

    assert not AccessList.objects.exists()


def test_page_shows_each_list_in_its_own_form(client):
    AccessListFactory(lines="*@blocked.example")
    AccessListFactory(kind=ListKind.ALLOW, lines="198.51.100.0/24")
    client.force_login(staff())

    parts = client.get(reverse("moderation_lists")).context["parts"]

    shown = {kind: form["lines"].value() for kind, form, _row in parts}
    assert shown == {"block": "*@blocked.example", "allow": "198.51.100.0/24"}


@pytest.mark.parametrize("item_count", [1, 3])
def test_rules_take_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    MailboxRuleFactory.create_batch(item_count)
    client.force_login(staff())

    with django_assert_num_queries(3):  # session, user, rules
        page = client.get(reverse("moderation_rules"))

    assert len(page.context["rules"]) == item_count


def test_rule_is_added_in_one_spelling(client):
    client.force_login(staff())

    response = client.post(reverse("moderation_rules"), {**RULE, "domain": "@Bücher.Example"})

    row = MailboxRule.objects.get()
    assert response.url == reverse("moderation_rules")
    assert (row.domain, row.tag, row.ignores_dots) == ("xn--bcher-kva.example", "+", False)
    assert recorded() == [(Act.RULES, "xn--bcher-kva.example")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": "nothing"}, "domain"),
        ({"domain": "MAIN.example"}, "domain"),
        ({"domain": "new.example", "same_as": "new.example", "tag": ""}, "same_as"),
        ({"domain": "new.example", "same_as": "main.example"}, "same_as"),
        ({"domain": "new.example", "tag": "="}, "tag"),
        ({"domain": ""}, "domain"),
    ],
)
def test_rule_that_makes_no_sense_is_refused_at_its_field(client, changes, field):
    MailboxRuleFactory(domain="main.example", tag="-")
    client.force_login(staff())

    response = client.post(reverse("moderation_rules"), RULE | changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert list(MailboxRule.objects.values_list("domain", "tag")) == [("main.example", "-")]
    assert recorded() == []


def test_rule_is_changed(client):
    rule = MailboxRuleFactory(domain="main.example", tag="-")
    client.force_login(staff())

    client.post(reverse("moderation_rule", args=[rule.pk]), {**RULE, "ignores_dots": "on"})

    rule.refresh_from_db()
    assert (rule.domain, rule.tag, rule.ignores_dots, rule.note) == (
        "main.example",
        "+",
        True,
        "They say so.",
    )
    assert recorded() == [(Act.RULES, "main.example")]


def test_rule_that_others_point_to_cannot_point_on(client):
    rule = MailboxRuleFactory(domain="main.example", tag="")
    MailboxRuleFactory(domain="alias.example", same_as="main.example", tag="")
    client.force_login(staff())

    response = client.post(
        reverse("moderation_rule", args=[rule.pk]), {**RULE, "tag": "", "same_as": "third.example"}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["same_as"]


def test_rule_is_removed_and_the_second_time_gone(client):
    rule = MailboxRuleFactory(domain="main.example")
    client.force_login(staff())
    address = reverse("moderation_rule_remove", args=[rule.pk])

    answers = [client.post(address).status_code for _ in range(2)]

    assert answers == [302, 404]
    assert not MailboxRule.objects.exists()
    assert recorded() == [(Act.RULES, "− main.example")]
