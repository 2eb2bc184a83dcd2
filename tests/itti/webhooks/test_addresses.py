"""Which addresses are called, and how calls are signed."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from itti.webhooks.addresses import check_host, is_open, resolved, target_of
from itti.webhooks.errors import WebhookAddressUnsafe
from itti.webhooks.signing import headers, new_secret

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "no address",
    ],
)
def test_what_is_inside_is_not_open(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_outside_is_open(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https:///path",
        "https://user:password@example.com/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com/a b",
        "https://example.com/a\r\nHost: other",
        "https://[::1",
        "https://localhost/",
        "https://service.internal/",
        "https://printer.local./",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_addresses_that_are_refused_when_they_are_entered(address: str) -> None:
    with pytest.raises(WebhookAddressUnsafe):
        check_host(target_of(address, private=False), private=False)


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://example.com:8443/hook?from=itti", private=False)
    assert (target.host, target.port, target.path) == ("example.com", 8443, "/hook?from=itti")
    assert target.authority == "example.com:8443"
    check_host(target, private=False)
    assert target_of("https://[2606:4700::1111]", private=False).authority == "[2606:4700::1111]"


def test_a_name_that_leads_inside_is_refused_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where only one of its addresses is inside, as with a name that says something else each time."""
    answers = [["8.8.8.8"], ["8.8.8.8", "10.0.0.7"], ["::ffff:127.0.0.1"]]

    def look_up(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port)) for found in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    target = target_of("https://rebinding.example/", private=False)
    assert resolved(target, private=False) == ["8.8.8.8"]
    for _ in range(2):
        with pytest.raises(WebhookAddressUnsafe):
            resolved(target, private=False)


def test_signatures_are_those_of_the_standard() -> None:
    """Expected value: the reference implementation of Standard Webhooks 1.0.0 in Python (standardwebhooks 1.1.0)."""
    content = '{"type":"certificate.issued","name":"شهادة"}'.encode()
    signed = headers([SECRET], "evt_417", datetime(2026, 11, 22, 8, tzinfo=UTC), content)
    assert signed == {
        "webhook-id": "evt_417",
        "webhook-timestamp": "1795334400",
        "webhook-signature": "v1,aTdOSoBGj2JOxDcaKCCPYqZtJge91UCY0KJ556vesH4=",
    }
    both = headers([new_secret(), SECRET], "evt_417", datetime(2026, 11, 22, 8, tzinfo=UTC), content)
    assert both["webhook-signature"].split(" ")[1] == signed["webhook-signature"]
