"""Random definitions over the whole language: every kind of question, aggregation, curve, condition and rule."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from questionnaires.model import Definition, Structure, Texts
from scoring import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
)

VALUES = st.integers(-2, 3)
KINDS = ("level", "choice", "choices", "yes_no", "number", "grid")
CURVES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"form": "linear", "base": 1, "lead": 3, "better": "more", "at_lead": 5},
    {"form": "linear", "base": 3, "lead": 1, "better": "less", "at_base": -1, "at_lead": 1, "capped": False},
    {"form": "linear", "base": 2, "lead": 2, "better": "more"},
    {"form": "log", "base": "1/2", "lead": 4, "better": "more"},
    {"form": "steps", "below": 1, "steps": [{"from": 1, "value": 3}, {"from": 3, "value": -1}]},
    {"form": "steps", "below": 0, "boundary": "upper", "steps": [{"from": 1, "value": 1}, {"from": 2, "value": 4}]},
    {
        "form": "steps",
        "below": 2,
        "steps": [{"from": 1, "value": 0}, {"from": 1, "value": 3, "boundary": "upper"}, {"from": 3, "value": 1}],
    },
    {"form": "points", "points": [{"at": 0, "value": 0}, {"at": 2, "value": 3}, {"at": 4, "value": 1}]},
)


@st.composite
def wide_structures(draw: st.DrawFn, *, most_questions: int = 4, profile: bool | None = None) -> dict[str, Any]:
    """Questions of all kinds below two nodes below an index with rules; later ones may depend on earlier ones.

    ``profile``: whether the index is one, without a value; None: now and then.
    """
    questions: list[dict[str, Any]] = []
    rows_tell = draw(st.integers(0, 5)) == 0
    for number in range(draw(st.integers(2, most_questions))):
        by_rows = rows_tell and not number
        question = draw(rows_that_leave(f"q{number}") if by_rows else some_question(f"q{number}"))
        if questions and draw(st.integers(0, 3)) == 0:
            question["applies_when"] = draw(some_condition([each["id"] for each in questions]))
        grids = [each["id"] for each in questions if each["kind"] == "grid"]
        ways = [f"{negation}picked({grid}, 'a', 'o1')" for grid in grids for negation in ("", "not ")]
        ways += [f"rows({grid}, 'o1') {operator}" for grid in grids for operator in (">= 1", "< 2")]
        if way := draw(st.sampled_from(["", *ways])):
            question["applies_when"] = way
        questions.append(question)
    if draw(st.booleans()):
        names = [question["id"] for question in questions]
        of_rows = [f"sum(score({each}, 'a'), 2 * score({each}, 'b'))" for each in names if each in grids]
        of_rows += [f"score({each}, 'b') - {names[0]}" for each in names if each in grids]
        formula = draw(st.sampled_from([*of_rows, ""])) or draw(some_calculation(names))
        questions.append({"id": "made", "kind": "computed", "formula": formula})
    tables = draw(_tables(questions))
    if tables:
        questions.append({"id": "looked-up", "kind": "computed", "formula": " + ".join(each["id"] for each in tables)})
    questions += draw(_dates([question["id"] for question in questions]))
    names = [question["id"] for question in questions if question["kind"] != "date"]
    known = [*names, *(table["id"] for table in tables)]
    cut = draw(st.integers(1, len(names) - 1))
    first = draw(some_node("first", names[:cut], names, known, is_share=rows_tell))
    second = draw(some_node("second", names[cut:], names, known))
    if not (draw(st.integers(0, 9)) == 0 if profile is None else profile):
        index = draw(_index(names, known))
    else:
        index = draw(_profile("overall", ["first", "second"], names))
        first = draw(st.sampled_from([first, draw(_profile("first", names[:cut], names))]))
    named = draw(st.lists(some_condition(names), max_size=2))
    conditions = [{"id": f"named-{place}", "when": when} for place, when in enumerate(named)]
    if len(conditions) > 1:
        conditions[1]["when"] = f"named-0 or not ({conditions[1]['when']})"
    for rule, condition in zip(index.get("rules", ()), reversed(conditions), strict=False):
        rule["when" if "when" in rule else "unless"] = condition["id"]
    nodes, further = draw(standings([first, second, index], names, {each["id"]: _keys(each) for each in questions}))
    return {
        "family": "wide",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 6, "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"]))},
        "index": "overall",
        "categories": ["first", "second"],
        "tables": [*tables, *further],
        "conditions": conditions,
        "questions": questions,
        "nodes": nodes,
    }


NEVER = {("<", "low"), (">", "top"), (">", "low"), ("<", "top")}
"""Comparisons that never hold, whichever end is the best."""

BANDS = ("low", "mid", "top")


@st.composite
def standings(
    draw: st.DrawFn, nodes: list[dict[str, Any]], names: list[str], keys: dict[str, list[str]], *, always: bool = False
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Now and then bands that rules lower, what asks for them, a table by them, and classes of a profile."""
    banded = next((node for node in nodes[:2] if node["aggregation"] != "profile"), None)
    if banded is None or not (always or draw(st.integers(0, 3)) == 0):
        return nodes, []
    of, lowest = banded["id"], draw(st.sampled_from([Fraction(-1), Fraction(1, 2), Fraction(1)]))
    banded["bands"] = [{"id": band, "from": str(lowest + place)} for place, band in enumerate(BANDS)]
    for place in draw(st.sampled_from([(), (), (1,), (2,), (0, 1), (1, 2)])):  # limits that follow from answers
        banded["bands"][place]["from"] = draw(_amount(names, st.integers(place, place + 1)))
    banded["rounding"] = {
        "places": draw(st.integers(0, 1)),
        "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
    }
    for words in ({"boundary": "upper"}, {"bands_on": "exact"}, {"better": "less"}):
        banded |= draw(st.sampled_from([{}, {}, words]))
    banded["rules"] = [draw(_lowering(f"lower-{place}", names)) for place in range(draw(st.integers(0, 3)))]
    asked = {
        "id": "asked",
        "aggregation": "formula",
        "children": [{"of": of}],
        "formula": "count({}) + 2 * count({}, not {})".format(*(draw(some_standing(of)) for _ in range(3))),
        "least": 0,
        "most": 5,
    }
    index = nodes[2]
    for rule in index.get("rules", ()):
        rule["when" if "when" in rule else "unless"] = draw(some_standing(of))
    types = {
        "id": "types",
        "aggregation": "profile",
        "missing": draw(st.sampled_from(["withhold", "withhold", "exclude"])),
        "least_counted": draw(st.sampled_from([0, 0, "1/2", "2/3"])),
        "children": [{"of": of}, {"of": "asked"}, *({"of": name} for name in draw(st.sampled_from([[], names[:1]])))],
        "classes": [
            {"id": "one", "when": f"asked > {draw(st.integers(0, 2))}"},
            {"id": "two", "when": f"{of} > 1 or {draw(some_standing(of))}"},
            {"id": "three"},
        ],
    }
    sides = [of, "asked", "types", *(name for name in names if keys.get(name))]
    by = draw(st.lists(st.sampled_from(sides), min_size=1, max_size=3, unique=True))
    known = keys | {of: list(BANDS), "asked": [str(number) for number in range(6)], "types": ["one", "two", "three"]}

    def rows(of: list[str]) -> dict[str, Any]:
        return {key: rows(of[1:]) if of[1:] else draw(VALUES) for key in known[of[0]]}

    table = {"id": "met", "by": by, "values": rows(by)} | draw(st.sampled_from([{}, {"otherwise": 1}]))
    last = {
        "id": "last",
        "aggregation": "formula",
        "children": [{"of": of}],
        "formula": "met + count(class(types) = 'two')",
    }
    return [*nodes, asked, types, last], [table]


@st.composite
def some_standing(draw: st.DrawFn, of: str) -> str:
    """A condition on the band of a node."""
    function, band = draw(st.sampled_from(["band", "reached"])), draw(st.sampled_from(BANDS))
    operators = ["=", "!=", ">=", "<", "<=", ">"]
    forms = [f"{function}({of}) {operator} '{band}'" for operator in operators if (operator, band) not in NEVER]
    forms.append(f"{function}({of}) in ('{band}', 'mid')")
    return draw(st.sampled_from(forms))


@st.composite
def _lowering(draw: st.DrawFn, identifier: str, names: list[str]) -> dict[str, Any]:
    side = draw(st.sampled_from(["when", "unless"]))
    effects = [{"bands_down": 1}, {"bands_down": 2}, {"at_most_band": "mid"}, {"at_most_band": "mid", "bands_down": 1}]
    lifting = [{"bands_up": 1}, {"bands_up": 2}, {"at_least_band": "mid"}, {"at_least_band": "mid", "bands_up": 1}]
    kind, effects = draw(st.sampled_from([("downgrade", effects), ("downgrade", effects), ("bonus", lifting)]))
    return {
        "id": identifier,
        "kind": kind,
        side: draw(some_condition(names)),
        **draw(st.sampled_from(effects)),
    }


@st.composite
def _tables(draw: st.DrawFn, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Now and then a table by one or two questions, and one that adds up several options."""
    found: list[dict[str, Any]] = []
    wanted: int = draw(st.integers(0, 3))
    keys = {each["id"]: _keys(each) for each in questions if _keys(each)}
    if keys and wanted % 2:
        by = draw(st.lists(st.sampled_from(sorted(keys)), min_size=1, max_size=2, unique=True))
        first, *further = (keys[name] for name in by)
        values: dict[str, Any] = {
            key: {second: draw(VALUES) for second in further[0]} if further else draw(VALUES) for key in first
        }
        found.append({"id": "table", "by": by, "values": values})
        if wanted == 3:
            del values[first[0]]
            found[0]["otherwise"] = draw(VALUES)
    several = [each["id"] for each in questions if each["kind"] == "choices"]
    if several and wanted > 1:
        values = {"o0": draw(VALUES), "o1": draw(VALUES)}
        found.append({"id": "added-up", "by": several[0], "values": values, "otherwise": draw(VALUES)})
        found[-1] |= draw(st.sampled_from([{}, {"several": "product"}]))
    return found


def _keys(question: dict[str, Any]) -> list[str]:
    """The answers by which a table can be looked up."""
    match question["kind"]:
        case "level":
            return [str(level) for level in range(question["highest"] + 1)]
        case "yes_no":
            return ["yes", "no"]
        case "choice":
            return [option["id"] for option in question["options"] if "value" in option]
    return []


@st.composite
def _amount(draw: st.DrawFn, known: list[str], plain: st.SearchStrategy[Any]) -> int | str:
    """A number, or a formula over what is known."""
    if draw(st.integers(0, 2)):
        number: int | str = draw(plain)
        return number
    tables = [name for name in known if name in ("table", "added-up")]
    name, other = draw(st.sampled_from(tables or known)), draw(st.sampled_from(known))
    forms = [name, name, f"{other}", f"abs({other}) + 1", f"{name} / 2", f"if({other} > 1, 0, {name})", f"{name} - 1"]
    forms += [f"root(abs({other}), 2)", f"min({name}, {other})", f"{name} / {other}"]
    return draw(st.sampled_from(forms))


@st.composite
def _dates(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    """Now and then two dates, which no node counts, and a number that is computed from them."""
    if draw(st.integers(0, 2)):
        return []
    limits = st.sampled_from([{}, {"earliest": DAYS[0].isoformat(), "latest": DAYS[-1].isoformat()}])
    dates = [
        {"id": name, "kind": "date", "not_applicable": draw(_POLICIES), **draw(limits)} for name in ("start", "end")
    ]
    if draw(st.booleans()):
        dates[1]["applies_when"] = draw(some_condition(names))
    forms = [
        "years(start, end)",
        "if(start <= end, 1, 0)",
        "if(end >= date('2025-02-28'), years(end, start), 2)",
        "count(start < date('2024-03-01'), applies(end), start = end)",
        f"years(start, end) + {draw(st.sampled_from(names))}",
        "median(years(start, end), years(date('2000-02-29'), end), 1)",
        "if(max(start, end) > min(start, end), 2, 0)",
        "if(end - start > date('2024-06-01') - date('2024-01-01'), 1, 3)",
    ]
    return [*dates, {"id": "dated", "kind": "computed", "formula": draw(st.sampled_from(forms))}]


DAYS = (date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 1))


@st.composite
def some_question(draw: st.DrawFn, identifier: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    question: dict[str, Any] = {"id": identifier, "kind": kind, "not_applicable": draw(_POLICIES)}
    match kind:
        case "level":
            question |= {"lowest": 0, "highest": draw(st.integers(1, 3))}
            if draw(st.integers(0, 2)) == 0:
                question["worth"] = sorted(draw(VALUES) for _ in range(question["highest"] + 1))
        case "choice":
            question["options"] = [{"id": f"o{place}", "value": draw(VALUES)} for place in range(2)]
            question["options"] += draw(_DENIALS)
        case "choices":
            question["options"] = [{"id": f"o{place}", "value": draw(VALUES)} for place in range(2)]
            worth: dict[str, Any] = {"value": draw(VALUES)}
            denial: dict[str, Any] = {"not_applicable": True}
            question["options"].append({"id": "none", "alone": True} | draw(st.sampled_from([worth, denial])))
            question |= draw(st.sampled_from([{}, {"at_most": 2}, {"at_least": 0}, {"least_picked": 1}]))
        case "yes_no":
            question |= {"yes": draw(VALUES), "no": draw(VALUES)}
        case "number":
            question |= {"least": 0, "most": 4, "places": 0} | draw(st.sampled_from([{}, {}, {"step": 2}]))
            if curve := draw(st.sampled_from(CURVES)):
                question["curve"] = curve
        case "grid":
            question["rows"] = [{"id": "a", "weight": draw(st.integers(1, 3))}, {"id": "b"}]
            question["options"] = [{"id": f"o{place}", "value": draw(VALUES)} for place in range(2)]
            question["options"] += draw(_DENIALS)
            question["aggregation"] = draw(st.sampled_from(["mean", "sum", "minimum", "maximum"]))
    return question


@st.composite
def rows_that_leave(draw: st.DrawFn, identifier: str) -> dict[str, Any]:
    """A grid that sums, of which rows may not apply: the rest tell what a share of it could achieve."""
    values = (draw(VALUES), draw(st.integers(1, 3)))
    options: list[dict[str, Any]] = [{"id": f"o{place}", "value": value} for place, value in enumerate(values)]
    return {
        "id": identifier,
        "kind": "grid",
        "aggregation": "sum",
        "not_applicable": draw(_POLICIES),
        "rows": [{"id": "a", "weight": draw(st.integers(1, 3))}, {"id": "b"}],
        "options": [*options, {"id": "off", "not_applicable": True}],
    }


_DENIALS: st.SearchStrategy[list[dict[str, Any]]] = st.sampled_from([[], [], [{"id": "off", "not_applicable": True}]])
"""Now and then an option that says that something does not apply."""

_POLICIES = st.sampled_from(["allowed", "refused"])
_COMPARISONS = st.sampled_from(["<", "<=", "=", "!=", ">=", ">"])


@st.composite
def some_condition(draw: st.DrawFn, names: list[str]) -> str:
    name, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    plain = f"{name} {draw(_COMPARISONS)} {draw(st.integers(0, 2))}"
    further = [f"score({other}) > 0", f"applies({other})", f"max({name}, {other}) >= 1", f"{name} + {other} > 1"]
    further.append(f"count({name} >= 1, {other} >= 1) >= 1")
    match draw(st.integers(0, 3)):
        case 0:
            return f"{plain} or {draw(st.sampled_from(further))}"
        case 1:
            return f"not ({plain}) and {draw(st.sampled_from(further))}"
        case 2:
            return draw(st.sampled_from(further))
    return plain


@st.composite
def some_calculation(draw: st.DrawFn, names: list[str]) -> str:
    a, b, c = (draw(st.sampled_from(names)) for _ in range(3))
    forms = [
        f"{a} + 2 * {b}",
        f"{a} - {b}",
        f"{a} / ({b} + 1)",
        f"min({a}, {b}, 1)",
        f"sum({a}, {b})",
        f"mean({a}, {b})",
        f"product({a}, {b}, {c})",
        f"product({a} - 1, if({b} > 1, {c}, -1))",
        f"median({a}, {b}, {c})",
        f"median({a}, {b})",
        f"highest(2, {a}, {b}, {c})",
        f"lowest(2, {a}, {b}, {c}) / min(2, count(applies({a}), applies({b}), applies({c})))",
        f"highest(ceil({a}), {a}, {b}, {c})",
        f"rank({a}, {b}, {c}, 1)",
        f"if({a} > 1, {b}, -{a})",
        f"{a} ^ 2",
        f"power(1 + abs({a}) / 8, {b} - 1)",
        f"(abs({a}) - 1) ^ ({b} / 2)",
        f"abs({a}) * score({b})",
        f"round({a} / 3, 1)",
        f"floor({a} / 2) + ceil({b} / 2)",
        f"count({a} > 0, {b} > 0)",
        f"root(abs({a}) + 1, 2)",
        f"ln(abs({a}) + 1)",
        f"1 / (1 + exp({a} - {b}))",
        f"exp(-abs({a})) * {b}",
        f"normal({a} - {b})",
    ]
    return draw(st.sampled_from(forms))


@st.composite
def some_node(
    draw: st.DrawFn,
    identifier: str,
    members: list[str],
    names: list[str],
    known: list[str],
    *,
    is_share: bool = False,
) -> dict[str, Any]:
    aggregation = "share" if is_share else draw(st.sampled_from(_AGGREGATIONS))
    node: dict[str, Any] = {
        "id": identifier,
        "aggregation": aggregation,
        "missing": draw(st.sampled_from(["withhold", "exclude"])),
        "not_applicable": draw(st.sampled_from(["exclude", "exclude", "full", "lowest"])),
        "children": [{"of": member} for member in members],
    }
    if aggregation in ("weighted_mean", "sum", "geometric", "harmonic", "share", "share_reached"):
        for child in node["children"]:
            child["weight"] = draw(_amount(known, st.sampled_from(["1", "2", "1/2"])))
    if aggregation not in ("formula", "cumulative") and (policy := draw(st.sampled_from(["", "", "full", "exclude"]))):
        node["children"][-1]["not_applicable"] = policy
    if aggregation not in ("formula", "cumulative") and draw(st.integers(0, 5)) == 0:
        node["children"][-1]["counts_when"] = draw(some_condition(names))
    match aggregation:
        case "count" | "share_reached":
            node["reached_from"] = draw(_amount(known, st.integers(0, 2)))
        case "formula":
            node["formula"] = draw(some_calculation(members))
        case "cumulative":
            gates = [draw(some_condition(members)) for _ in range(2)]
            node["stages"] = [{"id": f"{identifier}-{n}", "value": n + 1, "when": gate} for n, gate in enumerate(gates)]
    if draw(st.integers(0, 5)) == 0 and identifier != "overall":
        node["applies_when"] = draw(some_condition(names))
    if draw(st.integers(0, 7)) == 0:
        node["passes_on"] = "stated"
        node["rounding"] = {"places": 1, "mode": "half_up"}
    draw(_limits(node, known))
    return node


@st.composite
def _profile(draw: st.DrawFn, identifier: str, members: list[str], names: list[str]) -> dict[str, Any]:
    """A node that shows its children and has no value of its own."""
    node: dict[str, Any] = {
        "id": identifier,
        "aggregation": "profile",
        "missing": draw(st.sampled_from(["withhold", "exclude"])),
        "least_counted": draw(st.sampled_from([0, "1/2"])),
        "children": [{"of": member} for member in members],
    }
    return node | draw(st.sampled_from([{}, {"applies_when": draw(some_condition(names))}]))


@st.composite
def _index(draw: st.DrawFn, names: list[str], known: list[str]) -> dict[str, Any]:
    """The headline, with rules and bands."""
    index = draw(some_node("overall", ["first", "second"], names, known))
    index["rules"] = [draw(_rule(f"r{place}", names, [*known, "first"])) for place in range(draw(st.integers(0, 2)))]
    if draw(st.integers(0, 2)) == 0:
        limits = [draw(_amount(known, st.integers(place, place + 1))) for place in range(3)]
        index["bands"] = [{"id": f"b{place}", "from": limit} for place, limit in enumerate(limits)]
        index |= draw(st.sampled_from([{}, {"boundary": "upper"}, {"bands_on": "exact"}]))
    return index


@st.composite
def _limits(draw: st.DrawFn, node: dict[str, Any], known: list[str]) -> None:
    """Now and then a cap, limits of the node, and a threshold of a child's own."""
    if draw(st.integers(0, 3)) == 0:
        node["children"][0]["cap"] = draw(_amount(known, st.integers(0, 2)))
    for key, plain in (("least", st.integers(0, 1)), ("most", st.integers(1, 3))):
        if draw(st.integers(0, 9)) == 0:
            node[key] = draw(_amount(known, plain))
    if "reached_from" in node and draw(st.integers(0, 2)) == 0:
        node["children"][-1]["reached_from"] = draw(_amount(known, st.integers(0, 2)))


_AGGREGATIONS = (
    "mean",
    "weighted_mean",
    "sum",
    "minimum",
    "maximum",
    "median",
    "geometric",
    "harmonic",
    "share",
    "count",
    "share_reached",
    "cumulative",
    "formula",
)


@st.composite
def _rule(draw: st.DrawFn, identifier: str, names: list[str], known: list[str]) -> dict[str, Any]:
    side = draw(st.sampled_from(["when", "unless"]))
    key = draw(st.sampled_from(["to", "at_most", "at_most", "at_least"]))
    effect = {key: draw(_amount(known, st.sampled_from([0, 1, "3/2"])))}
    kind = "veto" if "to" in effect else "cap"
    return {"id": identifier, "kind": kind, side: draw(some_condition(names)), **effect}


def wide_definition(structure: dict[str, Any]) -> Definition:
    """The definition with no more texts than it takes."""
    words = dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), "Words.")
    texts = Texts.model_validate({"language": "en", "questions": {}, "nodes": {}, **words})
    return Definition.of(Structure.model_validate(structure), {"en": texts})


def every_answer(question: dict[str, Any]) -> list[Answer]:
    """Every answer the question can have (of a number: all whole ones)."""
    found: list[Answer] = []
    options = [option["id"] for option in question.get("options", ())]
    match question["kind"]:
        case "level":
            found += [LevelAnswer(level=level) for level in range(question["highest"] + 1)]
        case "choice":
            found += [ChoiceAnswer(choice=option) for option in options]
        case "choices":
            least = question.get("least_picked", 0)
            picks = [pick for size in range(least, 3) for pick in combinations(options[:2], size)]
            found += [ChoicesAnswer(choices=pick) for pick in [*picks, ("none",)]]
        case "yes_no":
            found += [YesNoAnswer(yes=True), YesNoAnswer(yes=False)]
        case "number":
            found += [NumberAnswer(number=Fraction(number)) for number in range(0, 5, question.get("step", 1))]
        case "date":
            found += [DateAnswer(date=day) for day in DAYS]
        case "grid":
            found += [GridAnswer(grid=dict(zip("ab", pair, strict=True))) for pair in product(options, repeat=2)]
        case "computed":
            return []
    if question["not_applicable"] == "allowed":
        found.append(NotApplicableAnswer(reason="Does not apply."))
    return found


@st.composite
def answered(draw: st.DrawFn, structure: dict[str, Any], *, most_open: int | None = None) -> dict[str, Answer]:
    """Random answers; some stay open, at most ``most_open``."""
    asked = [question for question in structure["questions"] if question["kind"] != "computed"]
    given: dict[str, Answer] = {}
    for question in asked:
        if draw(st.booleans()):
            given[question["id"]] = draw(st.sampled_from(every_answer(question)))
    for question in asked:
        if most_open is not None and len(asked) - len(given) > most_open and question["id"] not in given:
            given[question["id"]] = draw(st.sampled_from(every_answer(question)))
    return given
