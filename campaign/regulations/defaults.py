"""What a model proposes for the open values in one jurisdiction."""

from __future__ import annotations

from dataclasses import replace

from campaign.regulations.tree import LegalText
from campaign.regulations.values import VariableSpec


def adapted_variables(model: LegalText, jurisdiction: str) -> dict[str, VariableSpec]:
    """The model's variables with the defaults it proposes for a jurisdiction (its code)."""
    found = {}
    for name, spec in model.variables.items():
        local = next((each for each in spec.defaults if each.jurisdiction == jurisdiction), None)
        found[name] = replace(spec, default=local.value, source=local.source) if local else spec
    return found


def has_default_for(spec: VariableSpec, jurisdiction: str) -> bool:
    """Whether a variable has a default of its own for a jurisdiction (its code)."""
    return any(each.jurisdiction == jurisdiction for each in spec.defaults)
