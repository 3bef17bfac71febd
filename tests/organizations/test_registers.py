"""Numbers in registers, checked loosely."""

import pytest

from campaign.organizations.models import Register
from campaign.organizations.names import number_key
from campaign.organizations.registers import RULES, NumberLooksWrong, search_address, stored_number


@pytest.mark.parametrize(
    ("register", "typed", "stored"),
    [
        ("eu_transparency", "REG 0123456789-12", "0123456789-12"),
        ("eu_transparency", " 153882995425-37 ", "153882995425-37"),
        ("eu_transparency", "reg00012345-01", "00012345-01"),
        ("eu_transparency", "153882995425–37", "153882995425-37"),
        ("de_lobby", "r001234", "R001234"),
        ("fr_siren", "123 456 789", "123456789"),
        ("fr_rna", "w12 3456789", "W123456789"),
        ("nl_kvk", "01234567", "01234567"),
        ("uk_charity", "1123456-1", "1123456-1"),
        ("uk_charity", "SC012345", "SC012345"),
        ("uk_company", "oc301234", "OC301234"),
        ("us_ein", "123456789", "12-3456789"),
        ("us_ein", "12-3456789", "12-3456789"),
        ("other", "VR 4711 (Amtsgericht)", "VR 4711 (Amtsgericht)"),
    ],
)
def test_number_is_stored_in_one_form(register, typed, stored):
    assert stored_number(register, typed) == stored


@pytest.mark.parametrize(
    ("register", "typed"),
    [
        ("eu_transparency", "1234567-12"),
        ("eu_transparency", "1234567890123456-12"),
        ("eu_transparency", "12345678-1"),
        ("de_lobby", "001234"),
        ("fr_siren", "12345678"),
        ("fr_rna", "123456789"),
        ("nl_kvk", "1234567"),
        ("uk_charity", "12345"),
        ("uk_company", "1234567"),
        ("us_ein", "1-23456789"),
        ("other", "x" * 41),
        ("fr_siren", "١٢٣٤٥٦٧٨٩"),
    ],
)
def test_number_of_another_form_is_refused_with_a_sentence(register, typed):
    with pytest.raises(NumberLooksWrong, match=r"does not look like"):
        stored_number(register, typed)


def test_leading_zeros_make_another_number():
    assert number_key("nl_kvk", "01234567") != number_key("nl_kvk", "1234567")


@pytest.mark.parametrize("register", [each for each in Register if each != Register.OTHER])
def test_register_that_we_know_has_a_public_search(register):
    assert search_address(register).startswith("https://")


def test_other_register_has_none():
    assert search_address(Register.OTHER) == ""


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_says_its_form_in_words(rule):
    assert str(rule.example).endswith(".")
