import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.petitions.keys import domain_keys, fold_name, fold_postcode, name_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Signer", "ADA  signer"),
        ("Ada Signer", "Signer, Ada"),
        ("José Núñez", "Jose Nunez"),
        ("Straße", "STRASSE"),
        ("Ἀθηνᾶ", "αθηνα"),
        ("O’Neill", "O Neill"),
        ("Ａｄａ", "Ada"),
    ],
)
def test_names_that_are_one(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "Eva"),
        ("Ada Signer", "Ada"),
        ("कमल", "कमला"),
        ("مريم", "محمد"),
        ("Ада", "Ева"),
        ("Ann", "Anna"),
    ],
)
def test_names_that_are_two(one, other):
    assert fold_name(one) != fold_name(other)


@given(st.text(max_size=30))
def test_folded_name_folds_to_itself(name):
    assert fold_name(fold_name(name)) == fold_name(name)


@pytest.mark.parametrize("typed", ["SW1A 1AA", "sw1a1aa", " SW1A-1AA"])
def test_postcodes_that_are_one(typed):
    assert fold_postcode(typed) == "SW1A1AA"


def test_domain_key_is_of_the_domain_in_any_spelling():
    assert domain_keys("ada@BÜCHER.example") == domain_keys("eva@xn--bcher-kva.example")


def test_keys_fit_their_column():
    assert all(-(2**63) <= key < 2**63 for key in name_keys("Ada"))
