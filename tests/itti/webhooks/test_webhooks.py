"""From an act to a receiver: signed, at least once, put off, given up, sent again; and for nobody else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from itti.accounts.tables import Role, User
from itti.acts import now
from itti.audit.tables import Event
from itti.queue.rows import JobState
from itti.settings import Settings
from itti.webhooks import calling, sending
from itti.webhooks.signing import headers
from itti.webhooks.tables import Delivery, Webhook
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import World, running_world
from tests.itti.events.test_feed import take_in
from tests.itti.expect import pointers, problem
from tests.itti.webhooks.receiver import Receiver, receiving
from tests.waiting import wait_for


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def story(world: World) -> Story:
    opened(world)
    made = tell(world)
    take_in(world)
    return made


def opened(world: World) -> None:
    """Let webhooks lead to this machine."""
    world.settings = world.settings.model_copy(update={"webhook_private": True})
    world.app.state.settings = world.settings


def add(story: Story, user: User, address: str, **more: Any) -> dict[str, Any]:
    answer = story.api(user).post("/webhooks", json={"address": address, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def deliver(world: World, clock: Callable[[], datetime] = now) -> int:
    """What a worker does until nothing is due; returns how many calls it took."""
    calls = 0
    while (taken := sending.take(world.database, clock)) is not None:
        sending.send(world.database, world.settings, taken, clock)
        calls += 1
    return calls


def later(**by: int) -> Callable[[], datetime]:
    return lambda: now() + timedelta(**by)


def listed(story: Story, user: User, hook: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    answer = story.api(user).get(f"/webhooks/{hook['id']}/deliveries", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def is_signed_by(secret: str, call: tuple[dict[str, str], bytes]) -> bool:
    at = datetime.fromtimestamp(int(call[0]["webhook-timestamp"]), now().tzinfo)
    own = headers([secret], call[0]["webhook-id"], at, call[1])["webhook-signature"]
    return own in call[0]["webhook-signature"].split(" ")


def test_an_event_arrives_signed_and_once(both_worlds: World) -> None:
    world = both_worlds
    opened(world)
    story = tell(world)
    with receiving() as receiver:
        hook = add(story, story.owner, receiver.address, types=["assessment.started"])
        assert sending.take(world.database) is None
        story.started()
        take_in(world)
        assert deliver(world) == 1
        assert deliver(world) == 0
    (call,) = receiver.taken
    event = story.api(story.owner).get("/events", params={"type": "assessment.started"}).json()["items"][0]
    assert story.api(story.owner).get("/events").json()["items"][1] == event
    sent = json.loads(call[1])
    assert sent == event
    assert receiver.paths == ["/hook?from=itti"]
    assert call[0]["webhook-id"] == event["id"]
    assert call[0]["content-type"] == "application/json"
    assert is_signed_by(hook["secret"], call)
    (told,) = listed(story, story.owner, hook)
    assert (told["state"], told["status"], told["attempts"], told["event"]) == ("done", 204, 1, event["id"])


def test_nothing_in_the_database_tells_the_secret(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    shown = story.api(story.owner).get(f"/webhooks/{hook['id']}").json()
    assert "secret" not in shown
    with story.world.database.reading() as session:
        row = session.get_one(Webhook, UUID(hook["id"]))
        assert hook["secret"].removeprefix("whsec_") not in row.model_dump_json()
        acts = session.exec(select(Event).where(Event.action == "webhook.added")).one()
        assert "hook?from" not in str(acts.details), "an address may let somebody in"


def test_only_those_concerned_are_sent_to(story: Story, receiver: Receiver) -> None:
    strange = story.world.create_user(Role.FACTORY)
    for user in (story.office, story.assessor, story.reviewer, story.owner, strange):
        add(story, user, receiver.address, types=["assessment.submitted", "assessment.review-taken"], label=user.name)
    story.under_review()
    take_in(story.world)
    deliver(story.world)
    with story.world.database.reading() as session:
        rows = session.exec(select(Webhook.label, Delivery.kind).join(Delivery)).all()
    # The body of the reviewer has a part in it now, and hears of the submission too.
    expected = [story.office, story.assessor, story.reviewer, story.owner]
    kinds = ("assessment.submitted", "assessment.review-taken")
    assert sorted(rows) == sorted((user.name, kind) for user in expected for kind in kinds)


def test_other_peoples_webhooks_do_not_exist(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    colleague = story.world.create_user(Role.FACTORY, factory=story.factory)
    assert story.api(colleague).get("/webhooks").json()[0]["id"] == hook["id"]
    for user in (story.office, story.assessor, story.world.create_user(Role.FACTORY)):
        assert story.api(user).get("/webhooks").json() == []
        for path, verb in (("", "get"), ("", "delete"), ("/secret", "post"), ("/test", "post"), ("/deliveries", "get")):
            problem(getattr(story.api(user), verb)(f"/webhooks/{hook['id']}{path}"), 404, "no-such-webhook")
    mine = add(story, story.office, receiver.address)
    made = story.api(story.owner).post(f"/webhooks/{hook['id']}/test").json()
    crossed = f"/webhooks/{mine['id']}/deliveries/{made['id']}/retry"
    problem(story.api(story.office).post(crossed), 404, "no-such-delivery")
    problem(story.api(story.office).post(f"/webhooks/{mine['id']}/deliveries/{uuid4()}/retry"), 404, "no-such-delivery")


def test_inner_addresses_are_refused_at_the_door_and_at_the_call(story: Story, receiver: Receiver) -> None:
    world = story.world
    hook = add(story, story.owner, receiver.address)
    story.api(story.owner).post(f"/webhooks/{hook['id']}/test")
    world.settings = world.settings.model_copy(update={"webhook_private": False})
    world.app.state.settings = world.settings
    refused = story.api(story.owner).post("/webhooks", json={"address": "https://169.254.169.254/latest"})
    assert pointers(problem(refused, 422, "webhook-address-unsafe")) == {"/address": "address-unsafe"}
    problem(
        story.api(story.owner).post("/webhooks", json={"address": "https://x.example", "a": 1}), 422, "invalid-input"
    )
    assert deliver(world) == 1
    assert receiver.taken == []
    (told,) = listed(story, story.owner, hook)
    assert (told["state"], told["code"]) == ("waiting", "webhook-address-unsafe")


def test_what_fails_is_put_off_given_up_and_sent_again(story: Story, receiver: Receiver) -> None:
    world = story.world
    hook = add(story, story.owner, receiver.address)
    story.api(story.owner).post(f"/webhooks/{hook['id']}/test")
    receiver.answers = [500, 302] + [503] * (sending.TRIES - 2)
    assert deliver(world) == 1
    assert deliver(world) == 0, "not before its next try"
    (told,) = listed(story, story.owner, hook)
    assert (told["state"], told["status"], told["code"]) == ("waiting", 500, "receiver-failed")
    assert told["next_try"] is not None
    for each in range(1, sending.TRIES):
        assert deliver(world, later(days=each)) == 1
    assert deliver(world, later(days=99)) == 0
    (told,) = listed(story, story.owner, hook, state="failed")
    assert (told["attempts"], told["status"]) == (sending.TRIES, 503)
    assert "503" in told["reason"]
    assert receiver.paths == ["/hook?from=itti"] * sending.TRIES, "a redirect is not followed"
    assert {call[1] for call in receiver.taken} == {receiver.taken[0][1]}
    assert {call[0]["webhook-id"] for call in receiver.taken} == {told["event"]}
    again = story.api(story.owner).post(f"/webhooks/{hook['id']}/deliveries/{told['id']}/retry")
    assert again.json()["state"] == "waiting"
    assert deliver(world) == 1
    assert listed(story, story.owner, hook, state="done")[0]["event"] == told["event"]


def test_a_span_of_time_is_sent_again(story: Story, receiver: Receiver) -> None:
    world = story.world
    story.submitted()
    take_in(world)
    hook = add(story, story.owner, receiver.address)
    assert deliver(world) == 0, "what was before the webhook is not sent by itself"
    span = {"since": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
    replay = f"/webhooks/{hook['id']}/replay"
    assert story.api(story.owner).post(replay, json=span).json() == {"events": 3}
    receiver.answers = [410]
    assert deliver(world) == 1, "whoever is gone is not called any more"
    assert story.api(story.owner).get(f"/webhooks/{hook['id']}").json()["paused_at"] is not None
    story.api(story.owner).post(f"/webhooks/{hook['id']}/resumption")
    assert deliver(world) == 2
    assert story.api(story.owner).post(replay, json=span | {"failed": True}).json() == {"events": 1}
    assert deliver(world) == 1
    first, *rest = (call[0]["webhook-id"] for call in receiver.taken)
    assert rest[-1] == first
    assert len(set(rest)) == 3
    problem(story.api(story.owner).post(replay, json={"since": "yesterday"}), 422, "invalid-input")


def test_while_it_rests_nothing_is_lost(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    path = f"/webhooks/{hook['id']}"
    for _ in range(2):
        assert story.api(story.owner).post(f"{path}/pause").status_code == 200
    story.started()
    take_in(story.world)
    assert deliver(story.world) == 0
    assert story.api(story.owner).post(f"{path}/resumption").json()["paused_at"] is None
    assert deliver(story.world) == 1
    assert story.api(story.owner).delete(path).status_code == 204
    problem(story.api(story.owner).get(path), 404, "no-such-webhook")
    with story.world.database.reading() as session:
        assert session.exec(select(Delivery)).all() == []


def test_after_a_rotation_both_secrets_sign_for_a_day(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    path = f"/webhooks/{hook['id']}"
    renewed = story.api(story.owner).post(f"{path}/secret").json()
    story.api(story.owner).post(f"{path}/test")
    deliver(story.world)
    assert [is_signed_by(secret, receiver.taken[0]) for secret in (hook["secret"], renewed["secret"])] == [True, True]
    story.api(story.owner).post(f"{path}/test")
    deliver(story.world, later(hours=25))
    assert [is_signed_by(secret, receiver.taken[1]) for secret in (hook["secret"], renewed["secret"])] == [False, True]


def test_it_can_be_led_elsewhere_with_what_waits(both_worlds: World) -> None:
    world = both_worlds
    opened(world)
    story = tell(world)
    with receiving() as gone, receiving() as there:
        hook = add(story, story.owner, gone.address, label="ERP", types=["assessment.started"])
        api, path = story.api(story.owner), f"/webhooks/{hook['id']}"
        api.post(f"{path}/test")
        gone.answers = [500]
        assert deliver(world) == 1
        assert deliver(world, later(seconds=20)) == 0, "put off"
        tag = api.get(path).headers["etag"]
        assert tag == f'"{hook["version"]}"'
        changed = api.put(path, json={"address": there.address}, headers={"If-Match": tag})
        assert changed.status_code == 200
        assert (changed.json()["address"], changed.json()["types"], changed.json()["label"]) == (there.address, [], "")
        assert changed.headers["etag"] == f'"{changed.json()["version"]}"' != tag
        (told,) = listed(story, story.owner, hook)
        assert (told["state"], told["attempts"], told["reason"]) == ("waiting", 0, None)
        assert deliver(world) == 1, "at once"
        story.started()
        take_in(world)
        while deliver(world):
            continue
    assert len(gone.taken) == 1
    assert is_signed_by(hook["secret"], there.taken[0])
    assert len(there.taken) > 1, "of all that happens now"
    with world.database.reading() as session:
        (act,) = session.exec(select(Event).where(Event.action == "webhook.changed")).all()
        assert "hook?from" not in str(act.details)
        assert act.details["host"] == act.details["host_before"] == "127.0.0.1"


def test_who_may_lead_it_elsewhere_and_where(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    path, body, tagged = f"/webhooks/{hook['id']}", {"address": receiver.address}, {"If-Match": '"1"'}
    api = story.api(story.owner)
    problem(story.world.api().put(path, json=body, headers=tagged), 401, "sign-in-needed")
    for user in (story.office, story.assessor, story.world.create_user(Role.FACTORY)):
        problem(story.api(user).put(path, json=body, headers=tagged), 404, "no-such-webhook")
    problem(api.put(f"/webhooks/{uuid4()}", json=body, headers=tagged), 404, "no-such-webhook")
    problem(api.put(path, json=body), 428, "precondition-required")
    problem(api.put(path, json=body, headers={"If-Match": "*"}), 400, "malformed-tag")
    assert api.post(f"{path}/pause").headers["etag"] == '"2"'
    late = problem(api.put(path, json=body, headers=tagged), 412, "stale")
    assert late["current"]["paused_at"] is not None
    assert late["current"]["version"] == 2
    tagged = {"If-Match": '"2"'}
    world = story.world
    world.settings = world.settings.model_copy(update={"webhook_private": False})
    world.app.state.settings = world.settings
    unsafe = api.put(path, json={"address": "https://10.0.0.7/in"}, headers=tagged)
    assert pointers(problem(unsafe, 422, "webhook-address-unsafe")) == {"/address": "address-unsafe"}
    odd = {"address": "https://x.example", "types": ["no.such"], "secret": "mine"}
    assert pointers(problem(api.put(path, json=odd, headers=tagged), 422, "invalid-input")).keys() == {
        "/types/0",
        "/secret",
    }
    old = world.api(token=world.token(story.owner, now() - timedelta(hours=1)))
    problem(old.put(path, json={"address": "https://x.example/"}, headers=tagged), 401, "fresh-sign-in-needed")
    renamed = old.put(path, json={"address": receiver.address, "label": "Energy"}, headers=tagged)
    assert renamed.json()["label"] == "Energy", "where it leads is what a proof is asked for"


def test_events_do_not_make_a_tag_stale(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    story.started()
    take_in(story.world)
    assert deliver(story.world) == 1
    assert story.api(story.owner).get(f"/webhooks/{hook['id']}").headers["etag"] == '"1"'


def test_there_are_not_more_than_ten(story: Story) -> None:
    for _ in range(10):
        add(story, story.owner, "http://127.0.0.1:9/")
    problem(story.api(story.owner).post("/webhooks", json={"address": "http://127.0.0.1:9/"}), 409, "too-many-webhooks")


def test_a_receiver_that_hangs_is_cut_off(monkeypatch: pytest.MonkeyPatch, story: Story, receiver: Receiver) -> None:
    """Though it sends a byte now and then, so that no wait for a byte is ever too long."""
    monkeypatch.setattr(calling.call, "__kwdefaults__", {"seconds": 0.3})
    hook = add(story, story.owner, receiver.address)
    story.api(story.owner).post(f"/webhooks/{hook['id']}/test")
    receiver.answers = [0]
    began = time.monotonic()
    assert deliver(story.world) == 1
    assert time.monotonic() - began < 2
    assert listed(story, story.owner, hook)[0]["state"] == "waiting"


def test_who_is_being_called_is_not_called_twice_and_holds_nobody_up(story: Story, receiver: Receiver) -> None:
    slow, quick = add(story, story.owner, receiver.address), add(story, story.office, receiver.address)
    for _ in range(3):
        story.api(story.owner).post(f"/webhooks/{slow['id']}/test")
    story.api(story.office).post(f"/webhooks/{quick['id']}/test")
    hanging = sending.take(story.world.database)
    assert hanging is not None
    assert str(hanging.webhook.id) == slow["id"]
    assert deliver(story.world) == 1
    assert listed(story, story.office, quick)[0]["state"] == "done"
    assert [each["state"] for each in listed(story, story.owner, slow)].count("waiting") == 2
    busy = story.api(story.owner).post(f"/webhooks/{slow['id']}/deliveries/{hanging.row.id}/retry")
    problem(busy, 409, "delivery-under-way")


def test_the_serving_process_calls(settings: Settings, receiver: Receiver) -> None:
    serving = settings.model_copy(update={"webhook_private": True, "webhook_hands": 2, "record_seconds": 0.05})
    with running_world(serving) as world:
        story = tell(world)
        add(story, story.owner, receiver.address, types=["assessment.planned"])
        other = plan(world, story.factory, story.assessor, story.office)
        wait_for(lambda: any(str(other) in body.decode() for _, body in receiver.taken))


def test_a_process_that_is_killed_leaves_its_delivery_to_others(story: Story, receiver: Receiver) -> None:
    hook = add(story, story.owner, receiver.address)
    story.api(story.owner).post(f"/webhooks/{hook['id']}/test")
    assert sending.take(story.world.database) is not None
    assert deliver(story.world) == 0
    assert deliver(story.world, later(minutes=1)) == 1

    def state(session: Session) -> JobState:
        return session.exec(select(Delivery)).one().state

    assert story.world.write(state) is JobState.DONE


def test_receivers_are_described(world: World) -> None:
    document = world.running.get("/api/v1/openapi.json").json()
    called = document["webhooks"]["event"]["post"]
    assert {each["name"] for each in called["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    schema = called["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert schema in document["components"]["schemas"]
    assert "HTTPValidationError" not in str(called)
