"""Formulas read: text in, a tree out, or what stands in the way.

Loosest to tightest: ``or``, ``and``, ``not``, comparisons and ``in`` (neither can be chained), ``+ -``, ``* /``,
the sign ``-``, ``^``. Hyphens belong to ids, so a minus between two ids needs blanks. Length and depth are limited,
so neither reading nor anything that later walks the tree recurses deep, whatever somebody wrote.

A formula that was made for the items of a list (:mod:`questionnaires.unrolling`) also names ``list.item.question``,
which no author can: there is nothing of that name in a definition. It may be longer, as it may name every item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Self, cast

from questionnaires.formula.problems import FormulaMistaken, Problem, problem, short
from questionnaires.formula.tree import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Member,
    Name,
    Number,
    Text,
    Unary,
)

LONGEST: Final = 2000
"""Most characters of a formula."""

LONGEST_UNROLLED: Final = 2_000_000
"""Most characters of a formula that was made for the items of a list."""

NESTING: Final = 50
"""Most parentheses, calls and signs around each other."""

DEEPEST: Final = 100
"""Most operations that rest on each other: ``a + b + c`` is two deep. Longer sums are written ``sum(a, b, c)``."""

LARGEST_EXPONENT: Final = 24

_LONGEST_ID: Final = 64

_TOKEN: Final = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
    |(?P<number>[0-9]{1,18}(?:\.[0-9]{1,18})?(?![0-9A-Za-z_.]))
    |(?P<key>[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*){2}){1,2}(?![0-9A-Za-z_.]))
    |(?P<word>[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![0-9A-Za-z_]))
    |'(?P<text>[^'\r\n]*)'
    |(?P<foreign>==|<>|=<|=>|\*\*|&&|\|\||≠|≤|≥|×|·|÷|−|–|"|!(?!=))
    |(?P<sign>!=|<=|>=|[-+*/^=<>(),])""",
    re.VERBOSE | re.ASCII,
)

_KEY: Final = re.compile(r"[a-z0-9]\.[a-z][a-z0-9-]*\.[a-z]", re.ASCII)
"""Somewhere in a formula that was made for items, and in no formula that an author can write."""

_OURS: Final[Mapping[str, str]] = {
    "==": "=",
    "<>": "!=",
    "≠": "!=",
    "=<": "<=",
    "≤": "<=",
    "=>": ">=",
    "≥": ">=",
    "**": "^",
    "&&": "and",
    "||": "or",
    "!": "not",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    '"': "'",
}
"""How other languages (and word processors) write what is written otherwise here."""

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER = range(1, 9)

_BINDING: Final[Mapping[str, int]] = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in"), _COMPARISON),
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "^": _POWER,
}
"""How tightly an operator between two operands binds."""

KEYWORDS: Final = frozenset({"and", "or", "not", "in"})
"""Words that cannot be the id of anything that a formula names."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """number, word, text, sign (also the keywords), or end."""

    value: str
    at: int


class WithTree(str):
    """The text of a formula that was made from its tree and need not be read again, however long it is."""

    __slots__ = ("tree",)

    tree: Expression

    def __new__(cls, text: str, tree: Expression) -> Self:
        """The text, with the tree that it says."""
        made = super().__new__(cls, text)
        made.tree = tree
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, Expression]]:
        """What a copy is made of."""
        return type(self), (str(self), self.tree)


def parse(text: str) -> Expression:
    """The formula as a tree.

    Raises:
        FormulaMistaken: it is no formula; names the first place where reading had to stop.
    """
    return text.tree if isinstance(text, WithTree) else _parsed(text)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Expression:
    if len(text) > LONGEST and not (len(text) <= LONGEST_UNROLLED and _KEY.search(text)):
        raise FormulaMistaken([problem("formula-too-long", LONGEST, length=len(text), most=LONGEST)])
    return _Parser(list(_tokens(text))).whole()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise FormulaMistaken([_unreadable(text, at)])
        kind, value = found.lastgroup, found.group(found.lastgroup)
        if kind == "foreign":
            raise FormulaMistaken([problem("formula-foreign-sign", at, found=value, ours=_OURS[value])])
        if kind == "key":
            kind = "word"
        elif kind == "word" and len(value) > _LONGEST_ID:
            raise FormulaMistaken([problem("formula-not-an-id", at, found=short(value))])
        if kind == "word" and value in KEYWORDS:
            kind = "sign"
        if kind != "blank":
            yield _Token(kind, value, at)
        at = found.end()
    yield _Token("end", "", len(text.rstrip()))


def _unreadable(text: str, at: int) -> Problem:
    if text[at] == "'":
        return problem("formula-open-quote", at)
    word = re.compile(r"[0-9A-Za-z_.]+(?:-[0-9A-Za-z_.]+)*", re.ASCII).match(text, at)
    if word is None:
        return problem("formula-unknown-sign", at, found=text[at])
    found = short(word.group())
    return problem("formula-not-a-number" if found[0].isdigit() else "formula-not-an-id", at, found=found)


class _Parser:
    """One pass over the tokens, by binding powers (Pratt); an operand comes with the depth of its tree."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.nesting = 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.here
        if token.kind != "end":
            self.place += 1
        return token

    def expect(self, value: str) -> _Token:
        if self.here.kind != "sign" or self.here.value != value:
            raise self.unexpected(wanted=value)
        return self.take()

    def unexpected(self, wanted: str | None = None) -> FormulaMistaken:
        token = self.here
        if token.kind == "end":
            code = "formula-ends-early" if wanted is None else "formula-ends-before"
        else:
            code = "formula-unexpected" if wanted is None else "formula-expected"
        details = {"found": short(token.value)} if token.kind != "end" else {}
        return FormulaMistaken([problem(code, token.at, **details, **({"wanted": wanted} if wanted else {}))])

    def whole(self) -> Expression:
        expression, _ = self.operation(0)
        if self.here.kind != "end":
            raise self.unexpected()
        return expression

    def operation(self, least: int) -> tuple[Expression, int]:
        """An operand and all operators after it that bind more tightly than ``least``."""
        self.nesting += 1
        if self.nesting > NESTING:
            raise FormulaMistaken([problem("formula-too-nested", self.here.at, most=NESTING)])
        left, depth = self.operand(least)
        while self.here.kind == "sign" and (binding := _BINDING.get(self.here.value, 0)) > least:
            operator = self.take()
            left, depth = self.joined(left, depth, operator, binding)
            if depth > DEEPEST:
                raise FormulaMistaken([problem("formula-too-deep", operator.at, most=DEEPEST)])
            if (
                binding in {_COMPARISON, _POWER}
                and self.here.kind == "sign"
                and _BINDING.get(self.here.value) == binding
            ):
                raise FormulaMistaken([problem("formula-chained", self.here.at, found=self.here.value)])
        self.nesting -= 1
        return left, depth

    def joined(self, left: Expression, depth: int, operator: _Token, binding: int) -> tuple[Expression, int]:
        """``left`` with the operator that was just taken and what stands right of it."""
        if operator.value == "in":
            return Member(left, self.options(), operator.at), depth + 1
        if operator.value == "^" and self.is_whole_exponent():
            return Binary("^", left, self.exponent(), operator.at), depth + 1
        if operator.value == "^":
            exponent, other = self.operation(_POWER)
            return Call("power", (left, exponent), operator.at), max(depth, other) + 1
        right, other = self.operation(binding)
        return Binary(cast("BinaryOperator", operator.value), left, right, operator.at), max(depth, other) + 1

    def operand(self, least: int) -> tuple[Expression, int]:
        """What an operator stands between: something simple, signed or in parentheses."""
        token = self.here
        if token.kind != "sign":
            return self.simple()
        if token.value == "(":
            self.take()
            inner = self.operation(0)
            self.expect(")")
            return inner
        if token.value == "-":
            self.take()
            operand, depth = self.operation(_SIGN)
            return Unary("-", operand, token.at), depth + 1
        if token.value == "not" and least < _NOT:
            self.take()
            operand, depth = self.operation(_NOT - 1)
            return Unary("not", operand, token.at), depth + 1
        raise self.unexpected()

    def simple(self) -> tuple[Expression, int]:
        """A number, a quoted text, an id or a call."""
        token = self.here
        if token.kind == "end":
            raise self.unexpected()
        self.take()
        if token.kind == "number":
            return Number(Fraction(token.value), token.at), 1
        if token.kind == "text":
            return Text(token.value, token.at), 1
        if self.here.kind == "sign" and self.here.value == "(":
            return self.call(token)
        return Name(token.value, token.at), 1

    def call(self, function: _Token) -> tuple[Expression, int]:
        self.expect("(")
        arguments: list[Expression] = []
        deepest = 0
        if self.here.kind != "sign" or self.here.value != ")":
            while True:
                argument, depth = self.operation(0)
                arguments.append(argument)
                deepest = max(deepest, depth)
                if self.here.kind != "sign" or self.here.value != ",":
                    break
                self.take()
        self.expect(")")
        if deepest >= DEEPEST:
            raise FormulaMistaken([problem("formula-too-deep", function.at, most=DEEPEST)])
        return Call(function.value, tuple(arguments), function.at), deepest + 1

    def options(self) -> tuple[Text, ...]:
        self.expect("(")
        found: list[Text] = []
        while True:
            if self.here.kind != "text":
                raise self.unexpected(wanted="'…'")
            token = self.take()
            found.append(Text(token.value, token.at))
            if self.here.kind != "sign" or self.here.value != ",":
                break
            self.take()
        self.expect(")")
        return tuple(found)

    def is_whole_exponent(self) -> bool:
        """Whether what comes is meant to be a whole number that is written out: anything else is a formula."""
        token = self.here
        if token.kind == "number":
            return Fraction(token.value).denominator == 1
        return token.kind == "end" or (token.kind == "sign" and token.value != "(")

    def exponent(self) -> Number:
        start = self.here
        negative = start.kind == "sign" and start.value == "-"
        if negative:
            self.take()
        token = self.here
        value = Fraction(token.value) if token.kind == "number" else None
        if value is None or value.denominator != 1 or value > LARGEST_EXPONENT:
            raise FormulaMistaken([problem("formula-exponent", start.at, most=LARGEST_EXPONENT)])
        self.take()
        return Number(-value if negative else value, start.at)
