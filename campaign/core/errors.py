"""Refusals that a person can read and act on."""

from django.utils.functional import Promise


class DomainError(Exception):
    """An expected refusal. `message` is a whole translated sentence: what happened, what to do next."""

    message: str | Promise = ""

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)
