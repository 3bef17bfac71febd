"""Two versions of a law: what changed, provision by provision, and the amendments that make one of the other.

Everything here works in memory on finished texts. `changes_between` compares printed texts; each form of amendment is a `Writing`
drawn up from its result, so that all of them tell the same. `amending_steps` are for texts that are still being drafted.
"""

from campaign.regulations.comparing.amending_act import AmendingPoint, amending_act_writing, amending_points
from campaign.regulations.comparing.changes import (
    Change,
    ChangeKind,
    Comparison,
    changes_between,
)
from campaign.regulations.comparing.drafting import Action, Amendment, Part, amendments_between
from campaign.regulations.comparing.errors import FormInEnglishOnly, SameKeyTwice, StepDoesNotFit
from campaign.regulations.comparing.parliament import (
    ParliamentAmendment,
    parliament_amendments,
    parliament_writing,
)
from campaign.regulations.comparing.redline import redline_writing, two_columns_writing
from campaign.regulations.comparing.sentences import change_sentences
from campaign.regulations.comparing.steps import (
    AmendingStep,
    InsertUnit,
    MoveUnit,
    OrderEntries,
    RemoveUnit,
    SetEntry,
    SetText,
    SetUnit,
    amending_steps,
    apply_steps,
    is_same_tree,
)
from campaign.regulations.comparing.striking import (
    InsertUnits,
    Redesignate,
    ReplaceText,
    StrikeUnits,
    StrikeWords,
    StrikingSection,
    striking_sections,
    striking_writing,
)
from campaign.regulations.comparing.table import comparison_table_writing

__all__ = [
    "Action",
    "AmendingPoint",
    "AmendingStep",
    "Amendment",
    "Change",
    "ChangeKind",
    "Comparison",
    "FormInEnglishOnly",
    "InsertUnit",
    "InsertUnits",
    "MoveUnit",
    "OrderEntries",
    "ParliamentAmendment",
    "Part",
    "Redesignate",
    "RemoveUnit",
    "ReplaceText",
    "SameKeyTwice",
    "SetEntry",
    "SetText",
    "SetUnit",
    "StepDoesNotFit",
    "StrikeUnits",
    "StrikeWords",
    "StrikingSection",
    "amending_act_writing",
    "amending_points",
    "amending_steps",
    "amendments_between",
    "apply_steps",
    "change_sentences",
    "changes_between",
    "comparison_table_writing",
    "is_same_tree",
    "parliament_amendments",
    "parliament_writing",
    "redline_writing",
    "striking_sections",
    "striking_writing",
    "two_columns_writing",
]
