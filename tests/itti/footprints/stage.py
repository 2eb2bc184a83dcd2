"""A factory with footprints, and a partner that it shares them with: what most tests here begin with."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2
from starlette.testclient import TestClient

from itti.accounts.tables import Role, User
from itti.footprints.product import ProductFootprint
from tests.itti.conftest import ORIGIN, World, make_settings, running_world

PACT: Final = f"{ORIGIN}/api/pact"
CLOUD: Final = "application/cloudevents+json; charset=UTF-8"
KIND: Final = "org.wbcsd.pact.ProductFootprint."

DECLARED: Final[dict[str, Any]] = {
    "companyName": "Gulf Tiles",
    "companyIds": ["urn:company:example:gulf-tiles"],
    "productNameCompany": "Glazed tiles",
    "productDescription": "Wall tiles",
    "productIds": ["urn:gtin:4712345060507"],
    "productClassifications": ["urn:pact:productclassification:un-cpc:3731"],
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "referencePeriodStart": "2024-01-01T00:00:00Z",
        "referencePeriodEnd": "2025-01-01T00:00:00Z",
        "geographyCountry": "AE",
        "pcfExcludingBiogenicUptake": "0.43",
        "pcfIncludingBiogenicUptake": "0.40",
        "fossilGhgEmissions": "0.41",
        "landUseChangeGhgEmissions": "0.02",
        "biogenicCO2Uptake": "-0.03",
        "fossilCarbonContent": "0",
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
        "exemptedEmissionsPercent": "0",
    },
}

PRODUCT: Final[dict[str, Any]] = {
    "company_name": "Refractories",
    "company_ids": ["urn:company:example:refractories"],
    "name": "Mullite brick",
    "description": "A brick",
    "ids": ["urn:pact:example.com:product-id:brick"],
    "fossil_carbon": "0",
    "standards": ["ISO14067"],
    "exempted_percent": "0",
}

INVENTORY: Final[dict[str, Any]] = {
    "name": "Glazed tiles",
    "purpose": "product",
    "region": "GB",
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "gwp": "ar5",
    "rounding": {"places": 3, "mode": "half_up"},
    "declared_unit": {"amount": 1, "unit": "kg"},
    "output": {"amount": 900, "unit": "t"},
    "biogenic_carbon": "0.25",
    "lines": [{"id": "power", "amount": 400000, "unit": "kWh", "factor": "desnz@2025-v1/electricity"}],
}


def declared(pcf: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A footprint as its owner declares it; a value of None takes a field away."""
    made = deepcopy(DECLARED) | changes
    made["pcf"] |= pcf or {}
    for part in (made, made["pcf"]):
        for name in [name for name, value in part.items() if value is None]:
            del part[name]
    return made


@dataclass
class Stage:
    """A factory, its partner, and what the partner knows."""

    world: World
    owner: User
    partner: dict[str, Any]

    def enter(self, replaces: str | None = None, **changes: Any) -> dict[str, Any]:
        """A footprint of the factory, as it travels."""
        sent = {"footprint": declared(**changes), "replaces": replaces}
        answer = self.world.api(self.owner).post("/footprints", json=sent)
        assert answer.status_code == 201, answer.text
        return ProductFootprint.model_validate(answer.json()["footprint"]).wire()

    def share(self, *footprints: dict[str, Any], to: tuple[str, ...] | None = None) -> None:
        """Let the partner (or those of the ids given) read footprints."""
        partners = [self.partner["id"]] if to is None else list(to)
        for each in footprints:
            path = f"/footprints/{each['id']}/partners"
            answer = self.world.api(self.owner).put(path, json={"partners": partners})
            assert answer.status_code == 200, answer.text

    def ask_token(self, secret: str | None = None, **fields: str) -> httpx2.Response:
        """What the token door answers the partner."""
        name, known = self.partner["machine_id"], self.partner["client_secret"]
        proof = b64encode(f"{name}:{known if secret is None else secret}".encode()).decode()
        sent = {"grant_type": "client_credentials"} | fields
        return self.client().post(f"{PACT}/auth/token", data=sent, headers={"Authorization": f"Basic {proof}"})

    def client(self, token: str | None = None) -> TestClient:
        """Somebody at the doors of PACT."""
        client = self.world.api(token=token)
        client.base_url = httpx2.URL(PACT + "/")
        return client

    def partner_client(self) -> TestClient:
        """The partner, signed in."""
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        return self.client(answer.json()["access_token"])


def enter_partner(world: World, user: User, **changes: Any) -> dict[str, Any]:
    """A partner of the body or factory of ``user``, with its secret."""
    answer = world.api(user).post("/footprint-partners", json={"name": "Gulf Builders"} | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def staged(world: World, **partner: Any) -> Stage:
    """The stage."""
    world.settings = world.settings.model_copy(update={"webhook_private": True})
    world.app.state.settings = world.settings
    owner = world.create_user(Role.FACTORY)
    return Stage(world, owner, enter_partner(world, owner, **partner))


@contextmanager
def own_world(folder: Path, migrated: Path) -> Iterator[World]:
    """A world for a whole module."""
    shutil.copytree(migrated, folder)
    with running_world(make_settings(folder)) as made:
        yield made


def event(kind: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An event as a partner sends it."""
    envelope = {
        "type": f"{KIND}{kind}.3",
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "https://pact.example.com",
        "time": "2026-05-31T17:31:00Z",
        "data": data,
    }
    return envelope | changes
