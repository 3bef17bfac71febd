import logging
import uuid

import pytest

from campaign.core.links import link_token
from campaign.core.logs import HideTokens


def test_hide_tokens_in_arguments_and_message():
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", "/signatures/confirm/abc.def/"), None
    )

    HideTokens().filter(record)

    assert record.getMessage() == "Gone: /signatures/confirm/…/"


@pytest.mark.parametrize(
    "path",
    [
        "/signatures/confirm/{}/",
        "/signatures/confirm/{}/refuse/",
        "/signatures/mine/{}/",
        "/signatures/mine/{}/consent/",
        "/signatures/mine/{}/reason/",
        "/signatures/mine/{}/data/",
        "/signatures/mine/{}/data.json",
        "/signatures/mine/{}/erase/",
        "/signatures/mine/{}/withdraw/",
        "/signatures/mine/{}/receipt.json",
    ],
)
def test_hide_tokens_hides_all_of_a_token(path):
    token = link_token(purpose="signature-manage", row_id=uuid.UUID(int=7)) + "-with-an-s"
    record = logging.LogRecord("x", logging.WARNING, "", 0, f"Gone: {path.format(token)}", None, None)

    HideTokens().filter(record)

    assert record.getMessage() == f"Gone: {path.format('…')}"


def test_refused_link_leaves_no_token_in_the_log(client, capfd, db):
    handler = logging.getLogger().handlers
    names = [each for each in handler if any(isinstance(f, HideTokens) for f in each.filters)]

    client.get("/signatures/mine/very-secret/")

    assert names, "the log of the site has no filter"
    assert "very-secret" not in capfd.readouterr().err
