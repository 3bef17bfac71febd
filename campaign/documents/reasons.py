"""Why a document could not be made, in words a person can act on.

A row stores a code, or `code:detail` where the detail is safe to show; the sentence is made when somebody reads it, in
their language.
"""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    TOO_LONG = (
        "too_long",
        _("It took longer than this site allows. Shorten the text, or split it into parts."),
    )
    TOO_LARGE = (
        "too_large",
        _("It needed more memory than this site allows. Shorten the text, or split it into parts."),
    )
    NESTING = (
        "nesting",
        _("Something in the text is nested too deeply, for example a list in a list. Make it flatter."),
    )
    OUTSIDE = "outside", _("The text asks for a file or an address outside the document. Remove it.")
    GLYPHS = (
        "glyphs",
        _(
            "No font on this site has some of the characters. Replace them, or ask the site’s operator for a font."
        ),
    )
    PICTURE = "picture", _("A picture in the text is broken or too large. Replace it, or take it out.")
    INACCESSIBLE = (
        "inaccessible",
        _("A title, a language or a description of a picture is missing, so not everybody could read it."),
    )
    NO_BUILDER = "no_builder", _("This site no longer makes documents of this kind.")
    REFUSED = "refused", _("The text does not have the parts that this document needs.")
    FAULTY = (
        "faulty",
        _(
            "The finished file did not pass our checks, so it was not kept. Try again later, or tell the site’s operator."
        ),
    )
    SEAL = (
        "seal",
        _("The seal of this site could not be put on it. Tell the site’s operator, then try again."),
    )
    NOTHING_READY = (
        "nothing_ready",
        _("None of the files that would go into it is ready. Have them made first, then try again."),
    )
    STORAGE = (
        "storage",
        _("The finished file could not be stored. Try again later, or tell the site’s operator."),
    )
    INTERRUPTED = (
        "interrupted",
        _("The work was interrupted several times. Try again later, or tell the site’s operator."),
    )
    INTERNAL = (
        "internal",
        _("Something went wrong on our side. Try again later, or tell the site’s operator."),
    )


def reason_sentence(reason: str) -> str | Promise:
    """The sentence for what a document's row stores as its reason; empty for none."""
    if not reason:
        return ""
    code, _separator, detail = reason.partition(":")
    if code == Reason.GLYPHS and detail:
        return _(
            "No font on this site has these characters: %(characters)s. Replace them, or ask the site’s operator for a font."
        ) % {"characters": detail}
    if code not in Reason.values:
        return Reason.INTERNAL.label
    return Reason(code).label
