"""Drafting traditions: how a legal culture nests, numbers, cites and frames its texts.

A tradition is one file in this package that ends with `register_tradition(...)`; nothing else has to know about it.
"""

from importlib import import_module
from pkgutil import iter_modules

from campaign.regulations.traditions.base import (
    CHAPEAU,
    SENTENCE,
    HeadingForm,
    Place,
    Step,
    Tradition,
    UnknownTradition,
    register_tradition,
    tradition,
    tradition_keys,
)

__all__ = [
    "CHAPEAU",
    "SENTENCE",
    "HeadingForm",
    "Place",
    "Step",
    "Tradition",
    "UnknownTradition",
    "register_tradition",
    "tradition",
    "tradition_keys",
]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
