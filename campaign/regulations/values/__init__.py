"""Variables of an instrument: what a value may be (spec), and how each language of law prints it (one file for each)."""

from campaign.regulations.values.english import (
    american_value,
    british_value,
    english_value,
    international_value,
)
from campaign.regulations.values.french import french_value
from campaign.regulations.values.german import german_value, in_dative
from campaign.regulations.values.japanese import japanese_value, kanji
from campaign.regulations.values.korean import korean_value
from campaign.regulations.values.printing import MONTHS, NBSP, NNBSP
from campaign.regulations.values.spec import (
    CHOICES,
    DAYS_IN,
    FORMS,
    JurisdictionDefault,
    Option,
    ValueRefused,
    VariableSpec,
    measure,
)

__all__ = [
    "CHOICES",
    "DAYS_IN",
    "FORMS",
    "MONTHS",
    "NBSP",
    "NNBSP",
    "JurisdictionDefault",
    "Option",
    "ValueRefused",
    "VariableSpec",
    "american_value",
    "british_value",
    "english_value",
    "french_value",
    "german_value",
    "in_dative",
    "international_value",
    "japanese_value",
    "kanji",
    "korean_value",
    "measure",
]
