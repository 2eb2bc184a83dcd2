"""``itti questionnaires``: list, show and validate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from questionnaires import digest, load
from questionnaires.loading import EXAMPLE, PUBLISHED
from tests.itti.commands.conftest import Run


def test_list(itti: Run) -> None:
    assert "itti@1.0.0  ITTI-style" in itti("questionnaires", "list").out
    rows = json.loads(itti("questionnaires", "list", "--json").out)
    assert {"family": "itti", "version": "1.0.0", "digest": digest(load("itti", "1.0.0"))}.items() <= next(
        row for row in rows if row["version"] == "1.0.0" and row["family"] == "itti"
    ).items()


def test_show(itti: Run) -> None:
    english = itti("questionnaires", "show", "itti@1.0.0").out
    arabic = itti("questionnaires", "show", "itti@1.0.0", "--language", "ar").out
    assert "[maintenance]" in english
    assert "[maintenance]" in arabic
    assert json.loads(itti("questionnaires", "show", "itti", "--json").out)["family"] == "itti"


def test_show_unknown_names_what_there_is(itti: Run) -> None:
    assert "itti@1.0.0" in itti("questionnaires", "show", "siri", code=2).err


def test_validate_published(itti: Run) -> None:
    assert "itti@1.0.0 is valid, with 3 examples" in itti("questionnaires", "validate").out


def test_validate_not_existing(itti: Run) -> None:
    assert "no questionnaire called nosuch" in itti("questionnaires", "validate", "nosuch", code=2).err


def test_validate_names_all_mistakes_and_ends_with_one(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PUBLISHED / "itti" / "1.0.0", folder)
    path = folder / "definition.yaml"
    path.write_text(
        path.read_text().replace("family: itti", "family: itti\nfamily: mine").replace("{of: quality}", "{of: qality}")
    )
    said = itti("questionnaires", "validate", folder, code=1).err
    assert 'the key "family" stands here for the second time' in said
    assert 'there is no question or node "qality"' in said
    assert f"{path}:7: /family" in said


def test_validate_finds_mistakes_of_a_migration(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PUBLISHED / "itti" / "2.0.0", folder)
    path = folder / "migration.yaml"
    path.write_text(path.read_text().replace("question: maintenance\n", "question: maintenanse\n"))
    said = itti("questionnaires", "validate", folder, code=1).err
    assert "migration.yaml:" in said
    assert "maintenanse" in said


def test_validate_finds_wrong_examples(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PUBLISHED / "itti" / "1.0.0", folder)
    path = folder / "examples" / "dates-packing.yaml"
    path.write_text(path.read_text().replace('overall: "2.15"', 'overall: "2.14"'))
    assert (
        "overall is expected to be 2.14 but comes out as 2.15" in itti("questionnaires", "validate", folder, code=1).err
    )


def test_validate_finds_examples_that_come_to_another_band(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "new", "bakery")
    path = tmp_path / "bakery" / "examples" / "first-try.yaml"
    path.write_text(path.read_text().replace("overall: developing", 'overall: "–"\n  work: leading\n  worc: leading'))
    for command in (["questionnaires", "validate", "bakery"], ["score", path, "--definition", "bakery"]):
        said = itti(*command, code=1).err
        assert "overall is expected to come to the band – but comes to developing" in said
        assert "work is expected to come to the band leading but comes to –" in said
        assert "worc is expected to come to the band leading but comes to –" in said
    assert "الشريحة المتوقعة" in itti(*command, code=1, ITTI_LANGUAGE="ar").err


def test_validate_says_where_answers_of_an_example_cannot_be_scored(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "new", "bakery")
    path = tmp_path / "bakery" / "examples" / "first-try.yaml"
    line = next(line for line in path.read_text().splitlines() if "energy-use:" in line)
    path.write_text(path.read_text().replace(line, "  energy-use: 8"))
    said = itti("questionnaires", "validate", "bakery", code=1)
    assert "first-try.yaml:" in said.err
    assert '/answers/energy-use: energy-use takes an answer of the kind "number", not "level"' in said.err
    assert "written {number: 8}" in said.err
    assert "{number: 8}" in itti("questionnaires", "validate", "bakery", code=1, ITTI_LANGUAGE="ar").err


def test_validate_points_at_what_counts_alone_where_an_example_comes_out_otherwise(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE / "lists", folder)
    path = folder / "definition.yaml"
    path.write_text(path.read_text().replace("weight: staff}", "weight: staff / sum(staff)}"))
    said = itti("questionnaires", "validate", folder, code=1)
    assert "all-lines is expected to be 2.50 but comes out as 3.00" in said.err
    assert 'within the list "lines" sum(…) over "staff" is about the one item alone' in said.out


def test_validate_points_at_limits_that_may_count_alone(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE, folder)
    path = folder / "definition.yaml"
    path.write_text(path.read_text().replace("years(permit-issued, permit-until) < 2", "min(waste-water, 1) > 4"))
    said = itti("questionnaires", "validate", folder).out
    assert "Look at this twice: " in said
    assert "definition.yaml:" in said
    assert "min(…, 1) is 1" in said


def test_validate_finds_examples_that_contradict_themselves(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE, folder)
    path = folder / "examples" / "a-dairy.yaml"
    path.write_text(path.read_text().replace("2029-02-28", "2023-02-28"))
    assert "The operating permit ends before it was issued." in itti("questionnaires", "validate", folder, code=1).err


def test_validate_finds_items_that_contradict_themselves(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(EXAMPLE / "lists-in-lists", folder)
    path = folder / "examples" / "two-lines.yaml"
    path.write_text(path.read_text().replace("lines.pumps.line-age: {number: 5}", "lines.pumps.line-age: {number: 1}"))
    said = itti("questionnaires", "validate", folder, code=1).err
    assert "/answers/lines.pumps.machines.press.age: Pumps · Press – The machine is older than the line" in said
