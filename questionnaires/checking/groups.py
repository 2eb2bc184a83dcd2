"""Sections, views, crosswalks and what is taken of a cohort: what they group exists and may be grouped so."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from questionnaires.checking.contents import Contents
from questionnaires.checking.names import classifies, counts_numbers
from questionnaires.checking.nodes import is_profile
from questionnaires.checking.priorities import check_priorities
from questionnaires.cohorts import MOST_GROUPS
from questionnaires.grouping import groups_by
from questionnaires.mistakes import Mistake
from questionnaires.model import CohortFigure, QuantileMethod, Ranking, Statistic, TooFew
from questionnaires.places import Path


def check_groups(contents: Contents) -> Iterator[Mistake]:
    """Mistakes of everything that groups questions and nodes beside the tree."""
    yield from _sections(contents)
    for number, view in enumerate(contents.structure.views):
        for place, identifier in enumerate(view.nodes):
            if identifier not in contents.nodes:
                yield contents.mistake("unknown-node", ("views", number, "nodes", place), id=identifier)
    for number, crosswalk in enumerate(contents.structure.crosswalks):
        for place, item in enumerate(crosswalk.items):
            for position, identifier in enumerate(item.of):
                if identifier not in contents.questions and identifier not in contents.nodes:
                    path = ("crosswalks", number, "items", place, "of", position)
                    yield contents.mistake("unknown-id", path, id=identifier)
    yield from _rankings(contents)
    yield from _roll_ups(contents)
    yield from _figures(contents)
    yield from check_priorities(contents)


def _sections(contents: Contents) -> Iterator[Mistake]:
    home: dict[str, str] = {}
    for number, section in enumerate(contents.structure.sections):
        for place, identifier in enumerate(section.questions):
            path = ("sections", number, "questions", place)
            if identifier not in contents.questions:
                yield contents.mistake("unknown-question", path, id=identifier)
            elif identifier in home:
                yield contents.mistake("in-two-sections", path, id=identifier, section=home[identifier])
            home.setdefault(identifier, section.id)


def _rankings(contents: Contents) -> Iterator[Mistake]:
    for number, ranking in enumerate(contents.structure.rankings):
        if ranking.of not in contents.nodes:
            yield contents.mistake("unknown-node", ("rankings", number, "of"), id=ranking.of)
        elif is_profile(contents, ranking.of):
            yield contents.mistake("profile-without-value", ("rankings", number, "of"), id=ranking.of)
        yield from _places(contents, ranking, ("rankings", number, "places"))
        yield from _by(contents, ranking, ("rankings", number))


def _places(contents: Contents, ranking: Ranking, path: Path) -> Iterator[Mistake]:
    """Places that reach no further than the one before them, as far as that can be told without knowing who comes."""
    for place, here in enumerate(ranking.places):
        if (here.top is None) == (here.members is None):
            yield contents.mistake("place-reach", (*path, place), place=here.id)
        if here.top is None and here.members is not None:
            for key in {"rounding", "at_least"} & here.model_fields_set:
                yield contents.mistake("place-without-share", (*path, place, key), place=here.id, key=key)
        for key in ("top", "members"):
            reach = getattr(here, key)
            before = [found for each in ranking.places[:place] if (found := getattr(each, key)) is not None]
            if reach is not None and before and reach <= max(before):
                yield contents.mistake("places-fall", (*path, place, key), place=here.id, before=max(before))


def _by(contents: Contents, grouped: Ranking | CohortFigure, path: Path) -> Iterator[Mistake]:
    """Facts that tell no groups apart, and a wider group where there is none."""
    for place, identifier in enumerate(grouped.by):
        at: Path = (*path, "by", place) if len(grouped.by) > 1 else (*path, "by")
        if not _keys(contents, identifier) or identifier in grouped.by[:place]:
            yield contents.mistake("not-a-group", at, id=identifier, known=", ".join(_telling(contents)) or "–")
    sizes = {each: len(keys) for each in grouped.by if (keys := _keys(contents, each))}
    groups = prod(sizes.values())
    if groups > MOST_GROUPS:
        told = {"groups": groups, "most": MOST_GROUPS, "largest": max(sizes, key=sizes.__getitem__)}
        yield contents.mistake("groups-too-many", (*path, "by"), **told)
    if grouped.too_few is TooFew.WIDER and not grouped.by:
        yield contents.mistake("nothing-wider", (*path, "too_few"))


def _keys(contents: Contents, identifier: str) -> tuple[str, ...]:
    """The groups that a question or node tells apart."""
    return groups_by(contents.questions.get(identifier) or contents.nodes.get(identifier))


def _telling(contents: Contents) -> list[str]:
    """The first of the questions and nodes that can tell groups apart."""
    facts = (*contents.structure.questions, *contents.structure.nodes)
    return [each.id for each in facts if groups_by(each) and each.id not in contents.members][:12]


def _roll_ups(contents: Contents) -> Iterator[Mistake]:
    for number, roll_up in enumerate(contents.structure.roll_ups):
        for place, identifier in enumerate(roll_up.sums):
            if not counts_numbers(contents, identifier):
                yield contents.mistake("not-a-sum", ("roll_ups", number, "sums", place), id=identifier)
            elif is_profile(contents, identifier):
                yield contents.mistake("profile-without-value", ("roll_ups", number, "sums", place), id=identifier)
        for place, left_out in enumerate(roll_up.left_out):
            if left_out.of not in roll_up.sums:
                path = ("roll_ups", number, "left_out", place, "of")
                yield contents.mistake("left-out-of-nothing", path, id=left_out.of, known=", ".join(roll_up.sums))
        if roll_up.by is not None and not classifies(contents, roll_up.by):
            yield contents.mistake("not-a-choice", ("roll_ups", number, "by"), id=roll_up.by)
        for place, identifier in enumerate(roll_up.same):
            if identifier not in contents.questions:
                yield contents.mistake("unknown-question", ("roll_ups", number, "same", place), id=identifier)


def _figures(contents: Contents) -> Iterator[Mistake]:
    for number, figure in enumerate(contents.structure.cohort_figures):
        path = ("cohort_figures", number)
        if not counts_numbers(contents, figure.of) or is_profile(contents, figure.of):
            yield contents.mistake("figure-of-no-number", (*path, "of"), id=figure.of)
        if (figure.figure is Statistic.QUANTILE) != (figure.share is not None):
            yield contents.mistake("quantile-share", path, figure=figure.figure.value)
        if figure.figure is not Statistic.QUANTILE and figure.method is not QuantileMethod.R7:
            yield contents.mistake("quantile-method", (*path, "method"), figure=figure.figure.value)
        if figure.part is not None and (figure.part.share is None) == (figure.part.members is None):
            yield contents.mistake("part-size", (*path, "part"))
        yield from _by(contents, figure, path)
