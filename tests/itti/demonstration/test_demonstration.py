"""What visitors of the demonstration find: through the API, signed in with the accounts that are printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from itti import demonstration
from itti.accounts.service import demonstration_accounts
from itti.accounts.tables import Role, User
from itti.accreditation.tables import Accreditation
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.audit.tables import Event
from itti.certificates.tables import Certificate, CertificateState
from itti.demonstration import DatabaseInUse, DemonstrationAccount, accounts
from itti.demonstration.stage import VERSION
from itti.factories.tables import Factory
from tests.itti.certificates.quick import OneOfFour
from tests.itti.conftest import World

ARABIC = re.compile(r"[\u0600-\u06FF]")
PROGRAMME = next(account for account in accounts() if account.role is Role.PROGRAMME)


def signed_in(stage: World, account: DemonstrationAccount) -> TestClient:
    answer = stage.api().post("/tokens", json={"email": account.email, "password": account.password})
    assert answer.status_code == 201, answer.text
    return stage.api(token=answer.json()["token"])


def got(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def programme(stage: World) -> TestClient:
    """The programme office at the API."""
    return signed_in(stage, PROGRAMME)


@pytest.fixture
def assessments(programme: TestClient) -> list[dict[str, Any]]:
    """All assessments, as the API lists them."""
    found: list[dict[str, Any]] = got(programme, "/assessments?limit=100")["items"]
    return found


def in_state(assessments: list[dict[str, Any]], state: AssessmentState) -> list[dict[str, Any]]:
    return [one for one in assessments if one["state"] == state.value]


def test_every_account_can_sign_in(stage: World) -> None:
    for account in accounts():
        me = got(signed_in(stage, account), "/me")
        assert (me["email"], me["name"], me["role"]) == (account.email, account.name, account.role.value)


def test_the_accounts_are_named_as_those_of_a_demonstration(stage: World) -> None:
    with stage.app.state.database.reading() as session:
        found = {user.email for user in demonstration_accounts(session)}
        everybody = {user.email for user in session.exec(select(User)).all()}
    assert found == everybody == {account.email for account in accounts()}


def test_there_are_three_bodies_six_assessors_and_twelve_factories(programme: TestClient) -> None:
    assert len(got(programme, "/assessment-bodies")["items"]) == 3
    assert len(got(programme, "/assessors")["items"]) == 6
    assert len(got(programme, "/factories")["items"]) == 12
    assert Counter(account.role for account in accounts()) == {Role.PROGRAMME: 2, Role.ASSESSOR: 6, Role.FACTORY: 9}


def test_one_accreditation_has_lapsed_some_months_ago(programme: TestClient, today: date) -> None:
    lapsed = []
    for assessor in got(programme, "/assessors")["items"]:
        held = got(programme, f"/assessors/{assessor['id']}/accreditations")
        last = max(date.fromisoformat(each["valid_until"]) for each in held)
        if last < today:
            lapsed.append(last)
    assert len(lapsed) == 1
    assert timedelta(60) < today - lapsed[0] < timedelta(200)


def test_there_are_assessments_in_every_state(assessments: list[dict[str, Any]]) -> None:
    shown = {one["state"] for one in assessments}
    assert shown == {state.value for state in AssessmentState}


def test_a_reply_a_silence_and_an_appeal(programme: TestClient, assessments: list[dict[str, Any]]) -> None:
    histories = [got(programme, f"/assessments/{one['id']}")["history"] for one in assessments]
    made = Counter(passage["move"] for history in histories for passage in history)
    assert made["accept"] >= 1
    assert made["reply"] == 2
    assert made["let-reply-lapse"] >= 1
    [appealed] = in_state(assessments, AssessmentState.APPEAL)
    assert appealed["hearer"]["name"] == "Hessa Al Dosari"


def test_an_appeal_was_upheld_and_its_revision_waits_for_the_decision(
    programme: TestClient, assessments: list[dict[str, Any]]
) -> None:
    [upheld] = in_state(assessments, AssessmentState.UPHELD)
    [revision] = in_state(assessments, AssessmentState.DECISION)
    assert revision["revision_of"] == upheld["id"]
    assert revision["assessor"]["name"] == upheld["hearer"]["name"] == "Hessa Al Dosari"
    assert revision["reviewer"]["name"] not in {upheld["assessor"]["name"], upheld["reviewer"]["name"]}
    number = got(programme, f"/assessments/{upheld['id']}")["certificate"]
    assert got(programme, f"/certificates/{number}")["state"] == "valid"


def test_a_certificate_has_ended_and_the_factory_reads_what_was_found_since(
    stage: World, programme: TestClient, assessments: list[dict[str, Any]]
) -> None:
    [expired] = in_state(assessments, AssessmentState.EXPIRED)
    [replying] = in_state(assessments, AssessmentState.REPLY)
    assert replying["factory"] == expired["factory"]
    whole = got(programme, f"/assessments/{expired['id']}")
    assert (whole["history"][-1]["move"], whole["history"][-1]["actor"]) == ("expire", None)
    assert got(stage.api(), f"/certificates/{whole['certificate']}")["state"] == "expired"
    owner = next(account for account in accounts() if account.email.endswith("@rimal-zarqa.example"))
    read = got(signed_in(stage, owner), f"/assessments/{replying['id']}")
    assert {each["move"] for each in read["moves"] if each["open"]} == {"accept", "reply"}


def test_a_conflict_was_refused_and_an_assessor_has_changed(
    stage: World, programme: TestClient, assessments: list[dict[str, Any]]
) -> None:
    waiting = next(one for one in in_state(assessments, AssessmentState.REVIEW) if one["reviewer"] is None)
    ties = got(programme, f"/factories/{waiting['factory']['id']}/engagements")
    assert [(each["tie"], each["body_id"] is None) for each in ties] == [("advised", False)]
    noura = next(account for account in accounts() if account.name == "Noura Bin Ghalib")
    refused = {
        each["move"]: each["code"] for each in got(signed_in(stage, noura), f"/assessments/{waiting['id']}")["moves"]
    }
    assert refused["take-review"] == "not-independent"
    passages = [
        passage
        for one in assessments
        for passage in got(programme, f"/assessments/{one['id']}")["history"]
        if passage["to_assessor"]
    ]
    assert [(each["move"], each["from_assessor"]["name"]) for each in passages] == [("hand-over", "Tariq Haddadin")]


def test_one_assessor_is_suspended_and_the_bodies_are_public(stage: World) -> None:
    register = got(stage.api(), "/accredited-bodies")
    assert [body["accredited"] for body in register] == [True, True, True]
    assert sorted(len(body["accreditations"]) for body in register) == [1, 1, 2]
    programme = signed_in(stage, next(account for account in accounts() if account.role is Role.PROGRAMME))
    marek = next(one for one in got(programme, "/assessors")["items"] if one["name"] == "Marek Nowak")
    assert [each["state"] for each in got(programme, f"/assessors/{marek['id']}/accreditations")] == ["suspended"]


def test_one_review_waits_and_one_is_taken(assessments: list[dict[str, Any]]) -> None:
    reviewers = [one["reviewer"] for one in in_state(assessments, AssessmentState.REVIEW)]
    assert sorted(reviewer is None for reviewer in reviewers) == [False, True]


def test_one_assessment_is_half_answered_and_one_came_back_with_remarks(
    programme: TestClient, assessments: list[dict[str, Any]]
) -> None:
    under_way = in_state(assessments, AssessmentState.ASSESSMENT)
    assert sorted(one["answered"] for one in under_way) == [10, 20, 23]
    remarks = [got(programme, f"/assessments/{one['id']}/comments") for one in under_way]
    assert sorted(len(each) for each in remarks) == [0, 0, 2]
    assert all(remark["question"] for each in remarks for remark in each)


def test_one_assessment_uses_the_second_edition(programme: TestClient, assessments: list[dict[str, Any]]) -> None:
    [one] = [each for each in assessments if each["definition_version"] == "2.0.0"]
    assert (one["state"], one["answered"], one["total"]) == ("assessment", 23, 71)
    card = got(programme, f"/assessments/{one['id']}/scorecard")
    held = next(node for node in card["nodes"] if node["id"] == "workforce-skills")
    assert [(rule["fired"], rule["before"], rule["after"]) for rule in held["rules"]] == [(True, "2.33", "2.00")]


def test_a_self_assessment_is_under_way_and_another_finished(
    programme: TestClient, assessments: list[dict[str, Any]]
) -> None:
    [begun] = in_state(assessments, AssessmentState.SELF_ASSESSMENT)
    [finished] = in_state(assessments, AssessmentState.SELF_ASSESSED)
    assert 0 < got(programme, f"/assessments/{begun['id']}/standing?phase=self")["answered"] < 20
    assert got(programme, f"/assessments/{finished['id']}/standing?phase=self")["complete"]


def certificates(stage: World) -> list[Certificate]:
    with stage.app.state.database.reading() as session:
        return list(session.exec(select(Certificate).order_by(col(Certificate.number))).all())


def test_the_register_has_a_history(stage: World, today: date) -> None:
    found = certificates(stage)
    assert 8 <= len(found) <= 10
    assert [each.issued_on for each in found] == sorted(each.issued_on for each in found)
    assert today - found[0].issued_on > timedelta(690)
    states = Counter(each.state for each in found)
    assert states[CertificateState.SUPERSEDED] == 2
    assert states[CertificateState.REVOKED] == 1
    [revoked] = [each for each in found if each.state is CertificateState.REVOKED]
    assert revoked.revocation_reason
    assert any(today < each.expires_on < today + timedelta(31) for each in found)


def test_factories_that_were_assessed_again_have_improved(stage: World) -> None:
    by_number = {each.number: each for each in certificates(stage)}
    replaced = [each for each in by_number.values() if each.superseded_by is not None]
    for before in replaced:
        after = by_number[str(before.superseded_by)]
        assert after.factory_id == before.factory_id
        assert Decimal("0.3") < Decimal(after.index_value or 0) - Decimal(before.index_value or 0) < Decimal("1.2")


def test_indices_spread_over_several_bands(stage: World) -> None:
    assert len({each.band for each in certificates(stage)}) >= 3


@pytest.mark.parametrize(
    ("state", "language", "said"),
    [
        (CertificateState.ISSUED, "en", "valid"),
        (CertificateState.ISSUED, "ar", "valid"),
        (CertificateState.SUPERSEDED, None, "superseded"),
        (CertificateState.REVOKED, None, "revoked"),
    ],
)
def test_a_stranger_can_verify_the_papers(
    stage: World, programme: TestClient, state: CertificateState, language: str | None, said: str
) -> None:
    """In any language where none is named."""
    certificate, made = next(
        (each, OneOfFour.language(each.number))
        for each in certificates(stage)
        if each.state is state and language in {None, OneOfFour.language(each.number)}
        if said != "valid" or each.expires_on >= datetime.now(UTC).date()
    )
    paper = programme.get(f"/certificates/{certificate.number}/report.pdf?language={made}")
    assert paper.status_code == 200, paper.text
    answer = stage.api().post("/verifications", files={"pdf": ("paper.pdf", paper.content, "application/pdf")})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["seal"]["state"] == "intact"
    assert found["seal"]["is_demonstration"]
    assert found["register"]["state"] == said
    assert found["score"]["state"] == "reproduced"
    assert found["holds"] is (said == "valid")


def test_a_factory_sees_its_own_certificates_and_no_others(stage: World) -> None:
    dairy = next(account for account in accounts() if "dairy" in account.email)
    seen = got(signed_in(stage, dairy), "/certificates")["items"]
    assert [each["state"] for each in seen] == ["valid", "superseded"]
    assert {each["factory"] for each in seen} == {"Ghafat Al Sahil Dairy"}


def test_somebody_shut_out_by_time_cannot_take_a_review(stage: World, assessments: list[dict[str, Any]]) -> None:
    """The lapsed assessor does not even see the review that waits; an accredited one may take it."""
    waiting = next(one for one in in_state(assessments, AssessmentState.REVIEW) if one["reviewer"] is None)
    allowed = {
        account.name: signed_in(stage, account).get(f"/assessments/{waiting['id']}").status_code
        for account in accounts()
        if account.role is Role.ASSESSOR
    }
    assert allowed["Julian Pereira"] == 404
    assert allowed["Noura Bin Ghalib"] == 200


def all_of(stage: World, find: Callable[[Session], Any]) -> Any:
    with stage.app.state.database.reading() as session:
        return find(session)


def test_reasons_are_given_in_the_factory_s_language_and_never_twice(stage: World) -> None:
    answers = all_of(stage, lambda session: session.exec(select(Answer).where(Answer.phase == Phase.ASSESSED)).all())
    by_assessment: dict[Any, list[str]] = {}
    for answer in answers:
        assert len(answer.reason) > 20
        by_assessment.setdefault(answer.assessment_id, []).append(answer.reason)
    languages: Counter[bool] = Counter()
    for reasons in by_assessment.values():
        assert len(set(reasons)) == len(reasons)
        [arabic] = {bool(ARABIC.search(reason)) for reason in reasons}
        languages[arabic] += 1
    assert languages[True] >= 5
    assert languages[False] >= 5
    assert 3 <= sum(answer.not_applicable for answer in answers) <= 10


def test_factories_are_a_bit_kinder_to_themselves(stage: World) -> None:
    answers = all_of(stage, lambda session: session.exec(select(Answer)).all())
    levels = {(each.assessment_id, each.question, each.phase): each.level for each in answers if each.level is not None}
    differences = [
        levels[assessment, question, Phase.SELF] - level
        for (assessment, question, phase), level in levels.items()
        if phase is Phase.ASSESSED and (assessment, question, Phase.SELF) in levels
    ]
    assert len(differences) > 100
    assert all(0 <= each <= 1 for each in differences)
    assert 0.2 < sum(differences) / len(differences) < 0.6


def test_all_lies_in_the_past_and_was_recorded_in_the_order_of_time(stage: World) -> None:
    events = all_of(stage, lambda session: session.exec(select(Event).order_by(col(Event.id))).all())
    times = [event.at for event in events]
    assert times == sorted(times)
    assert times[-1] < datetime.now(UTC)
    assert not {at.weekday() for at in times} & {5, 6}


def test_what_is_planned_lies_ahead(assessments: list[dict[str, Any]], today: date) -> None:
    for state in (AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT, AssessmentState.SELF_ASSESSED):
        for one in in_state(assessments, state):
            assert date.fromisoformat(one["planned_for"]) > today


def test_every_factory_has_something_to_show(stage: World) -> None:
    assessed, registered = all_of(
        stage,
        lambda session: (
            set(session.exec(select(Assessment.factory_id)).all()),
            set(session.exec(select(Factory.id)).all()),
        ),
    )
    assert assessed == registered


def test_evidence_can_be_opened(stage: World, programme: TestClient, assessments: list[dict[str, Any]]) -> None:
    kinds: Counter[str] = Counter()
    for one in [each for each in assessments if each["definition_version"] == VERSION]:
        for question in ("energy-management", "production-intelligence", "workforce-skills"):
            for file in got(programme, f"/assessments/{one['id']}/answers/{question}/evidence"):
                content = programme.get(f"/evidence/{file['id']}/content")
                assert content.status_code == 200, content.text
                assert len(content.content) == file["size"]
                kinds[file["media_type"]] += 1
    assert set(kinds) == {"text/csv", "image/png", "application/pdf"}
    assert sum(kinds.values()) >= 10


def test_a_second_loading_is_refused_and_changes_nothing(stage: World, today: date) -> None:
    database = stage.app.state.database
    before = all_of(stage, lambda session: len(session.exec(select(Event)).all()))
    with database.reading() as session:
        assert demonstration.is_loaded(session)
    with pytest.raises(DatabaseInUse) as refused, database.writing() as session:
        demonstration.load(session, stage.settings, today, lambda _done, _total: None)
    assert "--fresh" in refused.value.sentence("en")
    assert ARABIC.search(refused.value.sentence("ar"))
    assert all_of(stage, lambda session: len(session.exec(select(Event)).all())) == before


def test_accreditations_of_one_person_follow_each_other(stage: World) -> None:
    held = all_of(
        stage, lambda session: session.exec(select(Accreditation).order_by(col(Accreditation.valid_from))).all()
    )
    twice = [each for each in held if sum(other.user_id == each.user_id for other in held) == 2]
    assert len(twice) == 2
    assert twice[1].valid_from - twice[0].valid_until == timedelta(1)
