"""What the printed edition says. Everything comes from the frozen text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.template.loader import render_to_string

from campaign.documents.builders import DocumentSource
from campaign.documents.models import FrozenText
from campaign.regulations.kinds import InstrumentKind
from campaign.regulations.rendering import contents_entries, render_law_html


def build_edition_document(frozen_text: FrozenText, locale: str) -> DocumentSource:
    """The edition as a document: cover, notice, contents, the law, its variables, its hooks, the objections."""
    payload = frozen_text.data
    template, edition = payload["template"], payload["edition"]
    context = {
        "frozen_text": frozen_text,
        "payload": payload,
        "template": template,
        "edition": edition,
        "kind_label": InstrumentKind(template["kind"]).label,
        "published_on": frozen_text.frozen_at.date(),
        "contents": contents_entries(payload),
        "law": render_law_html(payload, for_print=True),
        "hooks": hook_lines(payload),
        "unchecked": unchecked_total(payload),
    }
    html = render_to_string("regulations/pdf/edition.html", context)
    return DocumentSource(
        html=html,
        title=frozen_text.title,
        locale=locale,
        file_name=f"{template['slug']}-{edition['label']}.pdf",
    )


def hook_lines(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The hooks as they stood when the text was frozen, with the day of the check as a date."""
    return [
        {**hook, "checked_on": dt.date.fromisoformat(hook["checked_on"]) if hook["checked_on"] else None}
        for hook in payload["hooks"]
    ]


def unchecked_total(payload: dict[str, Any]) -> int:
    """How many hooks nobody had checked when the text was frozen."""
    return sum(1 for hook in payload["hooks"] if not hook["checked_on"])
