"""A stranger with pen and paper: reads the lines of a calculation, works out what stands there, trusts nothing else.

Knows arithmetic and the English words of the lines, and nothing of the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from math import prod
from statistics import NormalDist, median

from reports.calculation import Block, Line
from reports.directions import plain

DIGITS = Context(prec=60)
TOKEN = re.compile(r"\s*(\d{4}-\d\d-\d\d|\d+(?:\.\d+)?…?|[a-z]+|[-+×/^(),?–])")
EPOCH = date(1970, 1, 1).toordinal()


class Unknown(Exception):
    """Something in it is not known yet, or not there."""


class Named(Exception):
    """A formula with names instead of numbers."""


class Sum:
    """One sum, from left to right: ``×`` and ``/`` before ``+`` and ``-``, ``^`` before both."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        text = text.strip()
        while place < len(text):
            found = TOKEN.match(text, place)
            if found is None or (found[1].isalpha() and found[1] not in FUNCTIONS):
                raise Named(text)
            self.tokens.append(found[1])
            place = found.end()
        self.place = 0

    def value(self) -> Fraction:
        found = self._sum()
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return found

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def _sum(self) -> Fraction:
        found = self._product()
        while self._next() in {"+", "-"}:
            found = found + self._product() if self._take() == "+" else found - self._product()
        return found

    def _product(self) -> Fraction:
        found = self._power()
        while self._next() in {"×", "/"}:
            found = found * self._power() if self._take() == "×" else found / self._power()
        return found

    def _power(self) -> Fraction:
        if self._next() == "-":
            self._take()
            return -self._power()
        base = self._atom()
        if self._next() != "^":
            return base
        self._take()
        return power(base, self._power())

    def _atom(self) -> Fraction:
        token = self._take()
        if token in {"?", "–"}:
            raise Unknown
        if token == "(":
            found = self._sum()
            assert self._take() == ")"
            return found
        if token[0].isdigit():
            return Fraction(date.fromisoformat(token).toordinal() - EPOCH) if token.count("-") else number(token)
        assert self._take() == "("
        arguments = [self._sum()]
        while self._take() == ",":
            arguments.append(self._sum())
        return FUNCTIONS[token](*arguments)


def number(text: str) -> Fraction:
    return Fraction(text.rstrip("…"))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return base**exponent.numerator
    if not base:
        return base
    return Fraction(DIGITS.power(decimal(base), decimal(exponent)))


def decimal(value: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    up = {
        "halves up": twice >= scaled.denominator,
        "halves to the even digit": twice > scaled.denominator or (twice == scaled.denominator and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[mode]
    return Fraction(whole + up, 10**places) * (-1 if value < 0 else 1)


def whole_years(start: Fraction, end: Fraction) -> Fraction:
    first, last = (date.fromordinal(int(day) + EPOCH) for day in (min(start, end), max(start, end)))
    found = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    return Fraction(found if start <= end else -found)


def root(value: Fraction, degree: Fraction) -> Fraction:
    return power(value, 1 / degree)


def highest(count: Fraction, *values: Fraction) -> Fraction:
    return sum(sorted(values, reverse=True)[: max(int(count), 0)], Fraction(0))


def lowest(count: Fraction, *values: Fraction) -> Fraction:
    return sum(sorted(values)[: max(int(count), 0)], Fraction(0))


def nearest(value: Fraction, places: Fraction) -> Fraction:
    return rounded(value, int(places), "halves up")


FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "sum": lambda *values: sum(values, Fraction(0)),
    "product": lambda *values: prod(values, start=Fraction(1)),
    "mean": lambda *values: sum(values, Fraction(0)) / len(values),
    "median": lambda *values: Fraction(median(values)),
    "rank": lambda own, *others: Fraction(1 + sum(other > own for other in others)),
    "highest": highest,
    "lowest": lowest,
    "round": nearest,
    "floor": lambda value: Fraction(value // 1),
    "ceil": lambda value: Fraction(-(-value // 1)),
    "abs": abs,
    "exp": lambda value: Fraction(DIGITS.exp(decimal(value))),
    "ln": lambda value: Fraction(DIGITS.ln(decimal(value))),
    "normal": lambda value: Fraction(NormalDist().cdf(float(value))),
    "root": root,
    "years": whole_years,
}


def close(left: Fraction, right: Fraction, text: str) -> bool:
    """Equal; where digits are cut off or logarithms and roots are among it, nearly so."""
    irrational = "…" in text or "ln(" in text or "exp(" in text or "normal(" in text or "root(" in text or "^" in text
    return abs(left - right) <= (Fraction(1, 10**6) * (1 + abs(right)) if irrational else 0)


def equation(text: str) -> Fraction:
    """Works ``… = working = result ≈ decimal`` out, and gives the result that stands there."""
    *before, last = text.split(" = ")
    result, _, about = last.partition(" ≈ ")
    found = Sum(result).value()
    if about:
        assert abs(Sum(about).value() - found) <= Fraction(1, 10**4) * max(Fraction(1), abs(found)), text
    try:
        assert not before or close(Sum(before[-1]).value(), found, text), text
    except Named:
        assert text.startswith(before[0]), text  # a formula whose numbers are the result at once
    return found


@dataclass
class Node:
    """What the stranger learns of one node, line by line."""

    contributions: list[Fraction] = field(default_factory=list)
    parts: dict[str, Fraction] = field(default_factory=dict)
    value: Fraction | None = None
    stated: str = ""
    passed_on: Fraction | None = None


HEAD = re.compile(r"\[([a-z0-9.-]+)\]: (.*)$")
TAIL = re.compile(r"; (?=weight |contributes |times |reaches |does not reach |it decides$)")
ADDED = ("Mean", "Weighted mean", "Sum", "Share", "How many")
MADE = (
    *ADDED,
    "The lowest of the parts",
    "The highest of the parts",
    "The middle of the parts by value",
    "Geometric",
    "Harmonic mean:",
    "Formula",
    "Gate after",
)
LIMIT = re.compile(r"the value (becomes|is no more than|is no less than) (.+): (.+) becomes (.+)$")
ROUNDED = re.compile(r"(Rounded up|Rounded|Cut) to (\d+) decimals?(?:, (.+?))?: (.+) → (.+)$")


def read(block: Block) -> Node:
    """Reads one node's lines in their order, and checks each."""
    node = Node()
    for line in block.parts:
        _part(node, line, text_of(line))
    for line in block.steps:
        text = text_of(line)
        if text.startswith("held within"):
            node.value = _held(node.value, text)
        elif found := ROUNDED.search(text):
            _round(node, rounding_of(found[1], found[3]), int(found[2]), (found[4], found[5]))
        elif text.startswith("The calculation goes on with the rounded"):
            node.passed_on = Sum(text.rpartition(" ")[2]).value()
        elif text.startswith(MADE):
            _make(node, text)
        for below in map(text_of, line.below):
            if found := LIMIT.search(below):
                _limit(node, *found.groups())
    return node


def text_of(line: Line) -> str:
    return plain(line.text, "en").replace("\u00a0", " ")


def _part(node: Node, line: Line, text: str) -> None:
    found = HEAD.search(text)
    if not found or found[2].startswith(("left out", "not counted")) or found[2].endswith("without a value of its own"):
        return
    head, tail = [*TAIL.split(found[2]), ""][:2]
    value = re.search(r"(?:, worth|counts with) ([^ ]+)", head) or re.match(r"(?:level )?([^ ]+)", head)
    assert value, text
    if not re.match(r"[-\d(]", value[1]):
        return  # an answer without a value, in a profile
    node.parts[found[1]] = worth = Sum(value[1]).value()
    steps = [text_of(below) for below in line.below]
    cuts = [cut for step in steps if (cut := re.match(r"of (.+) no more than (.+) counts here", step))]
    for cut in cuts:
        before, after = (equation(each) for each in cut.groups())
        assert after < before == worth, text
        worth = after
    _worth([step for step in steps if not step.startswith("of ")], node.parts[found[1]])
    _contribute(node, tail)


def _contribute(node: Node, tail: str) -> None:
    if "contributes " in tail:
        node.contributions.append(equation(tail.partition("contributes ")[2]))
    elif "enters as " in tail:
        Sum(tail.partition("enters as ")[2]).value()


def _worth(steps: list[str], counted: Fraction) -> None:
    """An answer's steps: each is right, and the last one gives what counted."""
    result: Fraction | None = None
    for step in steps:
        if step.startswith(("because ", "whether ", "it applies", "reason given", "answered: ", "does not apply")):
            continue
        if step.startswith("held within"):
            result = _held(result, step)
        elif found := re.search(r": worth (.+)$", step):
            result = equation(found[1])
            _between(step)
        elif step.startswith("so it is worth "):
            result = equation(step.removeprefix("so it is worth "))
        elif step.startswith("place on the way"):
            equation(step.rpartition(": ")[2])
        else:
            result = equation(step.partition(": ")[2])
    assert result is None or close(result, counted, "…"), (steps, counted)


def _between(step: str) -> None:
    """The number lies where the line says."""
    if found := re.match(r"(\S+) lies from (\S+) to below (\S+):", step):
        at, start, end = (number(each) for each in found.groups())
        assert start <= at < end, step
    elif found := re.match(r"(\S+) lies above (\S+) and up to (\S+):", step):
        at, start, end = (number(each) for each in found.groups())
        assert start < at <= end, step
    elif found := re.match(r"(\S+) lies above (\S+) and below (\S+):", step):
        at, start, end = (number(each) for each in found.groups())
        assert start < at < end, step
    elif found := re.match(r"(\S+) lies from (\S+) up to (\S+):", step):
        at, start, end = (number(each) for each in found.groups())
        assert start <= at <= end, step
    elif found := re.match(r"(\S+) lies below (\S+):", step):
        assert number(found[1]) < number(found[2]), step
    elif found := re.match(r"(\S+) is (\S+) or more:", step):
        assert number(found[1]) >= number(found[2]), step


def _held(before: Fraction | None, text: str) -> Fraction:
    found = re.search(r"\((.+)\): (.+) becomes (.+)$", text)
    assert found, text
    value, after = equation(found[2]), equation(found[3])
    assert before is None or close(value, before, text), text
    for limit in found[1].split(", "):
        end = equation(limit.split(" ", 2)[2])
        value = max(value, end) if limit.startswith("at least") else min(value, end)
    assert value == after, text
    return after


def _make(node: Node, text: str) -> None:
    _, zero, result = text.partition("one of the parts is 0, so it is ")
    node.value = equation(result if zero else text.partition(": ")[2])
    assert not (zero and node.value)
    if text.startswith(ADDED):
        assert close(sum(node.contributions, Fraction(0)), node.value, text + "…"), text


def _limit(node: Node, what: str, limit: str, before: str, after: str) -> None:
    value, end = equation(before), equation(limit)
    wanted = {"becomes": end, "is no more than": min(value, end), "is no less than": max(value, end)}[what]
    assert node.value is not None
    assert close(value, node.value, before)
    assert wanted == equation(after)
    node.value = wanted


def rounding_of(how: str, halves: str | None) -> str:
    return halves or {"Cut": "down", "Rounded up": "up"}[how]


def _round(node: Node, mode: str, places: int, numbers: tuple[str, str]) -> None:
    before, after = numbers
    value = equation(before)
    assert node.value is None or close(value, node.value, before), before
    assert rounded(value, places, mode) == Fraction(after) or "…" in before, (before, after)
    assert abs(value - Fraction(after)) <= Fraction(1, 10**places)
    node.value = node.passed_on = value
    node.stated = after


def every(blocks: dict[str, Block]) -> Iterator[tuple[str, Node]]:
    """All nodes; whatever a node was made from comes with the value that was worked out for it."""
    nodes = {name: read(block) for name, block in blocks.items()}
    for name, node in nodes.items():
        for part, value in node.parts.items():
            made = nodes[part].passed_on if part in nodes else None
            assert made is None or close(made, value, "…"), (name, part)
        yield name, node
