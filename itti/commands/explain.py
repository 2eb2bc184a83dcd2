"""A scorecard in words, so that a factory manager can follow every number with pen and paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from itti.commands.explain_answers import Numbers, answer_in_words, brief, exact, worth
from questionnaires import wording
from questionnaires.model import Aggregation, Definition, Texts
from scoring import Deciding, NodeScore, QuestionScore, RuleOutcome, Scorecard, Share, State, Why, compile_plan

Pairs = Sequence[tuple[Fraction, str]]
"""Weight and value of every part that counts."""


FIRST: Final = 5
"""How many of the open questions that decide most are named."""


def summary(
    definition: Definition, scorecard: Scorecard, language: str, first: Sequence[Deciding] = ()
) -> Iterator[str]:
    """The headline, the sub-indices and the categories, one line each; what is open, and what of it to answer first."""
    texts = definition.words(language)
    yield _say("questionnaire", language, title=texts.title, name=definition.name)
    yield _say("digest", language, digest=scorecard.digest)
    shown = dict.fromkeys((definition.index, *scorecard.profile, *definition.sub_indices, *definition.categories))
    for identifier in shown:
        yield _shown(definition, scorecard, identifier, language)
    headline = scorecard.headline
    if headline.band is not None:
        band = texts.bands[headline.band]
        yield _say("band", language, title=band.title, about=band.about)
    if not scorecard.complete:
        missing = [each.id for each in scorecard.questions if each.state is State.OPEN and each.kind != "computed"]
        yield _say("missing", language, count=len(missing), questions=_list(missing, language))
    if unknown := [figure.id for figure in definition.cohort_figures if figure.id not in known_figures(scorecard)]:
        told = [texts.figures[figure].title for figure in unknown]
        yield _say("figures-missing", language, figures=_list(told, language))
    yield from _first(texts, first, language)


def known_figures(scorecard: Scorecard) -> frozenset[str]:
    """Ids of the figures of a cohort that the score was worked out with."""
    figures = scorecard.cohort.figures if scorecard.cohort is not None else ()
    return frozenset(figure.id for figure in figures if figure.value is not None)


def _first(texts: Texts, first: Sequence[Deciding], language: str) -> Iterator[str]:
    if first:
        yield _say("first", language)
    for each in first[:FIRST]:
        least, most, average = each.per_cent()
        key = "decides" if least == most else "decides-between"
        said = {"title": texts.questions[each.question].title, "id": each.question}
        yield "  " + _say(key, language, least=least, most=most, average=average, **said)


def explain(
    definition: Definition, scorecard: Scorecard, language: str, first: Sequence[Deciding] = ()
) -> Iterator[str]:
    """The summary, then the calculation of every node from its children, headline first."""
    yield from summary(definition, scorecard, language, first)
    telling = _Telling(definition, scorecard, language)
    for node in reversed(scorecard.nodes):
        yield ""
        yield from telling.node(node)
    for score in scorecard.questions:
        if score.disregarded:
            yield ""
            yield telling.disregarded(score)
    yield ""
    mode, places = scorecard.rounding.split("/")
    yield _say(f"rounding-{mode.replace('_', '-')}", language, places=places)


class _Telling:
    """The calculation of one scorecard, node by node."""

    def __init__(self, definition: Definition, scorecard: Scorecard, language: str) -> None:
        self.definition, self.card, self.language = definition, scorecard, language
        self.texts = definition.words(language)
        self.numbers = Numbers.of(definition, scorecard)
        plan = compile_plan(definition, scorecard.cohort)
        self.most = {
            (node.id, child.id): child.scale.high or Fraction(0) for node in plan.nodes for child in node.children
        }

    def node(self, node: NodeScore) -> Iterator[str]:
        """What it is, what it is made of, how, and which rules fired."""
        yield _stated(node, self.texts, self.language)
        if node.why is not Why.NONE:
            yield "  " + self._say(f"why-{node.why.value}")
        for share in node.shares:
            if node.is_profile and share.counted:
                yield "  " + _shown(self.definition, self.card, share.of, self.language)
            else:
                yield from ("  " + line for line in self._share(share))
        if any(share.counted for share in node.shares) or node.rule == Aggregation.FORMULA.value:
            yield "  " + self._made(node)
            yield from ("  " + line for line in self._held(node))
        yield from ("  " + line for line in self._stages(node))
        for rule in node.rules:
            yield "  " + self._rule(rule)

    def disregarded(self, score: QuestionScore) -> str:
        """A question that is not asked here, and the answer that stands there anyway."""
        return self._say("disregarded", title=self.texts.questions[score.id].title, id=score.id, answer=score.answer)

    def _share(self, share: Share) -> Iterator[str]:
        question = self.texts.questions.get(share.of)
        title = question.title if question else self.texts.nodes[share.of].title
        details: dict[str, object] = {"title": title, "id": share.of, "weight": share.weight}
        details["value"] = brief(share.exact or "–")
        if not share.counted and question is not None and share.state is State.SCORED:
            fact = answer_in_words(self.definition, self.card.question(share.of), self.language)
            yield self._say("fact", answer=fact, **details)
            return
        if not share.counted:
            yield self._say(f"left-out-{share.state.value.replace('_', '-')}", **details)
            return
        score = self.card.question(share.of) if question is not None else None
        if share.state is State.NOT_APPLICABLE:
            yield self._say("counted-anyway", **details)
        elif question is not None and score is not None and self._is_level(score):
            yield self._say("level", level_name=question.levels[str(score.level)].name, **details)
        elif score is not None:
            yield self._say("answer", answer=answer_in_words(self.definition, score, self.language), **details)
            yield from ("  " + line for line in worth(self.numbers, score, self.language))
        else:
            yield self._say("share", **details)
        if share.cap is not None:
            yield "  " + self._say("cap", cap=share.cap)

    def _is_level(self, score: QuestionScore) -> bool:
        """Whether the level that was picked is what counts, and not something that it is worth."""
        return score.level is not None and not getattr(self.definition.question(score.id), "worth", ())

    def _made(self, node: NodeScore) -> str:
        """The arithmetic of a node, before its rules."""
        value = (node.rules[0].before if node.rules else None) or node.value or node.provisional or "–"
        pairs = [(Fraction(share.weight), share.exact or "0") for share in node.shares if share.counted]
        weight = sum((each for each, _ in pairs), Fraction(0))
        declared = self.definition.node(node.id)
        told: dict[str, object] = {"value": value, "weights": _joined(str(each) for each, _ in pairs)}
        match node.rule:
            case "mean":
                told |= {"sums": _joined(brief(number) for _, number in pairs), "count": len(pairs)}
                told["exact"] = _total([(Fraction(1), number) for _, number in pairs], Fraction(1, len(pairs)))
            case "weighted_mean":
                told |= {"sums": _products(pairs), "exact": _total(pairs, 1 / weight)}
            case "sum":
                told |= {"sums": _products(pairs), "exact": _total(pairs, Fraction(1))}
            case "share":
                told |= self._achieved(node, pairs)
            case "geometric":
                told["product"] = " × ".join(f"({brief(number)})^({each / weight})" for each, number in pairs)
            case "harmonic":
                told["sums"] = _joined(f"{each}/({brief(number)})" for each, number in pairs)
            case "count" | "share_reached":
                reached = declared.reached_from if declared else None
                told |= {"mark": reached, "out_of": declared.out_of if declared else None}
                told["reached"] = _list(self._reached(node), self.language) or "–"
            case "formula":
                formula = (declared.formula if declared else None) or ""
                told |= {"formula": formula, "inserted": self.numbers.inserted(formula), "exact": node.exact or "–"}
        return self._say(f"rule-{node.rule.replace('_', '-')}", **told)

    def _held(self, node: NodeScore) -> Iterator[str]:
        declared = self.definition.node(node.id)
        if declared is not None and (declared.least is not None or declared.most is not None):
            yield self._say("held", least=_end(declared.least), most=_end(declared.most))

    def _achieved(self, node: NodeScore, pairs: Pairs) -> dict[str, object]:
        counted = [share for share in node.shares if share.counted]
        most = [(Fraction(share.weight), str(self.most[node.id, share.of])) for share in counted]
        declared = self.definition.node(node.id)
        out_of = declared.out_of if declared else Fraction(100)
        possible = sum((weight * Fraction(number) for weight, number in most), Fraction(0))
        total = _total(pairs, out_of / possible) if possible else "–"
        return {"out_of": out_of, "sums": _products(pairs), "most": _products(most), "exact": total}

    def _reached(self, node: NodeScore) -> list[str]:
        return [share.of for share in node.shares if share.counted and share.contribution not in {None, "0"}]

    def _stages(self, node: NodeScore) -> Iterator[str]:
        declared = self.definition.node(node.id)
        open_so_far = node.stage is not None
        for stage in declared.stages if declared else ():
            details = {"title": self.texts.rules[stage.id].title, "id": stage.id, "value": stage.value}
            filled = self.numbers.inserted(stage.when)
            key = "stage-passed" if open_so_far else "stage-closed"
            yield self._say(key, condition=stage.when, inserted=filled, **details)
            open_so_far = open_so_far and stage.id != node.stage

    def _rule(self, rule: RuleOutcome) -> str:
        details: dict[str, object] = {"title": self.texts.rules[rule.id].title, "id": rule.id}
        if rule.fired is None:
            return self._say("rule-waits", **details)
        if not rule.fired:
            return self._say("rule-silent", **details)
        if rule.before == rule.after and rule.band_before == rule.band_after:
            return self._say("rule-without-effect", **details)
        details |= {"before": rule.before, "after": rule.after}
        if rule.band_before == rule.band_after or rule.band_before is None or rule.band_after is None:
            return self._say("rule-fired", **details)
        bands = self.texts.bands
        details |= {"band_before": bands[rule.band_before].title, "band_after": bands[rule.band_after].title}
        return self._say("rule-fired-band", **details)

    def _say(self, key: str, **details: object) -> str:
        return _say(key, self.language, **details)


def _shown(definition: Definition, scorecard: Scorecard, identifier: str, language: str) -> str:
    """One line on a node, or on a question that stands in a profile by itself."""
    texts = definition.words(language)
    if identifier in texts.nodes:
        return _stated(scorecard.node(identifier), texts, language)
    score = scorecard.question(identifier)
    details = {"title": texts.questions[identifier].title, "id": identifier}
    if score.state is State.SCORED:
        return _say("scored", language, value=answer_in_words(definition, score, language), **details)
    return _say(f"left-out-{score.state.value.replace('_', '-')}", language, **details)


def _stated(node: NodeScore, texts: Texts, language: str) -> str:
    details: dict[str, object] = {"title": texts.nodes[node.id].title, "id": node.id}
    details |= {"lowest": node.lowest or "–", "highest": node.highest or "–"}
    if node.state is State.SCORED:
        value = f"{node.value} {node.unit}" if node.unit else node.value
        return _say("scored", language, value=value, **details)
    state = "open-profile" if node.is_profile and node.state is State.OPEN else node.state.value
    return _say(state, language, provisional=node.provisional or "–", **details)


def _end(limit: Fraction | None) -> str:
    return "–" if limit is None else str(limit)


def _products(pairs: Pairs) -> str:
    return _joined(f"{weight}×{brief(number)}" for weight, number in pairs)


def _joined(parts: Iterator[str]) -> str:
    return " + ".join(parts)


def _total(pairs: Pairs, factor: Fraction) -> str:
    """Sum of weight × value, times ``factor``; an ellipsis where an irrational number is among them."""
    numbers = [(weight, exact(number)) for weight, number in pairs]
    known = [weight * number for weight, number in numbers if number is not None]
    return str(sum(known, Fraction(0)) * factor) if len(known) == len(numbers) else "…"


def _list(items: list[str], language: str) -> str:
    return ("، " if language in wording.RIGHT_TO_LEFT else ", ").join(items)


def _say(key: str, language: str, **details: object) -> str:
    return wording.say("itti.commands", f"explain.{key}", language, **details)
