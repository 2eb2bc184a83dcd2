"""One export after another: together they give away no more than each alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from itti.results.history import Shown, earlier_of
from scoring.benchmark import Member, derivable, releases

LEAST = 3
SECTORS = ("food", "metals")

Factories = Mapping[str, str]
"""Factory → number of its certificate."""


def released(past: list[Shown], now: Factories) -> Shown:
    """What an export shows; a factory's sector follows from its name."""
    earlier, chains = earlier_of(past, now)
    members = [
        Member(name, Fraction(int(number.partition("/")[2])), {"sector": SECTORS[int(name) % 2]})
        for name, number in now.items()
    ]
    return Shown.of(chains, releases({"index": members}, ["sector"], LEAST, earlier=earlier), ["sector"])


def numbers(*versions: int) -> dict[str, str]:
    """Factory 0, 1, …, whose certificates are their first, second, …; 0: it has none."""
    return {str(place): f"{place}/{version}" for place, version in enumerate(versions) if version}


MOVES = st.lists(st.lists(st.sampled_from(["none", "same", "next"]), min_size=9, max_size=9), min_size=2, max_size=4)


def rounds_of(moves: list[list[str]]) -> list[list[int]]:
    """What each factory has in each round: none, the same certificate as last, or the next one.

    None comes back that another one has taken the place of: what was superseded stays so, also once that is revoked.
    """
    last = [1] * 9
    rounds = []
    for each in moves:
        last = [number + (move == "next") for number, move in zip(last, each, strict=True)]
        rounds.append([0 if move == "none" else number for number, move in zip(last, each, strict=True)])
    return rounds


@settings(max_examples=60, deadline=None)
@given(MOVES.map(rounds_of))
def test_nobody_is_given_away_by_a_difference(rounds: list[list[int]]) -> None:
    past: list[Shown] = []
    for versions in rounds:
        made = released(past, numbers(*versions))
        past.append(Shown.read(json.loads(json.dumps(made.stored()))))
    assert derivable(list(dict.fromkeys(group for each in past for group in each.groups)), LEAST) is None
    for number, before in enumerate(past):
        for after in past[number + 1 :]:
            for group in set(before.groups) & set(after.groups):
                changed = {each for each in group if before.chains[each][-1] != after.chains[each][-1]}
                assert not changed or len(changed) >= LEAST


def everybody(shown: Shown) -> bool:
    return any(len(group) == max(map(len, shown.groups)) == len(shown.chains) for group in shown.groups)


def test_what_has_not_changed_is_shown_again() -> None:
    first = released([], numbers(1, 1, 1, 1, 1, 1))
    assert len(first.groups) == 3
    assert released([first], numbers(1, 1, 1, 1, 1, 1)).groups == first.groups


def test_one_that_came_went_or_changed_is_not_told_of() -> None:
    first = released([], numbers(1, 1, 1, 1, 1, 1, 0))
    for later in (numbers(1, 1, 1, 1, 1, 1, 1), numbers(0, 1, 1, 1, 1, 1, 0), numbers(2, 1, 1, 1, 1, 1, 0)):
        assert not everybody(released([first], later))


def test_enough_that_changed_are_shown() -> None:
    first = released([], numbers(1, 1, 1, 1, 1, 1))
    assert everybody(released([first], numbers(2, 1, 2, 1, 2, 1)))
    assert len(released([first], numbers(2, 1, 2, 1, 2, 1)).groups) == 3
    assert len(released([first], numbers(2, 2, 2, 1, 1, 1)).groups) == 1, "two of the even ones, and one of the odd"


def test_a_chain_of_small_steps_is_no_way_around() -> None:
    first = released([], numbers(1, 1, 1, 1, 1, 1))
    second = released([first], numbers(2, 1, 1, 1, 1, 1))
    third = released([first, second], numbers(3, 1, 1, 1, 1, 1))
    assert not everybody(second)
    assert not everybody(third)
