"""Why two texts cannot be compared, or a change cannot be made."""

from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError


class SameKeyTwice(DomainError):
    """A text in which two provisions have one permanent key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            _("The key “%(key)s” stands twice in one text. Give one of the two provisions another key.")
            % {"key": key}
        )


class StepDoesNotFit(DomainError):
    """A step that was drawn up for another text. `place` is the key of the provision, or the name of the field, it is about."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            _(
                "The text has changed at “%(place)s” since these changes were drawn up. Compare the texts again."
            )
            % {"place": place}
        )


class FormInEnglishOnly(DomainError):
    message = _(
        "This form of amendment is written in English only. Choose the redline, two columns or the comparison table."
    )
