"""Every address of the site for everybody who may come by: the status of reading it, and of sending an empty form to it.

`matrix.txt` has a line for each address and method: what each person gets. A method that everybody is refused (405) has no line.
An address that is new needs its lines; `python -m tests.access.draft` prints them to be read and put in, not to be trusted.
"""

from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access.world import PEOPLE, make_world, routes

LINES = [line.split() for line in (Path(__file__).parent / "matrix.txt").read_text().splitlines() if line]
MATRIX = {(name, method): [int(status) for status in statuses] for name, method, *statuses in LINES[1:]}
ROUTES = routes()


REFUSED = [405] * len(PEOPLE)
FEW = ("anonymous", "stranger", "owner")  # they are enough where nobody is told apart
PARTS = sorted({route.partition("/")[0] for _name, route, _arguments in ROUTES})

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


class Undo(Exception):
    """What a request changed is rolled back."""


def status_of(world, person, method, address):
    """What one person gets, and nothing is left of it."""
    client = world.client_of(person)
    try:
        with transaction.atomic():
            status = getattr(client, method)(address).status_code
            raise Undo
    except Undo:
        return status


@pytest.mark.parametrize("part", PARTS)
def test_addresses_answer_each_as_they_should(part):
    world, wrong = make_world(), []

    for name, route, arguments in ROUTES:
        if route.partition("/")[0] == part:
            address = reverse(name, kwargs=world.arguments_of(route, arguments))
            for method in ("get", "post"):
                found = [status_of(world, person, method, address) for person in PEOPLE]
                expected = MATRIX.get((name, method))
                if (
                    expected is None
                ):  # refused for everybody; who is not signed in may be led to sign-in first
                    found = [status for status in found if status != 302]
                    expected = [405] * len(found)
                if found != expected:
                    wrong.append((name, method, found))

    assert wrong == []


def test_no_two_addresses_have_the_same_name():
    names = Counter(name for name, *_ in ROUTES)

    assert [name for name, times in names.items() if times > 1] == []


def test_matrix_names_every_address_and_none_that_is_gone():
    assert {name for name, _method in MATRIX} == {name for name, *_ in ROUTES}
    assert LINES[0] == ["address", "method", *PEOPLE]


@pytest.mark.parametrize("person", ["anonymous", "stranger"])
def test_who_has_nothing_to_do_with_a_team_is_told_nothing_of_it(person):
    """Where some of the team are refused for their role (403), strangers find nothing (404), and others are asked to sign in."""
    column = PEOPLE.index(person)
    guarded = {key for key, statuses in MATRIX.items() if 403 in statuses[2:7]}

    told = {key for key in guarded if MATRIX[key][column] not in {302, 404}}

    assert told <= OPEN_TO_ACCOUNTS


# What anybody with an account may try, and is told there that it needs a role.
OPEN_TO_ACCOUNTS = {
    (name, method)
    for name in (
        "consultation_import",
        "consultation_requirement",
        # A consultation is public; changing it is for who brought it in.
        *("consultation_create", "consultation_edit", "consultation_facts", "consultation_deadline"),
        *(
            "channel_add",
            "channel_edit",
            "channel_remove",
            "authority_document_add",
            "authority_document_remove",
        ),
        *("section_add", "section_edit", "section_shift", "section_remove"),
        *("question_add", "question_edit", "question_move", "question_shift", "question_remove"),
        *("question_list", "question_list_template", "question_paste"),
        "instrument_import",
        "document_cancel",  # whoever has a document's link may look at it
        "submission_create",
        "invitation_accept",
        "team_invitation",
    )
    for method in ("get", "post")
}
