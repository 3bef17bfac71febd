import logging

from campaign.core.logs import HideTokens


def test_hide_tokens_in_arguments_and_message():
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", "/signatures/confirm/abc.def/"), None
    )

    HideTokens().filter(record)

    assert record.getMessage() == "Gone: /signatures/confirm/…/"


def test_refused_link_leaves_no_token_in_the_log(client, capfd, db):
    handler = logging.getLogger().handlers
    names = [each for each in handler if any(isinstance(f, HideTokens) for f in each.filters)]

    client.get("/signatures/mine/very-secret/")

    assert names, "the log of the site has no filter"
    assert "very-secret" not in capfd.readouterr().err
