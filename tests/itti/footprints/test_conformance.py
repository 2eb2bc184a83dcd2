"""The cases of the PACT conformance service for version 3.0, each under its number, against our own doors.

Written from what each case asks for.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from itti.footprints import sending
from itti.footprints.product import ProductFootprint
from tests.itti.conftest import ORIGIN
from tests.itti.footprints.stage import CLOUD, PACT, Stage, event, own_world, staged
from tests.itti.webhooks.receiver import Receiver, receiving

BOGUS = "urn:bogus:product:nonexistent"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        made.body = json.dumps({"access_token": "theirs", "token_type": "Bearer"}).encode()
        yield made


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, migrated: Path, receiver: Receiver) -> Iterator[Stage]:
    with own_world(tmp_path_factory.mktemp("pact") / "data", migrated) as world:
        base = f"http://127.0.0.1:{receiver.port}"
        made = staged(world, base_url=base, client_id="itti", client_secret="known to both")
        first, second = made.enter(), made.enter(pcf={"geographyCountry": None, "geographyCountrySubdivision": "AE-DU"})
        made.share(first, second)
        made.share(made.enter(replaces=first["id"], productIds=["urn:gtin:1", "URN:GTIN:4712345060507"]))
        made.enter(productNameCompany="Kept to ourselves")
        yield made


@pytest.fixture(scope="module")
def partner(stage: Stage) -> Any:
    return stage.partner_client()


def listed(partner: Any, **filters: Any) -> list[dict[str, Any]]:
    """What a list gives, every entry of which is a whole footprint."""
    answer = partner.get("3/footprints", params=filters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    for each in found:
        ProductFootprint.model_validate(each)
    return found


def post(partner: Any, sent: object) -> httpx2.Response:
    content = sent if isinstance(sent, str) else json.dumps(sent)
    answer: httpx2.Response = partner.post("3/events", content=content, headers={"Content-Type": CLOUD})
    return answer


def told(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()) == {"code", "message"}
    assert answer.json()["message"]


def test_01_token(stage: Stage) -> None:
    answer = stage.ask_token()
    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert stage.ask_token(scope="footprint:list footprint:read").status_code == 200


def test_02_token_with_a_wrong_secret(stage: Stage) -> None:
    answer = stage.ask_token("wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_03_one_footprint(partner: Any) -> None:
    wanted = listed(partner)[0]
    answer = partner.get(f"3/footprints/{wanted['id']}")
    assert answer.status_code == 200
    assert answer.json() == {"data": wanted}


def test_04_list(partner: Any) -> None:
    found = listed(partner)
    assert len(found) == 3
    assert "Kept to ourselves" not in {each["productNameCompany"] for each in found}
    assert {type(value) for each in found for value in each["pcf"].values()} <= {str, list, dict, bool}


def test_05_pages(partner: Any) -> None:
    seen: list[str] = []
    address = f"{PACT}/3/footprints?limit=2&status=Active&status=Deprecated"
    while address:
        for _ in range(2):  # a link may be followed more than once
            answer = partner.get(address)
        assert len(answer.json()["data"]) <= 2
        seen += [each["id"] for each in answer.json()["data"]]
        link = answer.headers.get("link", "")
        assert not link or (link.startswith(f"<{PACT}/3/footprints?limit=2&status=Active&status=Deprecated&after="))
        assert not link or link.endswith('>; rel="next"')
        address = link[1:].partition(">")[0]
    assert seen == [each["id"] for each in listed(partner)]
    assert listed(partner, limit="0") == []


@pytest.mark.parametrize("case", ["06", "07", "16"])
def test_06_07_16_bad_tokens(stage: Stage, partner: Any, case: str) -> None:
    stranger = stage.client("very-invalid")
    match case:
        case "06":
            told(stranger.get("3/footprints"), 400, "BadRequest")
        case "07":
            told(stranger.get(f"3/footprints/{listed(partner)[0]['id']}"), 400, "BadRequest")
        case _:
            told(post(stranger, event("PublishedEvent", {"pfIds": []})), 400, "BadRequest")
    told(stage.client().get("3/footprints"), 401, "TokenExpired")


@pytest.mark.parametrize("name", ["00000000-0000-0000-0000-000000000000", "non-existent-id"])
def test_08_unknown_footprint(partner: Any, name: str) -> None:
    told(partner.get(f"3/footprints/{name}"), 404, "NotFound")


@pytest.mark.parametrize("case", ["09", "10", "11", "17"])
def test_09_10_11_17_plain_http(stage: Stage, partner: Any, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    footprint = listed(partner)[0]["id"]
    monkeypatch.setattr(stage.world.settings, "base_url", "https://testserver")
    match case:
        case "09":
            answer = stage.ask_token()
        case "10":
            answer = partner.get("3/footprints")
        case "11":
            answer = partner.get(f"3/footprints/{footprint}")
        case _:
            answer = post(partner, event("PublishedEvent", {"pfIds": [footprint]}))
    told(answer, 403, "AccessDenied")
    assert not {"data", "access_token"} & answer.json().keys()
    secure = PACT.replace("http:", "https:")
    assert partner.get(f"{secure}/3/footprints").status_code == 200


def test_18_19_token_door_that_is_looked_up(stage: Stage) -> None:
    found = stage.client().get(f"{PACT}/.well-known/openid-configuration")
    assert found.status_code == 200
    said = found.json()
    assert said["issuer"] == PACT
    assert said["token_endpoint"] == f"{PACT}/auth/token"
    assert "client_secret_basic" in said["token_endpoint_auth_methods_supported"]
    assert not {"jwks_uri", "authorization_endpoint", "id_token_signing_alg_values_supported"} & said.keys()
    proof = {"Authorization": stage.ask_token().request.headers["Authorization"]}
    sent = {"grant_type": "client_credentials"}
    assert stage.client().post(said["token_endpoint"], data=sent, headers=proof).json()["access_token"]
    wrong = {"Authorization": "Basic " + b64encode(b"nobody:nothing").decode()}
    assert stage.client().post(said["token_endpoint"], data=sent, headers=wrong).status_code == 401


def test_refusals_lead_to_the_token_door(stage: Stage) -> None:
    refused = stage.client().get("3/footprints").headers["www-authenticate"]
    assert refused.startswith(f'Bearer realm="{PACT}", resource_metadata="')
    unknown = stage.client("very-invalid").get("3/footprints").headers["www-authenticate"]
    assert unknown == f'{refused}, error="invalid_token"'
    resource = stage.client().get(refused.rpartition('resource_metadata="')[2].rstrip('"')).json()
    assert resource["resource"] == PACT
    (issuer,) = resource["authorization_servers"]
    server = stage.client().get(f"{ORIGIN}/.well-known/oauth-authorization-server{issuer.removeprefix(ORIGIN)}").json()
    assert server["issuer"] == issuer
    assert server["token_endpoint"] == f"{PACT}/auth/token"


def test_links_bear_the_public_name(stage: Stage, partner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.world.settings, "base_url", "https://itti.example/tool/")
    inside = PACT.replace("http://testserver", "https://inside:8000")
    link = partner.get(f"{inside}/3/footprints", params={"limit": 1, "geography": "a b&c"}).headers.get("link", "")
    assert not link
    link = partner.get(f"{inside}/3/footprints", params={"limit": 1, "status": "Active"}).headers["link"]
    assert link.startswith("<https://itti.example/tool/api/pact/3/footprints?limit=1&status=Active&after=")


def answered(stage: Stage, receiver: Receiver, sent: dict[str, Any]) -> dict[str, Any]:
    """What the partner is sent back."""
    receiver.taken.clear()
    receiver.paths.clear()
    while (taken := sending.take(stage.world.database)) is not None:
        sending.send(stage.world.database, stage.world.settings, taken)
    assert receiver.paths[-2:] == ["/auth/token", "/3/events"]
    headers, content = receiver.taken[-1]
    assert headers["authorization"] == "Bearer theirs"
    assert headers["content-type"] == CLOUD
    back: dict[str, Any] = json.loads(content)
    assert back["specversion"] == "1.0"
    assert back["source"] == PACT
    assert back["data"]["requestEventId"] == sent["id"]
    return back


def test_12_13_request_fulfilled(stage: Stage, partner: Any, receiver: Receiver) -> None:
    sent = event("RequestCreatedEvent", {"productId": ["urn:gtin:1"], "comment": "For this year."}, id="run/12")
    answer = post(partner, sent)
    assert (answer.status_code, answer.content) == (200, b"")
    back = answered(stage, receiver, sent)
    assert back["type"] == "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3"
    assert back["data"]["pfs"] == listed(partner, productId="urn:gtin:1")


def test_14_request_rejected(stage: Stage, partner: Any, receiver: Receiver) -> None:
    sent = event("RequestCreatedEvent", {"productId": ["urn:pact:null"], "comment": "For this year."}, id="run/14.A")
    assert post(partner, sent).status_code == 200
    back = answered(stage, receiver, sent)
    assert back["type"] == "org.wbcsd.pact.ProductFootprint.RequestRejectedEvent.3"
    assert back["data"]["error"].keys() == {"code", "message"}


def test_13_14_answers_to_us_are_taken(stage: Stage, partner: Any) -> None:
    odd = {"id": "b1f8c0d2-7c4e-4e67-9a9c-2e4c12345678", "specVersion": "3.0.0", "pcf": {"declaredUnit": "liter"}}
    error = {"code": "NotFound", "message": "It could not be found."}
    for kind, data in (("RequestFulfilledEvent", {"pfs": [odd]}), ("RequestRejectedEvent", {"error": error})):
        assert post(partner, event(kind, {"requestEventId": "run/12", **data})).status_code == 200


def test_15_published(partner: Any) -> None:
    sent = event("PublishedEvent", {"pfIds": ["3a6c14a7-4deb-498a-b5ea-16ce2535b576"]})
    assert post(partner, sent).status_code == 200
    assert post(partner, sent).status_code == 200


@pytest.mark.parametrize(
    ("case", "filters", "found"),
    [
        ("20", {"productId": "urn:GTIN:4712345060507"}, 3),
        ("21", {"companyId": "URN:company:example:gulf-tiles"}, 3),
        ("22", {"geography": "ae"}, 2),
        ("22", {"geography": "AE-DU"}, 1),
        ("22", {"geography": ""}, 3),
        ("23", {"classification": "urn:pact:productclassification:UN-CPC:3731"}, 3),
        ("24", {"validOn": "2025-01-01T00:00:00Z"}, 3),
        ("24", {"validOn": "2028-01-01T00:00:00Z"}, 3),
        ("24", {"validOn": "2028-01-01T00:00:01Z"}, 0),
        ("25", {"validAfter": "2024-12-31T00:00:00Z"}, 3),
        ("25", {"validAfter": "2025-01-01T00:00:00Z"}, 0),
        ("26", {"validBefore": "2028-01-02T00:00:00+04:00"}, 3),
        ("26", {"validBefore": "2028-01-01T00:00:00Z"}, 0),
        ("27", {"status": "active"}, 2),
        ("27", {"status": "Deprecated"}, 1),
        ("28", {"status": "Active", "productId": "urn:gtin:1"}, 1),
        ("29", {"companyId": ["urn:company:example:gulf-tiles", "k7Yx", "p0"]}, 3),
        ("30", {"productId": BOGUS}, 0),
        ("31", {"companyId": BOGUS}, 0),
        ("32", {"geography": "XX"}, 0),
        ("33", {"classification": BOGUS}, 0),
        ("34", {"validOn": "1900-01-01T00:00:00Z"}, 0),
        ("35", {"validAfter": "2099-12-31T23:59:59Z"}, 0),
        ("36", {"validBefore": "1900-01-01T00:00:00Z"}, 0),
        ("37", {"status": "BogusStatus"}, 0),
        ("38", {"companyId": BOGUS, "productId": "urn:gtin:1"}, 0),
        ("39", {"companyId": [BOGUS, BOGUS + "2", BOGUS + "3"]}, 0),
    ],
)
def test_20_to_39_filters(partner: Any, case: str, filters: dict[str, Any], found: int) -> None:
    assert len(listed(partner, **filters)) == found, case


@pytest.mark.parametrize("query", ["validOn=soon", "validOn=2025-01-01", "limit=-1", "limit=x", "after=x"])
def test_what_cannot_be_read_is_a_bad_request(partner: Any, query: str) -> None:
    told(partner.get(f"3/footprints?{query}"), 400, "BadRequest")


@pytest.mark.parametrize(
    "sent",
    [
        event("PublishedEvent", {"pfIds": ["urn:gtin:4712345060507"]}),
        event("PublishedEvent", {"pfIds": []}),
        event("PublishedEvent", {}),
        event("SomeEvent", {}),
        event("PublishedEvent", {"pfIds": []}, specversion="0.3"),
        event("PublishedEvent", {"pfIds": []}, time="yesterday"),
        event("RequestFulfilledEvent", {"requestEventId": "x", "pfs": []}),
        event("RequestRejectedEvent", {"requestEventId": "x"}),
        event("RequestCreatedEvent", {"validOn": "soon"}),
        {"data": []},
        "[]",
        "not json",
        '{"data": NaN}',
        '{"id": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_40_malformed_events(partner: Any, sent: object) -> None:
    told(post(partner, sent), 400, "BadRequest")
