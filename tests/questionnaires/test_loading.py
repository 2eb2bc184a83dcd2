"""Definitions from files: every mistake an author can make is named with its file, line, path and remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from questionnaires import digest, load, load_folder, published
from questionnaires.loading import (
    PUBLISHED,
    NoSuchFile,
    PublishedChanged,
    UnknownDefinition,
    check_frozen,
    frozen,
    latest,
    version_key,
)
from questionnaires.mistakes import Mistaken
from tests.questionnaires.definitions import structure, texts_for, write_folder

Change = Callable[[dict[str, Any]], None]


def mistakes(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(Mistaken) as caught:
        load_folder(folder)
    for mistake in caught.value.mistakes:
        assert mistake.sentence("en") != mistake.sentence("ar")
    return [(mistake.code, mistake.pointer) for mistake in caught.value.mistakes]


def changed(change: Change) -> dict[str, Any]:
    definition = structure()
    change(definition)
    return definition


def test_valid(tmp_path: Path) -> None:
    definition = load_folder(write_folder(tmp_path, structure(languages=["en", "ar"])))
    assert definition.name == "small@1.0.0"
    assert [question.id for question in definition.category_questions("first")] == ["a", "b"]
    assert definition.words("ar").language == "ar"
    assert definition.words("fr").language == "en"


def test_not_existing(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile, match=r"definition\.yaml"):
        load_folder(tmp_path / "nowhere")


def test_unknown_definition_names_what_there_is() -> None:
    with pytest.raises(UnknownDefinition, match=r"itti@1\.0\.0"):
        load("itti", "9.9.9")
    with pytest.raises(UnknownDefinition):
        latest("nothing")


def set_in(*path: str | int, value: Any) -> Change:
    def change(definition: dict[str, Any]) -> None:
        target: Any = definition
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


CHOICE_OF_ONE = {"id": "a", "kind": "choice", "options": [{"id": "only", "value": 1}]}


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (set_in("famly", value="x"), "unknown-key", "/famly"),
        (set_in("version", value="1.0"), "wrong-form", "/version"),
        (set_in("questions", 0, "id", value="Not An Id"), "wrong-form", "/questions/0/id"),
        (set_in("questions", 0, "kind", value="essay"), "not-one-of", "/questions/0/kind"),
        (set_in("questions", 0, "highest", value=0), "below-least", "/questions/0/highest"),
        (set_in("questions", 0, "lowest", value=3), "levels-empty", "/questions/0"),
        (set_in("questions", 1, "id", value="a"), "duplicate-id", "/questions/1/id"),
        (set_in("nodes", 0, "id", value="a"), "duplicate-id", "/nodes/0/id"),
        (set_in("nodes", 0, "children", 0, "of", value="ghost"), "unknown-id", "/nodes/0/children/0/of"),
        (set_in("nodes", 0, "children", 1, "of", value="a"), "duplicate-child", "/nodes/0/children/1"),
        (set_in("nodes", 0, "children", 0, "weight", value=2), "weight-unused", "/nodes/0/children/0/weight"),
        (set_in("questions", 0, "evidence_from", value="always"), "not-evidence-from", "/questions/0/evidence_from"),
        (
            set_in("nodes", 2, "children", 0, "weight", value="a lot"),
            "formula-unexpected",
            "/nodes/2/children/0/weight",
        ),
        (
            set_in("nodes", 2, "children", 0, "weight", value="-1"),
            "weight-not-above-zero",
            "/nodes/2/children/0/weight",
        ),
        (set_in("nodes", 0, "children", 0, "of", value="overall"), "cycle", "/nodes/0"),
        (set_in("index", value="ghost"), "unknown-node", "/index"),
        (set_in("categories", value=["first", "ghost"]), "unknown-node", "/categories/1"),
        (set_in("categories", value=["first"]), "in-no-category", "/questions/2"),
        (set_in("nodes", 2, "bands", 0, "from", value=1), "bands-start", "/nodes/2/bands/0/from"),
        (set_in("nodes", 2, "bands", 1, "from", value=0), "bands-fall", "/nodes/2/bands/1/from"),
        (set_in("nodes", 2, "bands", 1, "from", value=9), "band-unreachable", "/nodes/2/bands/1/from"),
        (set_in("nodes", 2, "bands", 1, "id", value="low"), "duplicate-id", "/nodes/2/bands/1/id"),
        (set_in("nodes", 2, "children", value=[]), "list-empty", "/nodes/2/children"),
        (set_in("questions", 0, value=CHOICE_OF_ONE), "list-short", "/questions/0/options"),
        (set_in("questions", value="none"), "not-a-list", "/questions"),
    ],
)
def test_mistake_in_the_structure(tmp_path: Path, change: Change, code: str, pointer: str) -> None:
    assert (code, pointer) in mistakes(write_folder(tmp_path, changed(change), en=texts_for(structure())))


def test_unused_question_and_node(tmp_path: Path) -> None:
    definition = structure()
    definition["questions"].append({"id": "d", "kind": "level", "highest": 3})
    definition["nodes"].append({"id": "aside", "aggregation": "mean", "children": [{"of": "d"}]})
    found = mistakes(write_folder(tmp_path, definition))
    assert ("never-counted", "/questions/3") in found
    assert ("never-counted", "/nodes/3") in found


def test_used_by_a_table_or_a_formula_but_asked_nowhere(tmp_path: Path) -> None:
    definition = structure(tables=[{"id": "t", "by": "d", "values": {"yes": 1, "no": 2}}])
    definition["questions"] += [{"id": "d", "kind": "yes_no"}, {"id": "e", "kind": "computed", "formula": "2 * a"}]
    definition["nodes"][2]["rules"] = [{"id": "r", "kind": "cap", "when": "e > t", "at_most": 1}]
    found = mistakes(write_folder(tmp_path, definition, en=texts_for(structure())))
    assert [one for one in found if not one[0].startswith("text-")] == [
        ("in-no-category", "/questions/3"),
        ("in-no-category", "/questions/4"),
    ]


def test_a_list_that_is_short_only_by_a_mistaken_item_is_told_of_the_item_alone(tmp_path: Path) -> None:
    several = {**CHOICE_OF_ONE, "options": [{"id": "one", "value": 1}, {"id": "two", "value": "a lot"}]}
    definition = changed(set_in("questions", 0, value=several))
    assert mistakes(write_folder(tmp_path, definition, en=texts_for(structure()))) == [
        ("not-exact", "/questions/0/options/1/value")
    ]


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        ("{id: overall, formula: max(first, second), aggregation: formula}", "/nodes/0/formula"),
        ("{id: overall, formula: 'first', bands: [{id: low, from: min(a, b, c, d)}]}", "/nodes/0/bands/0/from"),
    ],
)
def test_a_comma_within_braces_that_cut_a_formula_short_is_told_once(
    tmp_path: Path, written: str, pointer: str
) -> None:
    folder = write_folder(tmp_path, structure())
    (folder / "definition.yaml").write_text(f"nodes:\n  - {written}\n")
    assert [found for found in mistakes(folder) if found[0] in {"cut-by-comma", "unknown-key"}] == [
        ("cut-by-comma", pointer)
    ]


def test_mistakes_name_the_line_in_the_file(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, structure(index="ghost"))
    line = next(
        number
        for number, text in enumerate((folder / "definition.yaml").read_text().splitlines(), 1)
        if "ghost" in text
    )
    with pytest.raises(Mistaken) as caught:
        load_folder(folder)
    assert caught.value.mistakes[0].line == line
    assert caught.value.mistakes[0].located().startswith(f"{folder / 'definition.yaml'}:{line}: /index: ")


def test_duplicate_key_in_a_questionnaire_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, structure())
    path = folder / "definition.yaml"
    path.write_text(path.read_text().replace('"index": "overall",', '"index": "overall", "index": "overall",'))
    assert ("duplicate-key", "/index") in mistakes(folder)


def test_missing_and_superfluous_translations(tmp_path: Path) -> None:
    definition = structure(languages=["en", "ar"])
    words = texts_for(definition, "ar")
    del words["questions"]["a"], words["questions"]["b"]["levels"]["2"], words["nodes"]["first"]
    words["bands"]["ghost"] = {"title": "T", "about": "A"}
    words["questions"]["c"]["prompt"] = " "
    assert mistakes(write_folder(tmp_path, definition, ar=words)) == [("text-empty", "/questions/c/prompt")]
    words["questions"]["c"]["prompt"] = "P"
    found = mistakes(write_folder(tmp_path, definition, ar=words))
    assert found == [
        ("text-missing", "/questions"),
        ("text-missing", "/nodes"),
        ("text-superfluous", "/bands/ghost"),
        ("text-missing", "/questions/b/levels"),
    ]


def test_a_decimal_weight_is_exact_also_without_quotes(tmp_path: Path) -> None:
    definition = load_folder(
        write_folder(
            tmp_path, changed(set_in("nodes", 2, "children", 0, "weight", value=0.1)), en=texts_for(structure())
        )
    )
    overall = definition.node("overall")
    assert overall is not None
    assert overall.children[0].weight == Fraction(1, 10)


def test_missing_language_file_and_wrong_language(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, structure(languages=["en", "ar"]))
    (folder / "ar.yaml").unlink()
    assert mistakes(folder) == [("language-file-missing", "/languages")]
    shutil.copy(folder / "en.yaml", folder / "ar.yaml")
    assert mistakes(folder) == [("other-language", "/language")]


def test_digest_depends_on_content_alone(tmp_path: Path) -> None:
    first = load_folder(write_folder(tmp_path / "a", structure()))
    shuffled = dict(reversed(structure().items()))
    second = load_folder(write_folder(tmp_path / "b", shuffled))
    other_words = texts_for(structure())
    other_words["questions"]["a"]["title"] = "Another"
    third = load_folder(write_folder(tmp_path / "c", structure(), en=other_words))
    assert digest(first) == digest(second)
    assert len({digest(first), digest(third)}) == 2


def test_versions_sort_as_numbers() -> None:
    assert sorted(["1.10.0", "1.9.0", "2.0.0"], key=version_key) == ["1.9.0", "1.10.0", "2.0.0"]


def test_published_definitions_are_frozen() -> None:
    assert set(frozen()) == set(published())
    for family, version in published():
        check_frozen(load(family, version))


def test_a_changed_published_definition_is_noticed() -> None:
    definition = load("itti", "1.0.0")
    texts = dict(definition.texts)
    texts["en"] = texts["en"].model_copy(update={"title": "Another title"})
    with pytest.raises(PublishedChanged, match="new version"):
        check_frozen(definition.model_copy(update={"texts": texts}))


def test_new_words_of_the_language_leave_old_digests_alone(tmp_path: Path) -> None:
    plain = load_folder(write_folder(tmp_path / "a", structure()))
    spelt_out = structure()
    spelt_out["questions"][0] |= {"lowest": 0, "not_applicable": "allowed"}
    assert digest(plain) == digest(load_folder(write_folder(tmp_path / "b", spelt_out)))


def test_every_published_folder_is_listed_and_sound() -> None:
    folders = {(path.parent.parent.name, path.parent.name) for path in PUBLISHED.glob("*/*/definition.yaml")}
    assert set(published()) == folders
    for family, version in published():
        assert load(family, version).name == f"{family}@{version}"
