"""How names, register numbers and domains are compared: what two organizations must not share by accident or by design."""

from enum import Enum
from functools import cache

import icu  # type: ignore[import-untyped]
import idna

from campaign.core.folding import folded
from campaign.organizations.models import Register


def folded_name(name: str) -> str:
    """A name without case, accents, punctuation, and letters that only look different (Unicode Technical Standard #39)."""
    return folded(_spoof_checker().getSkeleton(0, folded(name)))[:200]


def lookalike_key(domain: str) -> str:
    """What all domains share that a reader cannot tell apart: "аpple.example" with a Cyrillic letter and "apple.example".

    `domain` is in ASCII (IDNA). Source: Unicode Technical Standard #39, section 4 (skeletons).
    """
    return str(_spoof_checker().getSkeleton(0, domain_as_read(domain).casefold()))[:200] if domain else ""


def domain_as_read(domain: str) -> str:
    """A domain in ASCII (IDNA) as browsers show it: "xn--mnchen-3ya.example" is "münchen.example"."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


class ScriptWarning(Enum):
    """What is odd about how a domain is written."""

    MIXED = "mixed"  # letters of several scripts in one word
    IMITATES = "imitates"  # another script, and each letter looks like a Latin one


def script_warning(domain: str) -> ScriptWarning | None:
    """What a reader should know about a domain that is written to be taken for another.

    `domain` is in ASCII (IDNA). Source: Unicode Technical Standard #39, sections 4 and 5.2 (highly restrictive).
    """
    shown = domain_as_read(domain)
    if shown.isascii():
        return None
    if any(_script_checker().check(label) for label in shown.split(".")):
        return ScriptWarning.MIXED
    return ScriptWarning.IMITATES if str(_spoof_checker().getSkeleton(0, shown)).isascii() else None


def number_key(register: str, number: str, register_name: str = "") -> str:
    """A register number as it is compared: no spaces, dots, hyphens, slashes, no case, no prefix. Leading zeros stay.

    Numbers in registers that we do not know are compared without their register's name, which everybody writes differently.
    """
    plain = "".join(sign for sign in number.upper() if sign.isalnum())
    if register == Register.EU_TRANSPARENCY:
        plain = plain.removeprefix("REG")
    return f"{register}:{plain}"[:60]


@cache
def _spoof_checker() -> "icu.SpoofChecker":
    return icu.SpoofChecker()


@cache
def _script_checker() -> "icu.SpoofChecker":
    checker = icu.SpoofChecker()
    checker.setChecks(icu.USpoofChecks.RESTRICTION_LEVEL)
    checker.setRestrictionLevel(icu.URestrictionLevel.HIGHLY_RESTRICTIVE)
    return checker
