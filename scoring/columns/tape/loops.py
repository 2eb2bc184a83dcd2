"""The loops of compiled tapes (numba), one for each operation: over ``size`` assessments, into ``out``.

``near`` and ``room`` note what lies near a limit: ``room`` is what is left of the distance to the nearest limit once
the bound of the error is taken off. No register that is written is among those that are read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

compiled: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = numba.njit(cache=True, error_model="numpy")
"""Compiled when first called, and kept on disk for the next time."""

Reals = NDArray[np.float64]
Small = NDArray[np.uint8]
Keys = NDArray[np.uint32]


@compiled
def load(digits: NDArray[np.int64], scale: float, ends: NDArray[np.int64], out: Reals, size: int) -> None:
    """The digits of a number times ``scale``; ``ends`` are widened to the least and the greatest of them."""
    least, most = ends[0], ends[1]
    for row in range(size):
        value = digits[row]
        least = min(least, value)
        most = max(most, value)
        out[row] = value * scale
    ends[0], ends[1] = least, most


@compiled
def extremes(digits: NDArray[np.int64]) -> tuple[int, int]:
    """The least and the greatest of some whole numbers."""
    least, most = digits[0], digits[0]
    for row in range(digits.shape[0]):
        least = min(least, digits[row])
        most = max(most, digits[row])
    return least, most


@compiled
def note_near(room: Reals, near: Small, size: int) -> None:
    """What ``room`` says, in ``near``."""
    for row in range(size):
        near[row] |= np.uint8(room[row] <= 0)


@compiled
def look_up(table: Reals, key: Keys, out: Reals, size: int) -> None:
    """A table's number."""
    for row in range(size):
        out[row] = table[key[row]]


@compiled
def line(a: Reals, slope: float, start: float, out: Reals, size: int) -> None:
    """``slope`` × the number + ``start``."""
    for row in range(size):
        out[row] = a[row] * slope + start


@compiled
def clamp(a: Reals, least: float, most: float, out: Reals, size: int) -> None:
    """The number from ``least`` to ``most``."""
    for row in range(size):
        value = a[row]
        value = max(least, value)
        out[row] = min(most, value)


@compiled
def ramp(a: Reals, told: Reals, out: Reals, size: int) -> None:
    """The number held between two ends, on a straight line."""
    least, most, slope, start = told[0], told[1], told[3], told[4]
    for row in range(size):
        value = a[row]
        value = max(least, value)
        value = min(most, value)
        out[row] = value * slope + start


@compiled
def level(codes: Small, slope: float, start: float, out: Reals, size: int) -> None:
    """What a byte stands for on a straight line."""
    for row in range(size):
        out[row] = codes[row] * slope + start


@compiled
def stairs(a: Reals, told: Reals, out: Reals, size: int) -> None:
    """The first number told, and every step whose limit is reached."""
    below = told[0]
    for row in range(size):
        out[row] = below
    for place in range(1, told.shape[0] - 1, 2):
        limit, step = told[place], told[place + 1]
        for row in range(size):
            out[row] += step if a[row] >= limit else 0.0


@compiled
def add(a: Reals, b: Reals, out: Reals, size: int) -> None:
    """The sum."""
    for row in range(size):
        out[row] = a[row] + b[row]


@compiled
def subtract(a: Reals, b: Reals, out: Reals, size: int) -> None:
    """The difference."""
    for row in range(size):
        out[row] = a[row] - b[row]


@compiled
def multiply(a: Reals, b: Reals, out: Reals, size: int) -> None:
    """The product."""
    for row in range(size):
        out[row] = a[row] * b[row]


@compiled
def divide(a: Reals, b: Reals, out: Reals, size: int) -> None:
    """The quotient."""
    for row in range(size):
        out[row] = a[row] / b[row]


@compiled
def lesser_or_greater(a: Reals, b: Reals, least: bool, out: Reals, size: int) -> None:
    """The lesser of two, or the greater."""
    for row in range(size):
        first = (a[row] < b[row]) == least
        out[row] = a[row] if first else b[row]


@compiled
def choose(holds: Small, a: Reals, b: Reals, out: Reals, size: int) -> None:
    """One where ``holds``, else the other."""
    for row in range(size):
        out[row] = a[row] if holds[row] != 0 else b[row]


@compiled
def add_up(floats: Reals, sources: Keys, weights: Reals, out: Reals, size: int) -> None:
    """The register written is none of those read."""
    count = sources.shape[0]
    a, x = floats[sources[0]], weights[0]
    if count == 1:
        for row in range(size):
            out[row] = x * a[row]
        return
    b, y = floats[sources[1]], weights[1]
    place = 2
    if count == 2:
        for row in range(size):
            out[row] = x * a[row] + y * b[row]
    elif count == 3:
        c, z = floats[sources[2]], weights[2]
        for row in range(size):
            out[row] = x * a[row] + y * b[row] + z * c[row]
        place = 3
    else:
        c, z = floats[sources[2]], weights[2]
        d, w = floats[sources[3]], weights[3]
        for row in range(size):
            out[row] = x * a[row] + y * b[row] + z * c[row] + w * d[row]
        place = 4
    while place + 1 < count:
        a, b = floats[sources[place]], floats[sources[place + 1]]
        x, y = weights[place], weights[place + 1]
        for row in range(size):
            out[row] = out[row] + x * a[row] + y * b[row]
        place += 2
    if place < count:
        a = floats[sources[place]]
        x = weights[place]
        for row in range(size):
            out[row] = out[row] + x * a[row]


@compiled
def sum_of(floats: Reals, smalls: Small, sources: Keys, weights: Reals, out: Reals, size: int) -> None:
    """The weighted sum over pairs of a number and whether it counts."""
    out[:size] = 0.0
    for place in range(sources.shape[0] // 2):
        a, there, x = floats[sources[2 * place]], smalls[sources[2 * place + 1]], weights[place]
        for row in range(size):
            out[row] = out[row] + (x * a[row] if there[row] != 0 else 0.0)


@compiled
def count(smalls: Small, sources: Keys, weights: Reals, out: Reals, size: int) -> None:
    """The weight of all that is there."""
    out[:size] = 0.0
    for place in range(sources.shape[0]):
        there, x = smalls[sources[place]], weights[place]
        for row in range(size):
            out[row] = out[row] + (x if there[row] != 0 else 0.0)


@compiled
def round_up_half(
    a: Reals,
    scale: float,
    absolute: float,
    relative: float,
    most: float,
    sure: bool,
    out: Reals,
    near: Small,
    size: int,
) -> None:
    """Half up of numbers of either sign."""
    for row in range(size):
        value = a[row] * scale
        large = abs(value)
        bound = large * relative + absolute
        close = not large < most or bound > 0.1
        shifted = min(large, most) + 0.5 + bound
        found = np.floor(shifted)
        tie = shifted - found <= 2 * bound
        near[row] |= np.uint8(close | (tie & (not sure)))
        out[row] = -found if value < 0 else found


@compiled
def round_easily(a: Reals, scale: float, bound: float, sure: bool, out: Reals, room: Reals, size: int) -> None:
    """Half up of numbers not below 0."""
    shift = 0.5 + bound
    if sure:
        for row in range(size):
            out[row] = np.floor(a[row] * scale + shift)
    else:
        for row in range(size):
            value = a[row] * scale + shift
            found = np.floor(value)
            apart = value - found - 2 * bound
            room[row] = min(room[row], apart)
            out[row] = found


@compiled
def round_any(
    a: Reals,
    scale: float,
    absolute: float,
    relative: float,
    most: float,
    sure: bool,
    mode: int,
    out: Reals,
    near: Small,
    size: int,
) -> None:
    """Any other way."""
    for row in range(size):
        value = a[row] * scale
        large = abs(value)
        bound = large * relative + absolute
        close = not large < most or bound > 0.1
        large = min(large, most)
        if mode == 3:
            large -= bound
            found = np.ceil(large)
            tie = found - large >= 1 - 2 * bound
        else:
            large += bound
            if mode == 1:
                large += 0.5
            found = np.floor(large)
            tie = large - found <= 2 * bound
            if mode == 1 and tie and found % 2 == 1:
                found -= 1
        near[row] |= np.uint8(close | (tie & (not sure)))
        out[row] = -found if value < 0 else found


@compiled
def against(
    a: Reals, limit: float, bound: float, operator: int, sure: bool, out: Small, room: Reals, size: int
) -> None:
    """A comparison with a plain number, which it is taken for within ``bound``."""
    if operator == 0:
        for row in range(size):
            out[row] = a[row] < limit - bound
    elif operator == 1:
        for row in range(size):
            out[row] = a[row] <= limit + bound
    elif operator == 4:
        for row in range(size):
            out[row] = a[row] >= limit - bound
    elif operator == 5:
        for row in range(size):
            out[row] = a[row] > limit + bound
    else:
        for row in range(size):
            out[row] = (abs(a[row] - limit) <= bound) == (operator == 2)
    if not sure:
        for row in range(size):
            apart = abs(a[row] - limit) - bound
            room[row] = min(room[row], apart)


@compiled
def compare(
    a: Reals, b: Reals, x: float, y: float, z: float, operator: int, sure: bool, out: Small, near: Small, size: int
) -> None:
    """A comparison of two numbers that are taken for the same within a bound."""
    for row in range(size):
        bound = abs(a[row]) * x + abs(b[row]) * y + z
        apart = a[row] - b[row]
        same = abs(apart) <= bound
        if operator < 2:
            found = (apart < 0) if operator == 0 else (apart < 0) | same
            found = found & ((operator == 1) | (not same))
        elif operator < 4:
            found = same == (operator == 2)
        else:
            found = (apart > 0) if operator == 5 else (apart > 0) | same
            found = found & ((operator == 4) | (not same))
        out[row] = found
        near[row] |= np.uint8(same & (not sure))


@compiled
def small(code: int, a: Small, b: Small, x: int, out: Small, size: int) -> None:
    """Truths and statuses: and, or, not, whether it is ``x``, and what is needed of both."""
    if code == 19:
        for row in range(size):
            out[row] = a[row] & b[row]
    elif code == 20:
        for row in range(size):
            out[row] = a[row] | b[row]
    elif code == 21:
        for row in range(size):
            out[row] = a[row] ^ 1
    elif code == 22:
        for row in range(size):
            out[row] = a[row] == x
    else:
        for row in range(size):
            most = max(a[row], b[row])
            nothing = ((a[row] == 1) | (b[row] == 1)) & (most < 3)
            out[row] = np.uint8(1) if nothing else most


@compiled
def choose_small(holds: Small, a: Small, b: Small, out: Small, size: int) -> None:
    """One where ``holds``, else the other."""
    for row in range(size):
        out[row] = a[row] if holds[row] != 0 else b[row]


@compiled
def bands(a: Reals, limits: Reals, out: Small, size: int) -> None:
    """How many limits are reached."""
    out[:size] = 0
    for place in range(limits.shape[0]):
        limit = limits[place]
        for row in range(size):
            out[row] += np.uint8(a[row] >= limit)


@compiled
def lower(fires: Small, place: Small, table: Small, out: Small, size: int) -> None:
    """The table's place where a rule fires."""
    for row in range(size):
        before = place[row]
        out[row] = table[before] if fires[row] != 0 else before


@compiled
def look_up_small(table: Small, key: Keys, out: Small, size: int) -> None:
    """A table's small number."""
    for row in range(size):
        out[row] = table[key[row]]


@compiled
def key(keys: Keys, sources: Keys, sizes: Reals, out: Keys, spare: Keys, size: int) -> None:
    """One place for a combination of places."""
    count = sources.shape[0]
    a = keys[sources[0]]
    b, y = keys[sources[1]], np.uint32(sizes[1])
    for row in range(size):
        spare[row] = np.uint32(a[row] * y + b[row])
    place = 2
    while place + 1 < count:
        a, x = keys[sources[place]], np.uint32(sizes[place])
        b, y = keys[sources[place + 1]], np.uint32(sizes[place + 1])
        for row in range(size):
            spare[row] = np.uint32(np.uint32(spare[row] * x + a[row]) * y + b[row])
        place += 2
    if place < count:
        a, x = keys[sources[place]], np.uint32(sizes[place])
        for row in range(size):
            spare[row] = np.uint32(spare[row] * x + a[row])
    for row in range(size):
        out[row] = spare[row]


@compiled
def copy_code(codes: Small, out: Keys, size: int) -> None:
    """A byte as a place."""
    for row in range(size):
        out[row] = codes[row]


@compiled
def look_up_key(table: Keys, key: Keys, out: Keys, size: int) -> None:
    """A table's place."""
    for row in range(size):
        out[row] = table[key[row]]


@compiled
def mark(a: Small, into: Small, size: int) -> None:
    """Whatever is marked, or was."""
    for row in range(size):
        into[row] |= a[row]


@compiled
def round_to_units(
    a: Reals, scale: float, bound: float, sure: bool, out: NDArray[np.int16], room: Reals, size: int
) -> None:
    """Half up of numbers not below 0, as results that nobody else reads."""
    shift = 0.5 + bound
    if sure:
        for row in range(size):
            out[row] = np.int32(a[row] * scale + shift)
    else:
        for row in range(size):
            value = a[row] * scale + shift
            found = np.int32(value)
            apart = value - found - 2 * bound
            room[row] = min(room[row], apart)
            out[row] = found


@compiled
def put_state(status: Small, out: Small, size: int) -> None:
    """The state of a node by its status."""
    for row in range(size):
        out[row] = np.uint8(3) if status[row] == 1 else np.uint8(2) if status[row] == 2 else np.uint8(0)


@compiled
def put_units(a: Reals, out: NDArray[Any], size: int) -> None:
    """Results as whole numbers."""
    for row in range(size):
        out[row] = np.int32(a[row])


@compiled
def put_units_of(a: Reals, status: Small, out: NDArray[Any], size: int) -> None:
    """The same, 0 where there is none."""
    for row in range(size):
        out[row] = np.int32(a[row]) if status[row] == 0 else np.int32(0)


@compiled
def put_bands(a: Small, out: NDArray[np.int16], size: int) -> None:
    """Bands."""
    for row in range(size):
        out[row] = a[row]


@compiled
def put_bands_of(a: Small, status: Small, out: NDArray[np.int16], size: int) -> None:
    """The same, none where there is no result."""
    for row in range(size):
        out[row] = np.int16(a[row]) if status[row] == 0 else np.int16(-1)
