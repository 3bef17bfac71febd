"""Every address of the site for everybody who may come by: the status of reading it, and of sending an empty form to it.

`matrix.txt` has a line for each address and method: what each person gets. A method that everybody is refused (405) has no line.
An address that is new needs its lines; `python -m tests.access.draft` prints them to be read and put in, not to be trusted.
"""

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
        "instrument_import",
        "submission_create",
        "invitation_accept",
        "team_invitation",
    )
    for method in ("get", "post")
}
