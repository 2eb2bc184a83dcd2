"""``itti report`` and ``itti verify``: a paper made, sealed, examined, and every way of tampering named."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from itti.commands.files import CannotWrite, write
from questionnaires.loading import examples
from tests.itti.commands.conftest import Run

EXAMPLE = next(path for path in examples("itti", "1.0.0") if path.stem == "metal-workshop")


def test_draft_is_written_and_is_no_certificate(itti: Run, tmp_path: Path) -> None:
    assert "draft.pdf written" in itti("report", EXAMPLE, "--output", "draft.pdf").out
    found = json.loads(itti("verify", "draft.pdf", "--json", code=1).out)
    assert (found["seal"]["state"], found["register"]["state"]) == ("absent", "not-asked")
    assert found["score"]["state"] == "reproduced"
    assert not found["holds"]
    assert not (tmp_path / "data").exists(), "verifying leaves nothing behind"


def test_sealed_then_read_by_a_stranger_then_tampered(itti: Run, tmp_path: Path) -> None:
    itti("report", EXAMPLE, "--language", "ar", "--seal", "--output", "sealed.pdf")
    found = json.loads(itti("verify", "sealed.pdf", "--json", code=1).out)
    assert found["seal"]["state"] == "intact"
    assert found["seal"]["is_demonstration"]
    assert found["score"]["state"] == "reproduced"
    said = itti("verify", "sealed.pdf", code=1).out
    assert said.splitlines()[0].startswith("Seal:     [holds]")
    stranger = str(tmp_path / "other")
    found = json.loads(itti("verify", "sealed.pdf", "--json", code=1, ITTI_DATA_FOLDER=stranger).out)
    assert found["seal"]["state"] == "untrusted", "it is somebody else's key"

    content = (tmp_path / "sealed.pdf").read_bytes()
    middle = len(content) // 3
    (tmp_path / "flipped.pdf").write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pikepdf.open(tmp_path / "sealed.pdf") as pdf:
        pdf.save(tmp_path / "saved-again.pdf")
    for name in ("flipped", "saved-again"):
        found = json.loads(itti("verify", f"{name}.pdf", "--json", code=1).out)
        assert found["seal"]["state"] in {"broken", "unreadable", "untrusted"}, name
        assert found["seal"]["sentence"]


def test_incomplete_answers_make_no_report(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("questionnaire: itti\nversion: 1.0.0\nanswers: {quality: 3}\n")
    said = itti("report", "a.yaml", "--output", "out.pdf", code=2).err
    assert "Open: " in said
    assert "maintenance" in said
    assert not (tmp_path / "out.pdf").exists()


def test_output_that_cannot_be_written(itti: Run, tmp_path: Path) -> None:
    assert "cannot be written" in itti("report", EXAMPLE, "--output", "missing/out.pdf", code=2).err
    with pytest.raises(CannotWrite):  # where every command writes its files
        write(tmp_path, b"")
    assert list(tmp_path.parent.glob(f".{tmp_path.name}.*")) == []


def test_not_a_pdf_and_not_existing(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "text.pdf").write_text("hello")
    assert "not a PDF" in itti("verify", "text.pdf", code=1).out
    assert "cannot be read" in itti("verify", "nowhere.pdf", code=2).err


def test_too_large(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "large.pdf").write_bytes(b"%PDF-1.7" + b"0" * 20_000)
    assert "larger than 10000 bytes" in itti("verify", "large.pdf", code=2, ITTI_UPLOAD_BYTES="10000").err


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "file:///etc", "nonsense"])
def test_register_that_cannot_be_asked(itti: Run, tmp_path: Path, address: str) -> None:
    (tmp_path / "text.pdf").write_text("hello")
    assert address in itti("verify", "text.pdf", "--register", address, code=2).err


def test_the_short_scorecard_with_a_theme_and_what_stands_beside(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "beside.yaml").write_text(
        "sector: {name: metal works, count: 12, figures: {overall: {median: 2.20, best: 4}}}\n"
        "targets: {values: {overall: 3}, by: 2028-12-31}\nhistory: [{on: 2024-05-30, value: 1.90}]\n"
    )
    (tmp_path / "measures.yaml").write_text(
        "questionnaire: itti\nversion: 1.0.0\nperiods: ['2027']\nmeasures:\n"
        "  - {id: plan, title: Plan of maintenance, changes: {maintenance: {to: 5}}}\n"
    )
    (tmp_path / "theme.yaml").write_text('programme: {en: Gulf Award}\ncolours: {primary: "#5b2a86"}\n')
    given = ("--beside", "beside.yaml", "--measures", "measures.yaml")
    itti("report", EXAMPLE, "--short", *given, "--output", "short.pdf", ITTI_THEME=str(tmp_path / "theme.yaml"))
    with pikepdf.open(tmp_path / "short.pdf") as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.docinfo["/Author"]) == "Gulf Award"


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--beside", "targets: {values: {overal: 3}}", "overal"),
        ("--beside", "targets: {values: {overall: much}}", "beside.yaml:1"),
        ("--theme", 'colours: {primary: "#ffdd00"}', "#"),
    ],
)
def test_what_cannot_be_set_beside_is_named(itti: Run, tmp_path: Path, option: str, text: str, said: str) -> None:
    name = f"{option.removeprefix('--')}.yaml"
    (tmp_path / name).write_text(text)
    assert said in itti("report", EXAMPLE, option, name, "--output", "out.pdf", code=2).err
    assert not (tmp_path / "out.pdf").exists()
