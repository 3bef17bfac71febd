"""What logs must not hold."""

import logging
import re

# Secret links: the segment after these is the key to one row. Django logs the address of every refused request.
_SECRET = re.compile(r"(/(?:confirm|mine|mandates|invitations|endorsements|reset/key)/)[^/\s\"'>]+")


class HideTokens(logging.Filter):
    """Puts an ellipsis in the place of tokens, in the message and its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) for value in record.args)
        record.msg = _hidden(record.msg)
        return True


def _hidden(value: object) -> object:
    return _SECRET.sub(r"\1…", value) if isinstance(value, str) else value
