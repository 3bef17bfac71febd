import pytest
from django.db import DatabaseError
from django.test import Client

pytestmark = pytest.mark.django_db


def test_livez_answers(client):
    assert client.get("/livez").content == b"ok\n"


def test_readyz_says_what_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": "ok", "cache": "ok"})


def test_readyz_without_database_is_503(client, monkeypatch):
    def refuse(*args):
        raise DatabaseError

    monkeypatch.setattr("campaign.core.views.MigrationExecutor", refuse)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["database"]) == (503, "unreachable")


def test_security_headers_are_strict(client):
    headers = client.get("/").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/?q=%00", "/petitions/a%00b/"])
def test_nul_byte_in_the_address_is_400(client, address):
    assert client.get(address).status_code == 400


def test_nul_byte_in_a_form_is_400():
    assert Client().post("/accounts/login/", {"login": "a\x00b"}).status_code == 400


def test_unknown_page_is_our_404(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "Reclaim" in response.content.decode()
