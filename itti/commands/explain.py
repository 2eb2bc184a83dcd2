"""A scorecard in words, so that a factory manager can follow every number with pen and paper."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from questionnaires import wording
from questionnaires.model import Aggregation, Definition, Texts
from scoring import NodeScore, Scorecard, Share, State


def summary(definition: Definition, scorecard: Scorecard, language: str) -> Iterator[str]:
    """The headline, the sub-indices and the categories, one line each."""

    def say(key: str, **details: object) -> str:
        return wording.say("itti.commands", f"explain.{key}", language, **details)

    texts = definition.words(language)
    yield say("questionnaire", title=texts.title, name=definition.name)
    yield say("digest", digest=scorecard.digest)
    shown = dict.fromkeys((definition.index, *definition.sub_indices, *definition.categories))
    for identifier in shown:
        yield _stated(scorecard.node(identifier), texts, language)
    headline = scorecard.headline
    if headline.band is not None:
        band = texts.bands[headline.band]
        yield say("band", title=band.title, about=band.about)
    if not scorecard.complete:
        missing = [question.id for question in scorecard.questions if question.state is State.OPEN]
        yield say("missing", count=len(missing), questions=_list(missing, language))


def explain(definition: Definition, scorecard: Scorecard, language: str) -> Iterator[str]:
    """The summary, then the calculation of every node from its children, headline first."""
    yield from summary(definition, scorecard, language)
    texts = definition.words(language)
    for node in reversed(scorecard.nodes):
        yield ""
        yield from _calculation(node, scorecard, texts, language)
    yield ""
    mode, places = scorecard.rounding.split("/")
    yield wording.say("itti.commands", f"explain.rounding-{mode.replace('_', '-')}", language, places=places)


def _stated(node: NodeScore, texts: Texts, language: str) -> str:
    title = texts.nodes[node.id].title
    details = {"title": title, "id": node.id, "lowest": node.lowest or "–", "highest": node.highest or "–"}
    if node.state is State.SCORED:
        return wording.say("itti.commands", "explain.scored", language, value=node.value, **details)
    so_far = node.provisional or "–"
    return wording.say("itti.commands", f"explain.{node.state.value}", language, provisional=so_far, **details)


def _calculation(node: NodeScore, scorecard: Scorecard, texts: Texts, language: str) -> Iterator[str]:
    yield _stated(node, texts, language)
    counted = [share for share in node.shares if share.counted]
    for share in node.shares:
        yield "  " + _share(share, scorecard, texts, language)
    if counted:
        yield "  " + _sum(node, counted, language)


def _sum(node: NodeScore, counted: list[Share], language: str) -> str:
    value = node.value or node.provisional
    pairs = [(Fraction(share.weight), Fraction(share.exact or 0)) for share in counted]
    if node.rule == Aggregation.MINIMUM.value:
        return wording.say("itti.commands", "explain.rule-minimum", language, value=value)
    result = sum((weight * number for weight, number in pairs), Fraction(0)) / sum(weight for weight, _ in pairs)
    if node.rule == Aggregation.MEAN.value:
        sums, weights = " + ".join(str(number) for _, number in pairs), str(len(pairs))
        return wording.say(
            "itti.commands", "explain.rule-mean", language, sums=sums, count=weights, exact=result, value=value
        )
    sums = " + ".join(f"{weight}×{number}" for weight, number in pairs)
    weights = " + ".join(str(weight) for weight, _ in pairs)
    return wording.say(
        "itti.commands", "explain.rule-weighted-mean", language, sums=sums, weights=weights, exact=result, value=value
    )


def _share(share: Share, scorecard: Scorecard, texts: Texts, language: str) -> str:
    question = texts.questions.get(share.of)
    title = question.title if question else texts.nodes[share.of].title
    details: dict[str, object] = {"title": title, "id": share.of, "weight": share.weight}
    if not share.counted:
        return wording.say(
            "itti.commands", f"explain.left-out-{share.state.value.replace('_', '-')}", language, **details
        )
    details |= {"value": share.exact, "used": share.weight_used, "contribution": share.contribution}
    if question is not None:
        level = scorecard.question(share.of).level
        details["level_name"] = question.levels[str(level)].name
        return wording.say("itti.commands", "explain.level", language, **details)
    return wording.say("itti.commands", "explain.share", language, **details)


def _list(items: list[str], language: str) -> str:
    return ("، " if language in wording.RIGHT_TO_LEFT else ", ").join(items)
