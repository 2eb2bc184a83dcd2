"""``itti cohort``: places and sums over the answers of many."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from tests.itti.commands.conftest import Run

EXAMPLE = Path(__file__).parents[3] / "questionnaires" / "example"
PUBLISHED = Path(__file__).parents[2] / "published"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The definition that uses every word of the language."""
    return Path(copytree(EXAMPLE, tmp_path / "every-word"))


def test_valid(itti: Run, folder: Path) -> None:
    answers = next((folder / "examples").glob("*.yaml"))
    found = json.loads(itti("cohort", answers, "--definition", folder, "--json").out)
    assert next(iter(found["rankings"].values()))[0]["rank"] in {1, None}
    assert next(iter(found["roll_ups"].values()))[0]["sums"]
    said = itti("cohort", answers, "--definition", folder).out
    assert answers.stem in said or "1. " in said


def test_arabic_terminal(itti: Run, folder: Path) -> None:
    answers = next((folder / "examples").glob("*.yaml"))
    assert "(من " in itti("cohort", answers, "--definition", folder, LANG="ar_AE.UTF-8").out


def test_questionnaire_without_rankings(itti: Run) -> None:
    from questionnaires.loading import examples

    said = itti("cohort", examples("itti", "1.0.0")[0], code=2).err
    assert "itti@1.0.0 declares neither figures of a cohort nor rankings nor roll-ups" in said


def test_answers_to_another_questionnaire(itti: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("questionnaire: itti\nversion: 1.0.0\nanswers: {quality: 3}\n")
    assert "but the answers are for itti@1.0.0" in itti("cohort", "a.yaml", "--definition", folder, code=2).err


def test_wrong_answer_is_named_with_its_place(itti: Run, folder: Path, tmp_path: Path) -> None:
    answers = next((folder / "examples").glob("*.yaml")).read_text()
    (tmp_path / "a.yaml").write_text(answers.replace("answers:\n", "answers:\n  no-such-question: 3\n", 1))
    said = itti("cohort", "a.yaml", "--definition", folder, code=2).err
    assert "a.yaml:" in said
    assert "no-such-question" in said


def three(folder: Path, target: Path) -> list[str]:
    """Two dairies and a cement works with 10, 20 and 30 hours of training."""
    text, _, _ = next((folder / "examples").glob("*.yaml")).read_text().partition("\nexpected:")
    hours = next(line for line in text.splitlines() if line.strip().startswith("training:"))
    for number in (1, 2, 3):
        made = text.replace(hours, f"  training: {{number: {number}0}}")
        made = made.replace("choice: dairy", "choice: cement") if number == 3 else made
        (target / f"m{number}.yaml").write_text(made)
    return [f"m{number}.yaml" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en_GB",
            (
                "(from 2) – taken once these are known: The most training in the cohort\n",
                "    Dairy: 20 h / person (from 2) – of them in the part taken: 1\n",
                "too few in the group itself, so taken over: the whole cohort",
                "  Dairy (taking part: 2) – too few: at least 5 are wanted",
            ),
        ),
        (
            "ar_AE",
            (
                "استُخرج بعد معرفة: The most",
                "المجموعة كلها",
                "  Dairy (عدد المشاركين: 2) – العدد أقل من اللازم: المطلوب 5 على الأقل",
            ),
        ),
    ],
)
def test_figures_and_ranks_of_groups_say_of_whom_they_are_taken(
    itti: Run, folder: Path, tmp_path: Path, language: str, told: tuple[str, ...]
) -> None:
    said = itti("cohort", *three(folder, tmp_path), "--definition", folder, LANG=f"{language}.UTF-8").out
    for line in told:
        assert line in said


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en_GB", "– as good as m1, m2: the limit of a place lies among equals, none of whom gets the better one"),
        ("ar_AE", "– بقيمة m1, m2 نفسها: يقع حد رتبة بين متساوين"),
    ],
)
def test_equals_at_the_limit_of_a_place_are_named(
    itti: Run, folder: Path, tmp_path: Path, language: str, told: str
) -> None:
    files = three(folder, tmp_path)
    for name in files[1:]:
        (tmp_path / name).write_text((tmp_path / files[0]).read_text())
    assert told in itti("cohort", *files, "--definition", folder, LANG=f"{language}.UTF-8").out
    first = json.loads(itti("cohort", *files, "--definition", folder, "--json").out)["rankings"]["medals"][0]
    assert (first["rank"], first["tied"]) == (1, ["m2", "m3"])


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en_GB",
            ("    Low income: 16 (from 1)\n", "    High income: – (from 0) – too few", "Low income (compared: 1)"),
        ),
        ("ar_AE", ("    Low income: 16 (من 1)\n", "  Low income (عدد من قورنوا: 1)")),
    ],
)
def test_groups_by_the_band_of_a_node_are_named(
    itti: Run, tmp_path: Path, language: str, told: tuple[str, ...]
) -> None:
    answers = "{region: {choice: south}, income-per-head: {number: 900}, inputs: {number: 20}, outputs: {number: 12}}"
    sheet = f"questionnaire: income-groups\nversion: 1.0.0\nanswers: {answers}\n"
    (tmp_path / "a.yaml").write_text(sheet)
    said = itti("cohort", "a.yaml", "--definition", PUBLISHED / "income-groups", LANG=f"{language}.UTF-8").out
    for line in told:
        assert line in said


def test_each_stage_of_a_scaling_within_the_cohort_is_told(itti: Run, tmp_path: Path) -> None:
    for name, papers, staff in (("a", 900, 100), ("b", 700, 300)):
        numbers = {"alumni": 1, "award": 1, "cited": 1, "nature": 1, "papers": papers, "staff": staff}
        answers = {key: {"number": number} for key, number in numbers.items()} | {"humanities": {"yes": False}}
        sheet = {"questionnaire": "academic-ranking", "version": "1.0.0", "answers": answers}
        (tmp_path / f"{name}.json").write_text(json.dumps(sheet))
    said = itti("cohort", "a.json", "b.json", "--definition", PUBLISHED / "academic-ranking").out
    assert "The best total before it is scaled: 100 (from 2) – taken once these are known: The best perf" in said
    assert "  1. a: 100 · First\n" in said
    assert "≈" in said.partition("  2. b: ")[2]


def test_the_data_on_groups_says_of_whom_it_is_taken(itti: Run, folder: Path, tmp_path: Path) -> None:
    found = json.loads(itti("cohort", *three(folder, tmp_path), "--definition", folder, "--json").out)
    dairy = {"by": ["dairy"], "over": ["dairy"], "value": "20", "counted": 2, "part": 1}
    assert dairy in found["figures"]["training-of-the-best"]["groups"]
    assert found["rankings"]["best-of-sector"][0]["among"] == {"group": ["cement"], "over": None, "members": 1}
    assert "among" not in found["rankings"]["medals"][0]


def test_a_score_says_that_the_cohort_was_too_small_for_its_figures(itti: Run, folder: Path, tmp_path: Path) -> None:
    first, *_ = three(folder, tmp_path)
    itti("cohort", first, "--definition", folder, "--figures", "figures.json")
    said = itti("score", first, "--definition", folder, "--cohort", "figures.json").out
    assert "too few of the cohort" in said
    assert said.count("Mean training of the best quarter of the sector") == 1
    assert "for want of figures" not in said


def test_figures_of_a_cohort_go_into_a_file_and_from_there_into_a_score(
    itti: Run, folder: Path, tmp_path: Path
) -> None:
    answers = next((folder / "examples").glob("*.yaml"))
    alone = itti("score", answers, "--definition", folder).out
    assert "The most training in the cohort" in alone, "it says what it waits for"
    text, _, _ = answers.read_text().partition("\nexpected:")
    hours = next(line for line in text.splitlines() if line.strip().startswith("training:"))
    (tmp_path / "other.yaml").write_text(text.replace(hours, "  training: {number: 36}"))
    (tmp_path / "third.yaml").write_text(text.replace(hours, "  training: {number: 20}"))
    said = itti("cohort", answers, "other.yaml", "third.yaml", "--definition", folder, "--figures", "figures.json").out
    assert "The most training in the cohort: 36 h / person (from 2)" in said
    scored = itti("score", "other.yaml", "--definition", folder, "--cohort", "figures.json", "--json").out
    card = json.loads(scored)
    assert {each["id"]: each["value"] for each in card["cohort"]["figures"]}["best-training"] == "36"
    gap = next(question for question in card["questions"] if question["id"] == "training-gap")
    assert gap["state"] == "scored"
    explained = itti("score", "third.yaml", "--definition", folder, "--cohort", "figures.json", "--explain").out
    assert "[training-gap]: 16 h / person" in explained
    (tmp_path / "figures.json").write_text((tmp_path / "figures.json").read_text().replace('"36"', '"36 hours"'))
    assert (
        "/figures/0/value"
        in itti("score", "third.yaml", "--definition", folder, "--cohort", "figures.json", code=2).err
    )
