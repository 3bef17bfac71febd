import pytest

from campaign.organizations.domains import is_own_domain, website_domain


@pytest.mark.parametrize(
    ("address", "website", "own"),
    [
        ("a@example.org", "https://www.example.org/about", True),
        ("a@EXAMPLE.org", "https://example.org", True),
        ("a@office.example.org", "https://example.org", False),
        ("a@bücher.example", "https://xn--bcher-kva.example", True),
        ("a@example.org", "https://campaign.example.org", False),
        ("a@notexample.org", "https://example.org", False),
        ("a@example.org.evil.example", "https://example.org", False),
        ("a@gmail.com", "https://gmail.com", False),
        ("a@gmail.com", "https://example.org", False),
        ("me@attacker.co.uk", "https://co.uk", False),
        ("a@x.gov.uk", "https://gov.uk", False),
        ("x@user.github.io", "https://github.io", False),
        ("a@strasse.de", "https://straße.de", False),
        ("a@example.org", "https://example.org@evil.example", False),
        ("a@example.org", "ftp://example.org", False),
        ("a@127.0.0.1", "https://127.0.0.1", False),
        ("a@localhost", "https://localhost", False),
        ("no-address", "https://example.org", False),
        ("a@example.org", "no-website", False),
    ],
)
def test_is_own_domain(address, website, own):
    assert is_own_domain(address=address, website=website) is own


def test_website_domain_drops_www_and_port():
    assert website_domain("https://WWW.Example.org:8443/x") == "example.org"
