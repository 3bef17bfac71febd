"""Instruments: templates and adaptations, their editions and all these consist of, the work on drafts, adoptions."""

from campaign.regulations.models.adoption import AdoptedProvision, Adoption, AdoptionStage
from campaign.regulations.models.drafting import (
    AmendmentJustification,
    ModelChange,
    ModelDecision,
    ProvisionRevision,
    RemovedProvision,
)
from campaign.regulations.models.provision import ChoiceGroup, Hook, Objection, Provision, Variable
from campaign.regulations.models.template import Edition, Template, label_form

__all__ = [
    "AdoptedProvision",
    "Adoption",
    "AdoptionStage",
    "AmendmentJustification",
    "ChoiceGroup",
    "Edition",
    "Hook",
    "ModelChange",
    "ModelDecision",
    "Objection",
    "Provision",
    "ProvisionRevision",
    "RemovedProvision",
    "Template",
    "Variable",
    "label_form",
]
