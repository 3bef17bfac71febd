"""Numbers in public registers: how each looks, loosely, and where anybody can look it up. No register is asked.

The forms follow what the registers print. Their lengths vary, so the rules are wider than any one of them, and no check digit is
computed: a true number that is refused does more harm than a wrong one that readers can look up.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.organizations.models import Register

LONGEST = 40


class NumberLooksWrong(DomainError):
    """The form a register's numbers have is named in the message."""


@dataclass(frozen=True)
class RegisterRule:
    """`form` is what a number looks like without spaces and dots, `example` says so in words, `search` is the public search."""

    form: re.Pattern[str]
    example: str | Promise
    search: str = ""
    drops: str = " ."  # signs people write between the digits


RULES = {
    Register.EU_TRANSPARENCY: RegisterRule(
        re.compile(r"(?:REG)?(\d{8,15}-\d{2})", re.ASCII),
        _("Digits, a hyphen and two digits, like 123456789012-34."),
        "https://transparency-register.europa.eu/",
    ),
    Register.DE_LOBBY: RegisterRule(
        re.compile(r"(R\d{4,9})", re.ASCII),
        _("R and digits, like R001234."),
        "https://www.lobbyregister.bundestag.de/suche",
    ),
    Register.FR_HATVP: RegisterRule(
        re.compile(r"(H?\d{9})", re.ASCII), _("Nine digits."), "https://www.hatvp.fr/le-repertoire/"
    ),
    Register.FR_SIREN: RegisterRule(
        re.compile(r"(\d{9})", re.ASCII), _("Nine digits."), "https://annuaire-entreprises.data.gouv.fr/"
    ),
    Register.FR_RNA: RegisterRule(
        re.compile(r"(W[0-9A-Z]\d{8})", re.ASCII),
        _("W and nine more signs, like W123456789."),
        "https://www.journal-officiel.gouv.fr/pages/associations-recherche/",
    ),
    Register.NL_KVK: RegisterRule(
        re.compile(r"(\d{8})", re.ASCII), _("Eight digits."), "https://www.kvk.nl/zoeken/"
    ),
    Register.UK_CHARITY: RegisterRule(
        re.compile(r"((?:SC|NI)?\d{6,8}(?:-\d{1,2})?)", re.ASCII),
        _("Six to eight digits; SC or NI before them in Scotland and Northern Ireland."),
        "https://register-of-charities.charitycommission.gov.uk/en/charity-search",
    ),
    Register.UK_COMPANY: RegisterRule(
        re.compile(r"([0-9A-Z]{8})", re.ASCII),
        _("Eight digits or letters, zeros in front included."),
        "https://find-and-update.company-information.service.gov.uk/",
    ),
    Register.US_EIN: RegisterRule(
        re.compile(r"(\d{2}-?\d{7})", re.ASCII),
        _("Two digits, a hyphen and seven digits, like 12-3456789."),
        "https://apps.irs.gov/app/eos/",
    ),
}
FREE = RegisterRule(re.compile(r"(.{1,40})", re.ASCII), "", drops="")
SEARCHES = {
    Register.US_LDA: "https://lda.senate.gov/",
    Register.IE_LOBBYING: "https://www.lobbying.ie/",
    Register.CA_LOBBYING: "https://lobbycanada.gc.ca/",
}


def stored_number(register: str, number: str) -> str:
    """A number as it is stored: without spaces and dots where its register has none, without "REG", zeros in front kept.

    Raises NumberLooksWrong.
    """
    rule = RULES.get(Register(register), FREE)
    plain = number.strip()
    if rule.drops:
        plain = "".join(sign for sign in plain.upper() if sign not in rule.drops)
        plain = plain.replace("\u2010", "-").replace("\u2011", "-").replace("\u2013", "-")
    found = rule.form.fullmatch(plain)
    if found is None:
        told = rule.example or _("At most 40 signs.")
        raise NumberLooksWrong(
            _("This does not look like a number of that register. %(form)s") % {"form": told}
        )
    stored = found.group(1)
    if register == Register.US_EIN and "-" not in stored:
        stored = f"{stored[:2]}-{stored[2:]}"
    return stored


def search_address(register: str) -> str:
    """The public search of a register; "" where we know none."""
    known = Register(register)
    return RULES[known].search if known in RULES else SEARCHES.get(known, "")
