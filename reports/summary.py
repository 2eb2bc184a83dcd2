"""A scorecard in a few lines: the headline, the parts, what is open, and what of it to answer first.

Whoever prints these lines, the terminal or the API, says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires import wording
from questionnaires.model import Definition, Texts
from reports.calculation_steps import answer_in_words
from scoring import Deciding, NodeScore, Scorecard, State, Why
from scoring.reaching import Reaching
from scoring.scorecard import figure_for

FIRST: Final = 5
"""How many of the open questions that decide most are named."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What open questions still decide."""

    first: Sequence[Deciding] = ()
    """The questions that decide something, those that decide most first."""

    ends: Reaching | None = None
    """How far answers lead the index, where that was looked for."""


NOTHING_AHEAD: Final = Ahead()


def summary(
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    ahead: Ahead = NOTHING_AHEAD,
) -> Iterator[str]:
    """The headline, the sub-indices and the categories, one line each; what is open, and what of it to answer first."""
    texts = definition.words(language)
    yield _say("questionnaire", language, title=texts.title, name=definition.name)
    yield _say("digest", language, digest=scorecard.digest)
    shown = dict.fromkeys((definition.index, *scorecard.profile, *definition.sub_indices, *definition.categories))
    for identifier in shown:
        line = _shown(definition, scorecard, identifier, language)
        part = scorecard.node(identifier) if identifier in texts.nodes and identifier in scorecard.profile else None
        yield f"{line} · {texts.bands[part.band].title}" if part and part.band else line
    headline = scorecard.headline
    if headline.band is not None:
        band = texts.bands[headline.band]
        yield _say("band", language, title=band.title, about=band.about)
    if not scorecard.complete:
        missing = [each.id for each in scorecard.questions if each.state is State.OPEN and each.kind != "computed"]
        if missing:  # nothing is, where only figures of a cohort are
            yield _say("missing", language, count=len(missing), questions=_list(missing, language))
    if ahead.ends is not None:
        yield _ends(ahead.ends, language)
    for key, unknown in unknown_figures(definition, scorecard).items():
        told = [texts.figures[figure].title for figure in unknown]
        yield _say(key, language, figures=_list(told, language))
    yield from _first(texts, ahead.first, language)


def unknown_figures(definition: Definition, scorecard: Scorecard) -> Mapping[str, Sequence[str]]:
    """Why figures of a cohort are not known (``figures-missing``: none were given, ``figures-too-few``) → their ids.

    A figure by groups is only known to be missing once answers tell the group.
    """
    found: dict[str, list[str]] = {}
    for figure in definition.cohort_figures:
        given = figure_for(figure, scorecard)
        if given is None and (scorecard.cohort is None or not figure.by):
            found.setdefault("figures-missing", []).append(figure.id)
        elif given is not None and given.value is None:
            found.setdefault("figures-too-few", []).append(figure.id)
    return found


def _ends(ends: Reaching, language: str) -> str:
    """Whether the limits stated are reached; else how far answers were found to lead."""
    both = ends.lowest, ends.highest
    if all(end.reached for end in both):
        return _say("ends-reached", language)
    if any(end.found is None for end in both):
        return _say("ends-none", language)
    found = {"lowest": ends.lowest.found, "highest": ends.highest.found}
    if all(end.proven for end in both):
        return _say("ends-proven", language, **found)
    if any(end.limit is None for end in both):
        return _say("ends-found", language, **found)
    return _say("ends-within", language, **found, least=ends.lowest.limit, most=ends.highest.limit)


def _first(texts: Texts, first: Sequence[Deciding], language: str) -> Iterator[str]:
    if first:
        yield _say("first", language)
    for each in first[:FIRST]:
        least, most, average = each.per_cent()
        key = "decides" if least == most else "decides-between"
        said = {"title": texts.questions[each.question].title, "id": each.question}
        yield "  " + _say(key, language, least=least, most=most, average=average, **said)


def _shown(definition: Definition, scorecard: Scorecard, identifier: str, language: str) -> str:
    """One line on a node, or on a question that stands in a profile by itself."""
    texts = definition.words(language)
    if identifier in texts.nodes:
        return _stated(scorecard.node(identifier), texts, language)
    score = scorecard.question(identifier)
    details = {"title": texts.questions[identifier].title, "id": identifier}
    if score.state is State.SCORED:
        return _say("scored", language, value=answer_in_words(definition, score, language), **details)
    return _say(f"part-{score.state.value.replace('_', '-')}", language, **details)


def _stated(node: NodeScore, texts: Texts, language: str) -> str:
    details: dict[str, object] = {"title": texts.nodes[node.id].title, "id": node.id}
    details |= {"lowest": node.lowest or "–", "highest": node.highest or "–"}
    if node.state is State.SCORED:
        value = f"{node.value} {node.unit}" if node.unit else node.value
        return _say("scored", language, value=value, **details)
    if node.is_profile and node.band:
        return _say("profile-class", language, **{"class": texts.bands[node.band].title}, **details)
    state = "open-profile" if node.is_profile and node.state is State.OPEN else node.state.value
    if node.state is State.INSUFFICIENT and node.why is not Why.NONE:
        # enough counts: what is said below the node is why there is none
        state = "undefined" if node.why is Why.UNDEFINED else "no-number"
    return _say(state, language, provisional=node.provisional or "–", **details)


def _list(items: list[str], language: str) -> str:
    return ("، " if language in wording.RIGHT_TO_LEFT else ", ").join(items)


def _say(key: str, language: str, **details: object) -> str:
    return wording.say("reports", f"summary.{key}", language, **details)
