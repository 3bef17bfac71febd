"""What each act is called in the log. Rooms register theirs when the application starts."""

from collections.abc import Mapping

from django.utils.functional import Promise

_acts: dict[str, Promise] = {}


def register_acts(acts: Mapping[str, Promise]) -> None:
    """Name acts, each "room.what_was_done", by a translatable sentence without its subject: "invited %(email)s as %(role)s".

    The names in it are the act's facts.
    """
    for act, sentence in acts.items():
        if _acts.setdefault(act, sentence) is not sentence:
            raise ValueError(f"the act {act} is registered twice")


def sentence_of(act: str) -> Promise | str:
    """The sentence of an act; its name for one whose room is not installed any more."""
    return _acts.get(act, act)


def is_known(act: str) -> bool:
    return act in _acts
