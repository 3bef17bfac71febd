"""What became of a petition, step by step, for its public page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.core.cleaning import markdown_to_html
from campaign.petitions.models import OfficialResponse, Petition, Threshold
from campaign.petitions.queries import public_handovers, public_responses

SHORT = 600  # characters of an answer that are shown at once; a longer one is opened by the reader
ORDER = ("opened", "threshold", "closed", "handover", "response")  # of steps on one day


@dataclass(frozen=True)
class Step:
    """`kind` is one of ORDER; `day` is the day there; `row` the threshold, hand-over or response."""

    kind: str
    day: date
    row: Any = None


def petition_story(*, petition: Petition, thresholds: list[Threshold], at: datetime) -> list[Step]:
    """The steps in the order of time; none as long as nothing was handed over or answered. `thresholds` are the petition's.

    Responses carry `text_html`, `comment_html` and `is_short`, hand-overs `pdf`.
    """
    handovers, responses = public_handovers(petition=petition), list(public_responses(petition=petition))
    if not handovers and not responses:
        return []
    zone = ZoneInfo(petition.time_zone)
    steps = [
        *_milestones(petition, thresholds, zone, at),
        *(
            Step("handover", row.done_at.astimezone(ZoneInfo(row.time_zone)).date(), row)
            for row in handovers
            if row.done_at
        ),
        *(Step("response", row.answered_on, _drawn(row)) for row in responses),
    ]
    return sorted(steps, key=lambda step: (step.day, ORDER.index(step.kind)))


def _milestones(petition: Petition, thresholds: list[Threshold], zone: ZoneInfo, at: datetime) -> list[Step]:
    steps = [Step("opened", petition.opened_at.astimezone(zone).date())] if petition.opened_at else []
    steps += [
        Step("threshold", row.first_reached_at.astimezone(zone).date(), row)
        for row in thresholds
        if row.is_reached and row.first_reached_at
    ]
    end = petition.closed_at or petition.closes_at
    if end and end <= at:
        # Its date ends with the first instant of the next day: that day is not meant.
        by_date = end == petition.closes_at
        steps.append(Step("closed", petition.closing_date if by_date else end.astimezone(zone).date()))
    return steps


def _drawn(response: OfficialResponse) -> OfficialResponse:
    response.text_html = markdown_to_html(response.text, heading_offset=3)  # type: ignore[attr-defined]
    response.comment_html = markdown_to_html(response.comment, heading_offset=3)  # type: ignore[attr-defined]
    response.is_short = len(response.text) <= SHORT  # type: ignore[attr-defined]
    return response
