"""Formulas read: what binds to what, and where reading stops."""

from __future__ import annotations

from fractions import Fraction

import pytest

from questionnaires.formula.parsing import DEEPEST, LONGEST, NESTING, parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Binary, Member, Name, Number, Text, Unary, names
from questionnaires.formula.writing import written


@pytest.mark.parametrize(
    ("text", "explicit"),
    [
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("a + b * c", "a + (b * c)"),
        ("a * b ^ 2", "a * (b ^ 2)"),
        ("-a ^ 2", "-(a ^ 2)"),
        ("-a * b", "(-a) * b"),
        ("a - -b", "a - (-b)"),
        ("a ^ -2 * b", "(a ^ -2) * b"),
        ("a + b < c * d", "(a + b) < (c * d)"),
        ("not a = b", "not (a = b)"),
        ("not a and b", "(not a) and b"),
        ("not not a", "not (not a)"),
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("a or b or c", "(a or b) or c"),
        ("not x in ('u') and b", "(not (x in ('u'))) and b"),
        ("a > 1 and a < 2", "(a > 1) and (a < 2)"),
        ("a -b", "a - b"),
        ("a+b", "a + b"),
        ("min(a,b+1)", "min((a), (b + 1))"),
        ("(((a)))", "a"),
    ],
)
def test_what_binds_to_what(text: str, explicit: str) -> None:
    assert parse(text) == parse(explicit)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("a - b - c", "a - (b - c)"),
        ("-a ^ 2", "(-a) ^ 2"),
        ("not a and b", "not (a and b)"),
        ("a or b and c", "(a or b) and c"),
        ("a-b", "a - b"),
        ("a = b", "b = a"),
    ],
)
def test_what_does_not_say_the_same(text: str, other: str) -> None:
    assert parse(text) != parse(other)


def test_hyphens_belong_to_ids_and_every_part_knows_its_place() -> None:
    tree = parse("solar-share2 - 0.50 * x-1")
    assert isinstance(tree, Binary)
    assert (tree.left, tree.at) == (Name("solar-share2", 0), 13)
    assert isinstance(tree.right, Binary)
    assert tree.right.left == Number(Fraction(1, 2), 15)
    assert isinstance(tree.right.right, Name)
    assert (tree.right.right.id, tree.right.right.at) == ("x-1", 22)


def test_options_signs_and_exponents() -> None:
    assert parse("kind in ('a b', 'ج')") == Member(Name("kind", 0), (Text("a b", 9), Text("ج", 16)), 5)
    assert parse("- 1") == Unary("-", Number(Fraction(1), 2), 0)
    assert parse("a ^ -12") == Binary("^", Name("a", 0), Number(Fraction(-12), 4), 2)


def test_decimals_are_exact() -> None:
    assert parse("0.1") == Number(Fraction(1, 10), 0)
    assert parse("999999999999999999.000000000000000001") == Number(
        Fraction(999999999999999999 * 10**18 + 1, 10**18), 0
    )


def test_names_are_found_everywhere() -> None:
    assert names(parse("if(a = 'x' or not b in ('y'), -c ^ 2, sum(d, score(e)))")) == set("abcde")
    assert names(parse("1 + 2")) == frozenset()


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "formula-ends-early", 0),
        ("   ", "formula-ends-early", 0),
        ("a +", "formula-ends-early", 3),
        ("a + ", "formula-ends-early", 3),
        ("min(a", "formula-ends-before", 5),
        ("(a", "formula-ends-before", 2),
        ("(a b)", "formula-expected", 3),
        ("a b", "formula-unexpected", 2),
        ("a)", "formula-unexpected", 1),
        ("* a", "formula-unexpected", 0),
        ("a 'x'", "formula-unexpected", 2),
        ("min(a,)", "formula-unexpected", 6),
        ("a in ()", "formula-expected", 6),
        ("a in (b)", "formula-expected", 6),
        ("a in 'b'", "formula-expected", 5),
        ("a + not b", "formula-unexpected", 4),
        ("a = not b", "formula-unexpected", 4),
        ("a < b < c", "formula-chained", 6),
        ("a in ('b') = c", "formula-chained", 11),
        ("a ^ 2 ^ 3", "formula-chained", 6),
        ("a ^ 25", "formula-exponent", 4),
        ("a ^ -b", "formula-exponent", 4),
        ("a ^ -", "formula-exponent", 4),
        ("a ^", "formula-exponent", 3),
        ("a == b", "formula-foreign-sign", 2),
        ("a ≥ b", "formula-foreign-sign", 2),
        ("a ** 2", "formula-foreign-sign", 2),
        ('a = "b"', "formula-foreign-sign", 4),
        ("!a", "formula-foreign-sign", 0),
        ("a = 'b", "formula-open-quote", 4),
        ("a = 'b\n'", "formula-open-quote", 4),
        ("a ? b", "formula-unknown-sign", 2),
        ("٣", "formula-unknown-sign", 0),
        ("1.5.2", "formula-not-a-number", 0),
        ("1.", "formula-not-a-number", 0),
        ("3x", "formula-not-a-number", 0),
        ("1e5", "formula-not-a-number", 0),
        ("1" * 19, "formula-not-a-number", 0),
        (".5", "formula-not-an-id", 0),
        ("Energy", "formula-not-an-id", 0),
        ("energy_use", "formula-not-an-id", 0),
        ("a" * 65, "formula-not-an-id", 0),
    ],
)
def test_where_reading_stops(text: str, code: str, position: int) -> None:
    with pytest.raises(FormulaMistaken) as caught:
        parse(text)
    assert (caught.value.code, caught.value.position) == (code, position)
    assert caught.value.details["position"] == position + 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * NESTING + "a", "formula-too-nested"),
        ("-" * LONGEST, "formula-too-nested"),
        ("not " * (LONGEST // 4), "formula-too-nested"),
        ("f(" * (LONGEST // 2), "formula-too-nested"),
        ("+".join("a" * (DEEPEST + 1)), "formula-too-deep"),
        ("a" + " " * LONGEST, "formula-too-long"),
    ],
)
def test_nothing_is_read_deep(text: str, code: str) -> None:
    with pytest.raises(FormulaMistaken) as caught:
        parse(text)
    assert caught.value.code == code


def test_just_within_the_limits() -> None:
    inner = "(" * (NESTING - 1) + "a" + ")" * (NESTING - 1)
    assert parse(inner) == parse("a")
    assert names(parse("+".join("a" * DEEPEST))) == {"a"}
    assert parse("a" + " " * (LONGEST - 1)) == parse("a")
    assert len(names(parse(f"sum({', '.join(f'q{number}' for number in range(300))})"))) == 300


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("(a-b) - ((c*2) ^ -3)", "a-b - (c * 2) ^ -3"),
        ("a - (b + c) - (d - 1.50)", "a - (b + c) - (d - 1.5)"),
        ("not (a or b) and (c in ('u','v'))", "not (a or b) and c in ('u', 'v')"),
        ("(a < b) = (c < d)", "(a < b) = (c < d)"),
        ("0.000000000000000001", "0.000000000000000001"),
    ],
)
def test_written_down_without_superfluous_parentheses(text: str, form: str) -> None:
    assert written(parse(text)) == form


def test_a_fraction_that_is_no_decimal_is_written_as_a_division() -> None:
    third = Number(Fraction(1, 3), 0)
    assert written(Binary("*", Name("a", 0), third, 0)) == "a * (1 / 3)"
    assert written(Number(Fraction(-5, 2), 0)) == "-2.5"
