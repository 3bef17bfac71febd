"""The exact text people sign, as a page shows it and as its versions are compared."""

import re

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaign.core.cleaning import markdown_to_html
from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import Passage

_PARAGRAPH_END = re.compile(r"\n(?:[^\S\n]*\n)+")


def draw_petition(text: FrozenText) -> SafeString:
    """Addressee and demand."""
    data = text.data
    context = {
        "addressee": data["addressee"],
        "text_html": markdown_to_html(data["text"], heading_offset=2),
        "eligibility": data.get("eligibility", ""),
    }
    return render_to_string("petitions/_frozen.html", context)


def petition_passages(text: FrozenText) -> list[Passage]:
    """Title, addressee, the demand paragraph by paragraph, who may sign."""
    data = text.data
    with translation.override(text.locale):
        passages = [
            Passage("title", _("Title"), text.title),
            Passage("addressee", _("Addressee"), data["addressee"]),
            *(
                Passage("", _("The demand, paragraph %(number)d") % {"number": number}, paragraph)
                for number, paragraph in enumerate(_PARAGRAPH_END.split(data["text"].strip("\n")), start=1)
            ),
            Passage("eligibility", _("Who may sign"), data.get("eligibility", "")),
        ]
    return [passage for passage in passages if passage.text]
