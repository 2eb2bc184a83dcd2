"""Rules, stages and bands: each has what it needs, rises, and can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.checking.question_scales import Scale
from questionnaires.mistakes import Mistake
from questionnaires.model import BandsOn, Better, Boundary, Node, Rounding, RoundingMode, Rule, RuleKind
from questionnaires.places import Path

EFFECTS: Final[Mapping[RuleKind, tuple[str, ...]]] = {
    RuleKind.VETO: ("to", "at_most_band"),
    RuleKind.CAP: ("at_most", "at_least"),
    RuleKind.GATE: ("at_most", "at_least", "at_most_band"),
    RuleKind.DOWNGRADE: ("at_most_band", "bands_down"),
    RuleKind.BONUS: ("at_least_band", "bands_up", "at_least", "at_most"),
}
"""What each kind of rule can do; it needs at least one of them."""

_ALL_EFFECTS: Final = ("to", "at_most", "at_least", "at_most_band", "bands_down", "at_least_band", "bands_up")


def check_rules(contents: Contents) -> Iterator[Mistake]:
    """Mistakes of the stages, rules and bands of every node."""
    for number, node in enumerate(contents.structure.nodes):
        path: Path = ("nodes", number)
        before = node.below
        for place, stage in enumerate(node.stages):
            if stage.value <= before:
                yield contents.mistake("stages-fall", (*path, "stages", place, "value"), stage=stage.id, before=before)
            before = stage.value
        for place, rule in enumerate(node.rules):
            yield from _condition(contents, rule, (*path, "rules", place))
            yield from _effects(contents, node, rule, (*path, "rules", place))
        if node.bands:
            yield from _bands(contents, node, (*path, "bands"))


def _condition(contents: Contents, rule: Rule, path: Path) -> Iterator[Mistake]:
    if (rule.when is None) == (rule.unless is None):
        yield contents.mistake("rule-condition", path, rule=rule.id)
    elif rule.kind is RuleKind.GATE and rule.unless is None:
        yield contents.mistake("gate-condition", path, rule=rule.id)


def _effects(contents: Contents, node: Node, rule: Rule, path: Path) -> Iterator[Mistake]:
    able = EFFECTS[rule.kind]
    stated = [key for key in _ALL_EFFECTS if getattr(rule, key) is not None]
    for key in stated:
        if key not in able:
            told = ", ".join(able)
            yield contents.mistake("rule-effect-foreign", (*path, key), key=key, kind=rule.kind.value, able=told)
    if not set(stated) & set(able):
        yield contents.mistake("rule-effect-missing", path, rule=rule.id, kind=rule.kind.value, able=", ".join(able))
    bands = [band.id for band in node.bands]
    worst_first = [band.id for band in node.bands_worst_first]
    if not bands and rule.moves_band:
        yield contents.mistake("rule-needs-bands", path, rule=rule.id, node=node.id)
    for key, idle in (("at_most_band", -1), ("at_least_band", 0)) if bands else ():
        named = getattr(rule, key)
        if named is not None and named not in bands:
            yield contents.mistake("unknown-band", (*path, key), band=named, known=", ".join(bands))
        elif named is not None and named == worst_first[idle]:
            yield contents.mistake("bonus-idle" if key == "at_least_band" else "rule-idle", (*path, key), rule=rule.id)
    worsening, lifting = ("at_most", "at_least") if node.better is Better.MORE else ("at_least", "at_most")
    if rule.kind is RuleKind.BONUS and getattr(rule, worsening) is not None:
        yield contents.mistake("bonus-worsens", (*path, worsening), rule=rule.id, key=worsening, lifting=lifting)
    scale = contents.scales.before_rules(node)
    lowest = None if rule.at_most is None else contents.scales.amount(rule.at_most).lowest
    if lowest is not None and scale.highest is not None and lowest >= scale.highest:
        yield contents.mistake("rule-idle", (*path, "at_most"), rule=rule.id)
    highest = None if rule.at_least is None else contents.scales.amount(rule.at_least).highest
    if highest is not None and scale.lowest is not None and highest <= scale.lowest:
        yield contents.mistake("rule-idle", (*path, "at_least"), rule=rule.id)


def _bands(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    """Plain limits that do not rise, and bands that nothing reaches; what tables do to the order is told elsewhere."""
    scale = contents.scales.node(node)
    if node.bands_on is BandsOn.STATED:
        scale = _stated(scale, node.rounding or contents.structure.rounding)
    ends = [contents.scales.amount(band.lowest) for band in node.bands]
    reached: int | None = None  # how many bands values reach, where not all
    first = ends[0]
    if scale.lowest is not None and None not in (first.lowest, first.highest) and {*_ends(first)} != {scale.lowest}:
        found = first.lowest if first.lowest != scale.lowest else first.highest
        yield contents.mistake("bands-start", (*path, 0, "from"), lowest=scale.lowest, found=found)
    for position, (band, limit) in enumerate(zip(node.bands, ends, strict=True)):
        here = (*path, position, "from")
        before = node.bands[position - 1].lowest
        if position and isinstance(band.lowest, Fraction) and isinstance(before, Fraction) and band.lowest <= before:
            yield contents.mistake("bands-fall", here, band=band.id)
        if scale.highest is not None and limit.lowest is not None and _beyond(node, limit.lowest, scale.highest):
            reached = position if reached is None else reached
            if position >= reached + _lifted(node, reached):
                yield contents.mistake("band-unreachable", here, band=band.id, highest=scale.highest)


def _lifted(node: Node, above: int) -> int:
    """How many of the bands from a place on, which no value reaches, a bonus gives."""
    if node.better is Better.LESS:  # there the lowest bands are the best
        return 0
    order = [band.id for band in node.bands]
    lifts = [rule for rule in node.rules if rule.lifts_band]
    named = [order.index(rule.at_least_band) + 1 for rule in lifts if rule.at_least_band in order]
    return max([above, *named]) - above + sum(rule.bands_up or 0 for rule in lifts)


def _ends(scale: Scale) -> tuple[Fraction | None, Fraction | None]:
    return scale.lowest, scale.highest


def _beyond(node: Node, limit: Fraction, highest: Fraction) -> bool:
    """Whether nothing gets into a band: its limit lies above the highest value, or at it where that is not enough."""
    return limit > highest or (node.boundary is Boundary.UPPER and limit == highest)


def _stated(scale: Scale, rounding: Rounding) -> Scale:
    """The ends as they are stated: rounded, since bands are decided on the stated value."""
    ends = (None if end is None else _rounded(end, rounding) for end in (scale.lowest, scale.highest))
    return Scale(*ends)


def _rounded(value: Fraction, rounding: Rounding) -> Fraction:
    scaled = abs(value) * 10**rounding.places
    whole, rest = divmod(scaled, 1)
    up = {
        RoundingMode.HALF_UP: rest >= Fraction(1, 2),
        RoundingMode.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        RoundingMode.DOWN: False,
        RoundingMode.UP: rest > 0,
    }[rounding.mode]
    size = Fraction(whole + up, 10**rounding.places)
    return size if value >= 0 else -size
