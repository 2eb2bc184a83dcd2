"""``itti score``: answers in, scorecard out, without a database."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from questionnaires.loading import EXAMPLE as LANGUAGE
from questionnaires.loading import examples
from scoring import Scorecard
from tests.itti.commands.conftest import Run

EXAMPLE = next(path for path in examples("itti", "1.0.0") if path.stem == "dates-packing")


def test_valid_summary(itti: Run, tmp_path: Path) -> None:
    said = itti("score", EXAMPLE).out
    assert "Overall index [overall]: 2.15" in said
    assert "Guided by data" in said
    assert not (tmp_path / "data").exists()


def test_valid_json_is_the_canonical_scorecard(itti: Run) -> None:
    said = itti("score", EXAMPLE, "--json").out
    scorecard = Scorecard.from_json(said.encode())
    assert scorecard.headline.value == "2.15"
    assert scorecard.to_json().decode() == said.rstrip("\n")


def test_valid_tables_are_written_beside_the_summary(itti: Run, tmp_path: Path) -> None:
    said = itti("score", EXAMPLE, "--csv", "card.csv", "--xlsx", "card.xlsx", LANG="ar_AE.UTF-8").out
    assert "2.15" in said
    rows = list(csv.reader((tmp_path / "card.csv").read_text("utf-8-sig").splitlines()))
    assert rows[1][3:6] == ["المؤشر العام", "محتسب", "2.15"]
    assert (tmp_path / "card.xlsx").read_bytes().startswith(b"PK")
    assert itti("score", EXAMPLE, "--csv", "-").out.lstrip("\ufeff").startswith("Kind,Number,Id,Title")


def test_explained_for_pen_and_paper(itti: Run) -> None:
    said = itti("score", EXAMPLE, "--explain").out
    assert "[design]: 2; weight 10 of 80, contributes 2 × 10 / 80 = 0.25" in said
    assert "Rounded to 2 decimals, halves up: 2.125 → 2.13" in said
    assert "Digital product design and engineering [product-design]: left out, does not apply" in said


def test_arabic_terminal(itti: Run) -> None:
    assert "المؤشر العام [overall]: 2.15" in itti("score", EXAMPLE, LANG="ar_AE.UTF-8").out


def test_from_standard_input_as_json(itti: Run) -> None:
    given = json.dumps({"questionnaire": "itti", "version": "1.0.0", "answers": {"quality": 3}})
    said = itti("score", "-", given=given).out
    assert "Overall index [overall]: open; so far 3.00; still possible: no less than 0.15, no more than 4.90" in said
    assert "Both limits of the index can be reached: answers were found that give them." in said
    assert "19 questions are open" in said
    assert len([line for line in said.splitlines() if line.endswith("of the range")]) == 5


def test_unexpected_score_ends_with_one(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(EXAMPLE.read_text().replace('overall: "2.15"', 'overall: "2.16"'))
    assert "overall is expected to be 2.16 but comes out as 2.15" in itti("score", "a.yaml", code=1).err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "questionnaire: itti\nversion: 1.0.0\nanswers: {quality: 6}\n",
            "a.yaml:3: /answers/quality: Level 6 is not on the scale of quality",
        ),
        ("questionnaire: itti\nversion: 1.0.0\nanswers: {qality: 3}\n", 'asks no question "qality"'),
        ("questionnaire: itti\nversion: 9.0.0\nanswers: {quality: 3}\n", "no questionnaire itti@9.0.0 here"),
        ("questionnaire: itti\nversion: 1.0.0\nanswers:\n  quality: 3\n  quality: 4\n", "a.yaml:5: /answers/quality"),
        ("questionnaire: itti\nversion: 1.0.0\nanswers: [", "a.yaml:"),
        ("questionnaire: itti\nversion: 1.0.0\ndigest: " + "0" * 64 + "\nanswers: {quality: 3}\n", "digest"),
        ("", "the file says nothing"),
        ("\0", "a.yaml:1"),
    ],
)
def test_bad_input_is_named(itti: Run, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    outcome = itti("score", "a.yaml", code=2)
    assert said in outcome.err
    assert outcome.out == ""


def test_not_existing(itti: Run) -> None:
    assert "nowhere.yaml cannot be read" in itti("score", "nowhere.yaml", code=2).err


def test_wrong_words_tell_how_to_get_help(itti: Run) -> None:
    assert "itti --help" in itti("scores", EXAMPLE, code=2).err
    assert 'See "itti score --help"' in itti("score", code=2).err


def test_answers_that_cannot_all_be_true_are_refused_at_their_lines(itti: Run, tmp_path: Path) -> None:
    answers = (LANGUAGE / "examples" / "a-dairy.yaml").read_text("utf-8").replace("2029-02-28", "2023-02-28")
    file = tmp_path / "odd.yaml"
    file.write_text(answers, "utf-8")
    refused = itti("score", file, "--definition", LANGUAGE, code=2)
    lines = {answers[: answers.index(f"  {name}:")].count("\n") + 1: name for name in ("permit-issued", "permit-until")}
    for line, name in lines.items():
        told = f"odd.yaml:{line}: /answers/{name}: The operating permit ends before it was issued."
        assert told in refused.err


def test_how_far_answers_lead_where_figures_count_in_several_places(itti: Run) -> None:
    """One end is proven; of the other it is said which values are given and which are not."""
    example = next(path for path in examples("taicang-park", "1.0.0") if path.stem == "new-district")
    opened = ("energy-use", "solid-generated", "firms", "master-plan", "neutrality-year")
    given, _, _ = example.read_text("utf-8").partition("expected:")
    lines = [line for line in given.splitlines() if not line.strip().startswith(tuple(f"{each}:" for each in opened))]
    said = itti("score", "-", given="\n".join(lines)).out
    assert "still possible: no less than 1.62, no more than 2.87" in said
    assert "give an index from 1.78 to 2.71; none give less than 1.78 or more than 2.80." in said
