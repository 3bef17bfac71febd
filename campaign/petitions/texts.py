"""The exact text people sign, as a page shows it."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from campaign.core.cleaning import markdown_to_html
from campaign.documents.models import FrozenText


def draw_petition(text: FrozenText) -> SafeString:
    """Addressee and demand."""
    data = text.data
    context = {
        "addressee": data["addressee"],
        "text_html": markdown_to_html(data["text"], heading_offset=2),
        "eligibility": data.get("eligibility", ""),
    }
    return render_to_string("petitions/_frozen.html", context)
