"""Working offline and webhooks with the client, at the real service."""

from __future__ import annotations

import json
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from itti.client import Client, Conflict, InexactNumber, Invalid, NotFound, Patience, Stale
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import ORIGIN, World
from tests.itti.events.test_feed import take_in
from tests.itti.footprints.stage import INVENTORY, PRODUCT, declared, staged


def client_of(story: Story) -> Client:
    return Client(ORIGIN, story.world.token(story.assessor), http=story.world.browser())


def test_offline(world: World) -> None:
    story = tell(world).started()
    client, taken = client_of(story), BytesIO()
    client.save_answer(story.id, "quality", level=1, reason="Seen before.")
    assert client.read_work_package(story.id, taken, languages=["ar"]) == len(taken.getvalue())
    package = json.loads(taken.getvalue())
    assert list(package["questionnaire"]["texts"]) == ["ar"]

    client.save_answer(story.id, "quality", level=2, reason="Somebody was faster.")
    answers: list[dict[str, object]] = [
        {"question": "quality", "base": 1, "answer": {"level": 4, "reason": "Offline."}},
        {"question": "maintenance", "base": None, "answer": {"level": 3, "reason": "Offline."}},
        {"question": "planning", "base": None, "answer": {"level": 99}},
    ]
    batch, digest = uuid4(), package["questionnaire"]["digest"]
    done = client.send_batch(story.id, batch_id=batch, digest=digest, answers=answers)
    assert [each.outcome for each in done.results][:2] == ["conflict", "saved"]
    assert done.results[0].in_force is not None
    assert done.results[0].in_force.level == 2
    assert done.results[2].problem is not None
    assert done.standing.answered == 2
    assert client.send_batch(story.id, batch_id=batch, digest=digest, answers=answers) == done
    with pytest.raises(Conflict):
        client.send_batch(story.id, batch_id=batch, digest=digest, answers=answers[:1])


def test_webhooks(world: World) -> None:
    client = client_of(tell(world))
    with pytest.raises(Invalid):
        client.add_webhook("https://example.com/itti", types=["no.such-event"])
    made = client.add_webhook("https://example.com/itti", label="ERP", types=["certificate.issued"])
    assert made.secret.startswith("whsec_")
    assert [each.id for each in client.list_webhooks()] == [made.id]
    assert client.test_webhook(made.id).state == "waiting"
    assert [each.type for each in client.list_deliveries(made.id, state="waiting")] == ["webhook.test"]
    assert client.pause_webhook(made.id).paused_at is not None
    changed = client.change_webhook(made.id, address="https://example.com/other", types=["certificate.revoked"])
    assert (changed.address, changed.label, changed.types) == (
        "https://example.com/other",
        "",
        ("certificate.revoked",),
    )
    with pytest.raises(Stale):
        client.change_webhook(made.id, address="https://example.com/other", tag='"1"')
    assert client.resume_webhook(made.id).paused_at is None
    assert client.renew_webhook_secret(made.id).secret != made.secret
    client.remove_webhook(made.id)
    assert list(client.list_webhooks()) == []


def test_footprints(world: World) -> None:
    stage = staged(world)
    client = Client(ORIGIN, world.token(stage.owner), http=world.browser())
    with pytest.raises(InexactNumber):
        client.compute_footprint({**INVENTORY, "biogenic_carbon": 0.25}, PRODUCT)
    with pytest.raises(Invalid):
        client.enter_footprint({"pcf": {}})
    made = client.compute_footprint(INVENTORY, PRODUCT)
    assert (made.own, made.origin) == (True, "computed")
    assert isinstance(made.footprint["pcf"]["pcfExcludingBiogenicUptake"], str)
    calculation = json.dumps(client.read_footprint_calculation(made.id), default=str)
    assert "desnz@2025-v1/electricity" in calculation
    entered = client.enter_footprint(declared(), replaces=made.id)
    assert client.share_footprint(entered.id, [stage.partner["id"]]).partners == (UUID(stage.partner["id"]),)
    assert [each.id for each in client.list_footprints()] == [entered.id, made.id]
    assert client.read_footprint(made.id).footprint["status"] == "Deprecated"
    assert client.deprecate_footprint(entered.id).footprint["status"] == "Deprecated"
    assert list(client.list_footprints(status="Active")) == []
    with pytest.raises(Conflict):
        client.deprecate_footprint(entered.id)
    with pytest.raises(NotFound):
        client.read_footprint(uuid4())


def test_events_are_followed_from_where_one_stopped(world: World) -> None:
    story = tell(world)
    plan(world, story.factory, story.assessor, story.office)
    take_in(world)
    slept: list[float] = []
    world.app.state.lookout.end()  # nobody is kept waiting: asked anew after a pause
    client = Client(
        ORIGIN, world.token(story.assessor), http=world.browser(), patience=Patience(sleep=slept.append, tries=1)
    )
    kept: list[str] = []
    followed = client.follow(keep=kept.append)
    assert [next(followed).type for _ in range(2)] == ["assessment.planned"] * 2
    assert kept == [], "the second one is being dealt with"
    story.started()
    take_in(world)
    third = next(followed)
    assert third.type == "assessment.started"
    assert len(kept) == 1
    assert next(client.follow(kept[0])) == third
    other = plan(world, story.factory, story.assessor, story.office)

    def happen(_seconds: float) -> None:
        slept.append(_seconds)
        take_in(world)

    late = Client(ORIGIN, world.token(story.assessor), http=world.browser(), patience=Patience(sleep=happen))
    assert next(late.follow(str(third.sequence + 1))).data.assessment_id == other
    assert slept, "it had asked before there was anything"
