"""How names, register numbers and domains are compared: what two organizations must not share by accident or by design."""

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
    try:
        shown = idna.decode(domain)
    except idna.IDNAError:
        shown = domain
    return str(_spoof_checker().getSkeleton(0, shown.casefold()))[:200] if domain else ""


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
