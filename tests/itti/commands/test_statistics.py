"""``itti statistics``: every example of the guide, Arabic, JSON, and what is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from shlex import split

import pytest

from itti.cli import main
from itti.commands.words import language
from questionnaires.loading import read_file
from reports.beside import read_beside

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "statistics.md").read_text()
EXAMPLES = [
    pytest.param(*example, id=example[0][:60])
    for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    for example in re.findall(r"^\$ itti ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.MULTILINE)
]
SHEETS = "questionnaires/published/itti/1.0.0/examples"
VISIT = "docs/examples/statistics/visit"

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command within this process, in the folder of the project: exit code, output, errors."""

    def run(command: str, spoken: str = "en") -> tuple[int, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setenv("ITTI_LANGUAGE", spoken)
        language.cache_clear()
        try:
            code = main(split(command))
        finally:
            language.cache_clear()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_guide_has_examples_of_every_verb() -> None:
    shown = {str(example.values[0]).split()[1] for example in EXAMPLES}
    assert shown == {"agreement", "benchmark", "uncertainty", "weights"}


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_examples_of_the_guide(say: Say, command: str, output: str) -> None:
    code, out, err = say(command)
    assert (code, out, err) == (0, output, "")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (f"agreement {VISIT}", "كابا كوهين"),
        (f"benchmark {SHEETS} --least 2", "أفضل الفئة"),
        (f"uncertainty {SHEETS} --draws 5", "وبأوزان أخرى من"),
        ("weights docs/examples/statistics/plants.yaml", "معامل الاختلاف"),
    ],
)
def test_arabic_terminal(say: Say, command: str, words: str) -> None:
    assert words in say(f"statistics {command}", "ar")[1]


def test_figures_for_programs(say: Say) -> None:
    agreement = json.loads(say(f"statistics agreement {VISIT} --json")[1])["agreement"]
    assert agreement[0]["figures"]["kappa-plain"]["exact"] == "129/224"
    assert agreement[0]["leniencies"][0]["difference"]["exact"] == "-1/19"
    cells = json.loads(say(f"statistics benchmark {SHEETS} --least 1 --by sector,size --json")[1])["cells"]
    assert [cell["count"] for cell in cells] == [3, *[1] * (len(cells) - 1)]
    assert cells[0]["mean"] == "12/5"
    peers = json.loads(say(f'statistics benchmark {SHEETS} --least 3 --json --factory "Ras Metal Works"')[1])["peers"]
    assert (peers["standing"]["rank"], peers["group"]) == (3, [])
    spread = json.loads(say(f"statistics uncertainty {SHEETS} --draws 5 --json")[1])
    assert spread["effective_weights"]["production"] == "1/4"
    assert [each["rank"] for each in spread["uncertainty"]["members"]] == [1, 2, 3]
    weights = json.loads(say("statistics weights docs/examples/statistics/plants.yaml --json")[1])
    assert set(weights) == {"entropy", "variation", "angle", "critic", "merec", "cilos", "idocriw"}
    ahp = json.loads(say("statistics weights docs/examples/statistics/leader.yaml --json")[1])
    assert ahp["weights"]["experience"] == "137/250"


def sheet(folder: Path, name: str, assessor: str, level: int, **more: str) -> None:
    given = "".join(f"{question}: {answer}\n  " for question, answer in more.items())
    (folder / f"{name}.yaml").write_text(
        f"questionnaire: itti\nversion: 1.0.0\nfactory: {{name: Works}}\nassessor: {{name: {assessor}}}\n"
        f"answers:\n  quality: {level}\n  maintenance: {level}\n  {given}"
    )


def test_three_assessors_with_gaps(say: Say, tmp_path: Path) -> None:
    sheet(tmp_path, "a", "Amal", 1, emissions="2")
    sheet(tmp_path, "b", "Badr", 2)
    sheet(tmp_path, "c", "Celia", 1, emissions="2")
    out = say(f"statistics agreement {tmp_path} --common 2")[1]
    assert "assessors: 3, factories: 1" in out
    assert "Fleiss' kappa" in out
    assert "Badr: +1.00" in out
    assert "Cohen" not in out
    assert "only 2 in common" in say(f"statistics agreement {tmp_path} --common 3")[1]


def test_sheets_of_another_definition_of_the_same_name(say: Say, tmp_path: Path) -> None:
    sheet(tmp_path, "a", "Amal", 1)
    file = tmp_path / "a.yaml"
    file.write_text(file.read_text().replace("version: 1.0.0\n", f"version: 1.0.0\ndigest: {'0' * 64}\n"))
    code, _, err = say(f"statistics benchmark {file}")
    assert code == 2
    assert "another itti@1.0.0" in err


def test_a_node_without_weights(say: Say, tmp_path: Path) -> None:
    folder = "tests/published/aspice"
    file = tmp_path / "a.yaml"
    file.write_text("questionnaire: aspice\nversion: 1.0.0\nanswers: {pa-1-1: {number: 40}}\n")
    code, _, err = say(f"statistics uncertainty '{file}' --definition {folder}")
    assert code == 2
    assert "No weights decide capability-level" in err


def test_contradicting_comparisons(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text('names: [a, b, c]\nmatrix: [[1, 9, "1/9"], ["1/9", 1, 9], [9, "1/9", 1]]\n')
    code, out, _ = say(f"statistics weights {file}")
    assert code == 1
    assert "contradict each other" in out


def test_a_hierarchy(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(
        'names: [a, b]\nmatrix: [[1, 3], ["1/3", 1]]\nbelow: {a: {names: [c, d], matrix: [[1, 1], [1, 1]]}}\n'
    )
    out = say(f"statistics weights {file}")[1]
    assert re.findall(r"of: (\w), weight: ([\d.]+)", out) == [("c", "0.375"), ("d", "0.375"), ("b", "0.25")]
    assert "Consistency ratio of /a: 0.000" in out


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (f"agreement {SHEETS}/dates-packing.yaml", "at least two raters"),
        (f"agreement {SHEETS}/dates-packing.yaml {SHEETS}/dates-packing.yaml", "rated Al Waha Dates Packing twice"),
        (f"benchmark {SHEETS} questionnaires/published/itti/2.0.0/examples", "one version of one questionnaire"),
        (f"benchmark {SHEETS} --by sector,colour", "--by cannot be colour"),
        (f"benchmark {SHEETS} --least 0", "--least cannot be 0"),
        (f"benchmark {SHEETS} --beside x.yaml", "--factory"),
        (f"benchmark {SHEETS} --sizes few", "--sizes cannot be few"),
        (f"benchmark {SHEETS} --node nothing", 'no node "nothing"'),
        (f"benchmark {SHEETS} --factory Nobody", 'No factory "Nobody"'),
        ("benchmark docs/decisions", "holds no sheets"),
        (f"uncertainty {SHEETS} --share 1.5", "--share cannot be 1.5"),
        (f"uncertainty {SHEETS} --share nan", "--share cannot be nan"),
        (f"uncertainty {SHEETS} --draws 0", "--draws cannot be 0"),
        (f"uncertainty {SHEETS} --dirichlet 0", "--dirichlet cannot be 0"),
        (f"uncertainty {SHEETS} --seed -1", "--seed cannot be -1"),
        ("weights docs/examples/statistics/plants.yaml --places 99", "--places cannot be 99"),
        ("weights docs/examples/statistics/visit/omar.yaml", "names"),
        ("weights nowhere.yaml", "nowhere.yaml"),
    ],
)
def test_what_is_refused(say: Say, command: str, sentence: str) -> None:
    code, out, err = say(f"statistics {command}")
    assert (code, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("names: [a, b]\n", "exactly one of the two"),
        ("names: [a]\nmatrix: [[1]]\nrows: [[1], [2]]\n", "exactly one of the two"),
        ("names: [a, b]\nmatrix: [[1, 2], [2, 1]]\n", "comparisons of a and b"),
        ("names: [a, b]\nrows: [[1, 2], [1, 2]]\n", "No weights follow"),
        ("names: [a, b]\nrows: [[1, 2]]\n", "No weights follow"),
        ("names: [a]\nrows: [[1], [2]]\nless_is_better: [z]\n", "cannot be z"),
        ("names: [a]\nrows: [[much], [2]]\n", "w.yaml:2"),
    ],
)
def test_files_that_give_no_weights(say: Say, tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(content)
    code, _, err = say(f"statistics weights {file}")
    assert code == 2
    assert sentence in err


def test_the_command_line_loads_no_numpy_before_it_computes() -> None:
    script = (
        "import sys, itti.cli, scoring\n"
        "itti.cli.parser('statistics')\n"
        "sys.exit(' '.join({'numpy', 'scipy'} & set(sys.modules)) or None)"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_figures_of_peers_for_a_report(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "beside.json"
    command = f'statistics benchmark {SHEETS} --least 3 --factory "Ras Metal Works" --beside {file}'
    assert say(command)[0] == 0
    found = read_beside(read_file(file)).sector
    assert found is not None
    assert (found.name, found.name_ar, found.count, found.few) == ("all factories", "كل المصانع", 3, True)
    overall = json.loads(say(f"statistics benchmark {SHEETS} --least 3 --json")[1])["cells"][0]["quartiles"][1]
    assert Fraction(found.figures["overall"].median) == Fraction(overall)
    assert set(found.figures) > {"overall", "digital", "strategy"}
