import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.guard.addresses import ProxyFormatError, cut_network, parse_proxies
from campaign.guard.network import client_address, client_network

PROXIES = ["203.0.113.1", "198.51.100.0/24"]


def request(rf, peer, forwarded=None):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return rf.get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8::1%eth0", "2001:db8::/64"),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.777", ""),
    ],
)
def test_network_is_what_one_household_gets(address, network):
    assert cut_network(address) == network


@given(st.ip_addresses())
def test_network_holds_its_address_and_is_its_own(address):
    network = cut_network(str(address))

    assert cut_network(network.partition("/")[0]) == network


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.9", None, "192.0.2.9"),
        ("192.0.2.9", "8.8.8.8", "192.0.2.9"),  # not our proxy: it may write what it likes
        ("203.0.113.1", "192.0.2.5", "192.0.2.5"),
        ("203.0.113.1", "8.8.8.8, 192.0.2.5", "192.0.2.5"),  # the left part is the visitor's own invention
        ("203.0.113.1", "8.8.8.8, 192.0.2.5, 198.51.100.7", "192.0.2.5"),
        ("203.0.113.1", "198.51.100.7", "198.51.100.7"),
        ("203.0.113.1", "192.0.2.5, rubbish", "203.0.113.1"),
        ("203.0.113.1", "192.0.2.5, rubbish, 198.51.100.7", "198.51.100.7"),
        ("203.0.113.1", "192.0.2.5:4711", "192.0.2.5"),
        ("203.0.113.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("203.0.113.1", "", "203.0.113.1"),
        ("::ffff:203.0.113.1", "192.0.2.5", "192.0.2.5"),
        ("", "192.0.2.5", ""),
        ("rubbish", "192.0.2.5", ""),
    ],
)
def test_client_is_who_stands_before_our_proxies(rf, settings, peer, forwarded, client):
    settings.TRUSTED_PROXIES = PROXIES

    assert client_address(request(rf, peer, forwarded)) == client


@given(forwarded=st.text(max_size=60))
def test_client_cannot_pose_as_another_by_what_it_sends(forwarded):
    from django.test import RequestFactory, override_settings  # fixtures would not be fresh for each example

    with override_settings(TRUSTED_PROXIES=PROXIES):
        asked = request(RequestFactory(), "203.0.113.1", f"{forwarded}, 192.0.2.5")

        assert client_address(asked) == "192.0.2.5"


@pytest.mark.parametrize(("proxies", "client"), [(["unix"], "192.0.2.5"), ([], "")])
def test_client_behind_a_unix_socket(rf, settings, proxies, client):
    settings.TRUSTED_PROXIES = proxies

    assert client_address(request(rf, "", "192.0.2.5")) == client


def test_client_behind_a_proxy_that_nobody_named_is_unknown(rf, settings):
    settings.BEHIND_PROXY, settings.TRUSTED_PROXIES = True, []

    assert client_network(request(rf, "192.0.2.9", "8.8.8.8")) == ""


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "172.18.0.1", "10.1.2.3", "192.168.1.5", "::1", "fd00::1", "fe80::1"]
)
def test_client_network_that_is_private_is_nobodys(rf, peer):
    assert client_network(request(rf, peer)) == ""


def test_client_network_is_cut(rf):
    assert client_network(request(rf, "192.0.2.9")) == "192.0.2.0/24"


def test_proxies_are_networks_addresses_and_sockets():
    assert parse_proxies([" 10.0.0.0/8", "2001:db8::1", "unix"]) == ["10.0.0.0/8", "2001:db8::1", "unix"]


@pytest.mark.parametrize("entry", ["proxy.example.org", "10.0.0.0/99", "", "0.0.0.0/0"])
def test_proxies_that_make_no_sense_are_named_by_their_place(entry):
    with pytest.raises(ProxyFormatError, match="RECLAIM_TRUSTED_PROXIES, entry 2"):
        parse_proxies(["10.0.0.0/8", entry])
