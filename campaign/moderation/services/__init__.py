"""The verbs of moderation."""

from campaign.moderation.services.alerts import (
    dismiss_alert,
    forget_alerts,
    look_at_alert,
    watch_petitions,
)
from campaign.moderation.services.decisions import (
    AlreadyDecided,
    decide_reason,
    decide_report,
    pause_site,
    publish,
    put_back,
    reject,
    report_petition,
    resume_site,
    set_legal_hold,
    take_down,
)
from campaign.moderation.services.record import record_act
from campaign.moderation.services.sweeps import (
    CannotUndo,
    NothingToLookFor,
    ScanHasNotEnded,
    ask_for_found,
    ask_sweep,
    ask_undo,
    cancel_sweep,
    criteria_found,
    forget_searches,
    run_sweeps,
)

__all__ = [
    "AlreadyDecided",
    "CannotUndo",
    "NothingToLookFor",
    "ScanHasNotEnded",
    "ask_for_found",
    "ask_sweep",
    "ask_undo",
    "cancel_sweep",
    "criteria_found",
    "decide_reason",
    "decide_report",
    "dismiss_alert",
    "forget_alerts",
    "forget_searches",
    "look_at_alert",
    "pause_site",
    "publish",
    "put_back",
    "record_act",
    "reject",
    "report_petition",
    "resume_site",
    "run_sweeps",
    "set_legal_hold",
    "take_down",
    "watch_petitions",
]
