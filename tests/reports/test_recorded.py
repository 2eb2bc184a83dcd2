"""What the attached record proves without anybody being asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from questionnaires import load
from reports.attached import ANSWERS, SCORECARD, attachments
from reports.findings import RecordFinding, RecordState
from reports.notes import Signer
from reports.recorded import RECORD, AttachedRecord, carried, look
from reports.seal import Sealer, seal
from reports.typesetting import typeset
from reports.verify import examine
from tests.reports.papers import report
from tests.reports.recording import AT, FILES, NUMBER, SIGNER, leaf, record_of, recorded


def told(record: AttachedRecord | bytes, *, known: bool = True, seal_holds: bool = True) -> RecordFinding:
    content = record if isinstance(record, bytes) else record.to_json()
    keys = [str(SIGNER.verifier)] if known else []
    return look({**FILES, RECORD: content}, keys, NUMBER, seal_holds=seal_holds)


def test_a_proof_that_holds() -> None:
    found = told(recorded(FILES))
    assert (found.state, found.code, found.index, found.size) == (RecordState.INCLUDED, "included", 4, 11)
    assert (found.acted_at, found.signed_at) == (AT, datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert "number 5 in the record programme.example/record" in found.sentence()
    assert "programme.example/record" in found.sentence("ar")


def test_the_seal_vouches_for_the_key() -> None:
    assert told(recorded(FILES), known=False).code == "included-by-seal"
    found = told(recorded(FILES), known=False, seal_holds=False)
    assert (found.state, found.code) == (RecordState.UNKNOWN, "unknown-key")


def test_a_leaf_is_written_in_one_way() -> None:
    assert json.loads(leaf({}).to_json())["at"].endswith(".000000Z")
    again = AttachedRecord.model_validate_json(recorded(FILES).to_json())
    assert again.leaf.to_json() == recorded(FILES).leaf.to_json()


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda held: held.update(index=3), "not-in-tree"),
        (lambda held: held["proof"].reverse(), "not-in-tree"),
        (lambda held: held["leaf"].update(at="2026-11-22T08:00:00.000001Z"), "not-in-tree"),
        (lambda held: held["leaf"].update(actor=None), "not-in-tree"),
        (lambda held: held["details"].update(number="TI-2026-00002"), "other-details"),
        (lambda held: held.update(salt="11" * 16), "other-details"),
        (lambda held: held.update(head=held["head"].replace("\n11\n", "\n12\n")), "head-not-signed"),
        (lambda held: held.update(key=str(Signer.new("programme.example/record").verifier)), "head-not-signed"),
        (lambda held: held.update(key="x"), "malformed"),
        (lambda held: held.update(more=1), "malformed"),
        (lambda held: held["leaf"].update(v=2), "malformed"),
    ],
)
def test_what_was_changed_is_named(change: Change, code: str) -> None:
    held = json.loads(recorded(FILES).to_json())
    change(held)
    found = told(json.dumps(held).encode())
    assert (found.state, found.code) == (RecordState.BROKEN, code)
    assert found.sentence() != found.sentence("ar")


@pytest.mark.parametrize(
    "record",
    [
        recorded(FILES, number="TI-2026-00002"),
        recorded({**FILES, SCORECARD: b"other"}),
        recorded({**FILES, ANSWERS: b"other"}),
        recorded(FILES, act="certificate.revoked"),
    ],
)
def test_the_order_of_something_else(record: AttachedRecord) -> None:
    assert told(record).code == "other-certificate"


def test_nothing_attached() -> None:
    assert look({}, [], None, seal_holds=True).state is RecordState.ABSENT


def test_in_a_sealed_paper(sealer: Sealer) -> None:
    """Examined by somebody who knows no key but the seal's, by one who knows it, and by a stranger."""
    told = report()
    html = '<html lang="en"><head><title>t</title></head><body><h1>t</h1></body></html>'
    files = {**attachments(told), RECORD: record_of(told)}
    paper = seal(typeset(html, files, AT).pdf, sealer, reason="Issued", at=AT)
    found = examine(paper, [sealer.root], load)
    assert (found.record.state, found.record.code) == (RecordState.INCLUDED, "included-by-seal")
    assert examine(paper, [], load, record_keys=[str(SIGNER.verifier)]).record.code == "included"
    stranger = examine(paper, [], load)
    assert (stranger.seal.code, stranger.record.code) == ("unknown-issuer", "unknown-key")
    held = carried(paper)
    assert held is not None
    assert held.to_json() == files[RECORD]
    assert carried(b"%PDF-1.7 no more") is None
