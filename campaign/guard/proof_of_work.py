"""The check for robots: a browser works for a second or two (ALTCHA, https://altcha.org/docs/v2/proof-of-work/).

A challenge asks for the one number below HIGHEST whose key, stretched by PBKDF2, begins as ours does. We know the number when we
make it, sign both, and forget them: an answer is checked by two HMACs, whatever it cost to find. It is bound to what it was made
for, is good for some minutes and, with `services.use_once`, for one form.
"""

import hmac
import json
import secrets
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.conf import settings

HIGHEST = 400  # numbers to try: between one and this many, each as likely
GOOD_FOR = timedelta(minutes=20)
LONGEST_ANSWER = 2_000  # characters
USED_BYTES = 16


def new_challenge(*, subject: str, at: datetime) -> dict[str, Any]:
    """A challenge as JSON data for the browser. `subject` says what it is for."""
    challenge = altcha.create_challenge(
        "PBKDF2/SHA-256",
        settings.CHECK_COST,
        counter=1 + secrets.randbelow(HIGHEST),
        expires_at=at + GOOD_FOR,
        data={"subject": subject},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("answer"),
    )
    return challenge.to_dict()


def solved_challenge(answer: str, *, subject: str, at: datetime) -> bytes | None:
    """What stands for the challenge that `answer` (base64 of JSON) solves, to be used once; None when it solves none."""
    if not answer or len(answer) > LONGEST_ANSWER:
        return None
    result = altcha.verify_solution(answer, _secret("challenge"), hmac_key_secret=_secret("answer"))
    if not result.verified:
        return None
    parameters = json.loads(b64decode(answer))["challenge"]["parameters"]
    if parameters.get("data") != {"subject": subject} or at.timestamp() > parameters["expiresAt"]:
        return None
    return bytes.fromhex(parameters["nonce"])[:USED_BYTES]


def _secret(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"campaign.guard.check:{purpose}".encode(), "sha256")
