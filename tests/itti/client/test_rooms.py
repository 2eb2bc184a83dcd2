"""Working offline and webhooks with the client, at the real service."""

from __future__ import annotations

import json
from io import BytesIO
from uuid import uuid4

import pytest

from itti.client import Client, Conflict, Invalid, Stale
from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import ORIGIN, World


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
