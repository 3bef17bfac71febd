import base64
import copy
import json
from datetime import timedelta

import altcha
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign.guard.proof_of_work import GOOD_FOR, new_challenge, solved_challenge


@pytest.fixture(autouse=True)
def _light_work(settings):
    settings.CHECK_COST = 10


def answer_to(challenge):
    opened = altcha.Challenge.from_dict(copy.deepcopy(challenge))
    return altcha.Payload(opened, altcha.solve_challenge(opened)).to_dict()


def packed(data):
    return base64.b64encode(json.dumps(data).encode()).decode()


def test_challenge_that_was_solved_is_recognized_by_one_key():
    at = timezone.now()
    challenge = new_challenge(subject="a", at=at)

    keys = {solved_challenge(packed(answer_to(challenge)), subject="a", at=at) for _ in range(2)}

    assert keys == {bytes.fromhex(challenge["parameters"]["nonce"])}


def test_challenge_solved_for_something_else_is_none():
    at = timezone.now()
    answer = packed(answer_to(new_challenge(subject="a", at=at)))

    assert solved_challenge(answer, subject="b", at=at) is None


def test_challenge_expires():
    at = timezone.now()
    answer = packed(answer_to(new_challenge(subject="a", at=at)))

    assert solved_challenge(answer, subject="a", at=at + GOOD_FOR + timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("challenge", "parameters", "cost"), 1),
        (("challenge", "parameters", "keyPrefix"), ""),
        (("challenge", "parameters", "expiresAt"), 9_999_999_999),
        (("challenge", "parameters", "data"), {"subject": "b"}),
        (("challenge", "parameters", "keySignature"), None),
        (("challenge", "signature"), "00" * 32),
        (("challenge", "signature"), None),
        (("solution", "derivedKey"), "00" * 32),
        (("solution", "derivedKey"), None),
    ],
)
def test_challenge_or_answer_that_was_changed_is_none(place, value):
    at = timezone.now()
    data = answer_to(new_challenge(subject="a", at=at))
    *path, last = place
    part = data
    for name in path:
        part = part[name]
    part[last] = value

    assert solved_challenge(packed(data), subject="a", at=at) is None


def test_challenge_of_another_site_is_none(settings):
    at = timezone.now()
    answer = packed(answer_to(new_challenge(subject="a", at=at)))
    settings.SECRET_KEY = "another"

    assert solved_challenge(answer, subject="a", at=at) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SHAPES = st.fixed_dictionaries(
    {
        "challenge": JSON
        | st.fixed_dictionaries(
            {
                "parameters": st.fixed_dictionaries(
                    dict.fromkeys(("algorithm", "nonce", "salt", "cost", "expiresAt", "data"), JSON)
                ),
                "signature": JSON,
            }
        ),
        "solution": JSON | st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}),
    }
)


@given(data=JSON | SHAPES)
def test_any_json_is_no_answer(data):
    assert solved_challenge(packed(data), subject="a", at=timezone.now()) is None


@given(text=st.text(max_size=100))
def test_any_text_is_no_answer(text):
    assert solved_challenge(text, subject="a", at=timezone.now()) is None
