"""The scorecard: charts, the same numbers as a table, and how each number came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from starlette.responses import Response

from itti.assessments import answer_words, asked, asking, service
from itti.assessments.figures import decimal
from itti.assessments.layout import Leaf
from itti.assessments.library import Questionnaire
from itti.assessments.origins import explained, of_node, stated
from itti.assessments.standing import as_given, scorecard_of
from itti.assessments.tables import Answer, Assessment, Phase
from itti.certificates import service as certificates
from itti.certificates.office import Office
from itti.certificates.tables import Certificate
from itti.papers import service as papers
from itti.web.visits import Visit
from questionnaires.model import Definition, QuestionText, Texts
from reports import charts, webpage
from reports.calculation import calculation_of
from reports.directions import isolated
from reports.lists import asked_by
from reports.scales import limit
from scoring import NodeScore, QuestionScore, Scorecard, State, Why


@dataclass(frozen=True)
class Dimension:
    """One line of the table of dimensions."""

    title: str
    category: str
    level: str
    """What was answered, or the value of a dimension that has questions."""

    disregarded: str = ""
    """An answer that is kept and does not count, because its question is not asked here."""

    reason: str = ""
    """Why the assessor answered so, as written."""

    own: str = "–"
    next: str = "–"
    is_part: bool = False
    """A question below a dimension or in a section."""


@dataclass(frozen=True)
class Bar:
    """A category as a bar of the narrow screen, where the drawn chart would be too small to read."""

    title: str
    value: str
    filled: str | None
    """How far the value lies above the lowest of its scale; None without a value or a scale."""

    whole: str | None
    """How long the scale is."""


@dataclass(frozen=True)
class Step:
    """One band of the headline."""

    starts: str
    title: str
    here: bool


@dataclass(frozen=True)
class SubIndex:
    """An index stated beside the headline."""

    title: str
    value: str
    band: str | None


@dataclass(frozen=True)
class ViewTable:
    """A further way to group the same answers."""

    title: str
    about: str
    nodes: tuple[SubIndex, ...]


def show(visit: Visit, office: Office, one: Assessment, certificate: Certificate | None) -> Response:
    """Draw the page: from the register once certified, else from the answers so far."""
    assessed = service.open_answers(visit.session, visit.act, one, Phase.ASSESSED)
    published = service.shown(one)
    questionnaire = published.asked(assessed.values())
    definition = questionnaire.definition
    texts = definition.words(visit.language)
    if certificate is not None:
        service.check_open(visit.act, one)
        card = Scorecard.from_json(certificate.scorecard.encode())
    else:
        card = service.current_scorecard(visit.session, visit.act, one)
    report = papers.stated(visit.session, office, one, card)
    own = service.open_answers(visit.session, visit.act, one, Phase.SELF)
    has_own = any(answer.given for answer in own.values())
    known = questionnaire.plan.positions
    compare = (
        scorecard_of(questionnaire, (each for each in own.values() if each.question in known)) if has_own else None
    )
    rows = _rows(visit, questionnaire, card, assessed, own=own, compare=compare)
    drawn = asked_by(published.definition, report)  # the very one of the report, which is measured once
    given = as_given(assessed.values())
    by_hand = calculation_of(definition, questionnaire.plan, given, card, visit.language)
    band = card.headline.band
    return visit.show(
        "assessments/scorecard.html",
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        certificate=certificate,
        has_short=certificate is not None and certificates.has_short_papers(visit.session, certificate),
        papers_href=f"/assessments/{one.id}/papers" if papers.on_the_way(visit.session, one) else None,
        certificate_state=_standing(certificate, visit.act.today),
        texts=texts,
        card=card,
        scale=questionnaire.scale(),
        headline=stated(visit, card.headline),
        profile=[_profiled(visit, questionnaire, card, name, assessed) for name in card.profile],
        headline_band=texts.bands[band] if band else None,
        bounds=(card.headline.lowest, card.headline.highest),
        subs=[_sub(visit, card.node(name), texts) for name in definition.sub_indices if name not in card.profile],
        gauge=charts.gauge(drawn, card, visit.language, colours=office.theme.colours),
        radar=charts.radar(
            drawn, card, visit.language, compare=compare, sector=report.sector, colours=office.theme.colours
        ),
        numbered_radar=charts.numbered_radar(
            drawn, card, visit.language, compare=compare, sector=report.sector, colours=office.theme.colours
        ),
        heat=charts.heat(drawn, card, visit.language, colours=office.theme.colours),
        bars=charts.bars(drawn, card, visit.language, colours=office.theme.colours),
        further=webpage.sections(report, published.definition, visit.language, theme=office.theme),
        narrow_bars=[_bar(visit, card.node(name), questionnaire, texts) for name in definition.categories],
        steps=_steps(card.headline, definition, texts),
        dimensions=rows,
        has_reasons=any(answer.reason.strip() for answer in assessed.values()),
        has_own=compare is not None,
        views=_views(visit, definition, card, texts),
        has_parts=any(row.is_part for row in rows),
        has_next=any(row.next != "–" for row in rows),
        rounding_words=_rounding(visit, card),
        nodes=[explained(visit, node, card, definition, by_hand) for node in reversed(card.nodes)],
        isolated=isolated,
    )


def _standing(certificate: Certificate | None, today: date) -> str | None:
    return None if certificate is None else certificates.standing(certificate, today).value


def _sub(visit: Visit, node: NodeScore, texts: Texts) -> SubIndex:
    return SubIndex(
        texts.nodes[node.id].title, stated(visit, node), texts.bands[node.band].title if node.band else None
    )


def _profiled(
    visit: Visit, asked_in: Questionnaire, card: Scorecard, name: str, assessed: Mapping[str, Answer]
) -> SubIndex:
    """One question or node of the profile that stands in place of an index."""
    texts = asked_in.definition.words(visit.language)
    if name in texts.nodes:
        return _sub(visit, card.node(name), texts)
    answered = _answered(visit, asked_in, card.question(name), assessed.get(name))
    return SubIndex(texts.questions[name].title, answered, None)


def _bar(visit: Visit, node: NodeScore, questionnaire: Questionnaire, texts: Texts) -> Bar:
    value, scale = node.value or node.provisional, questionnaire.scale(node.id)
    filled = None if value is None or scale is None else str(Fraction(value) - Fraction(scale[0]))
    return Bar(
        texts.nodes[node.id].title,
        stated(visit, node),
        None if filled is None else decimal(filled, 2),
        None if scale is None else str(scale[1] - scale[0]),
    )


def _steps(headline: NodeScore, definition: Definition, texts: Texts) -> list[Step]:
    declared = definition.node(headline.id)
    bands = declared.bands if declared else ()
    starts = [limit(band, headline) for band in bands]
    return [
        Step("–" if start is None else decimal(str(start), 2), texts.bands[band.id].title, band.id == headline.band)
        for band, start in zip(bands, starts, strict=True)
    ]


def _rounding(visit: Visit, card: Scorecard) -> str:
    mode, _, places = card.rounding.partition("/")
    return visit.say(f"rounding.{mode}", count=int(places))


def _rows(  # noqa: PLR0913 - what a row is made of
    visit: Visit,
    asked_in: Questionnaire,
    card: Scorecard,
    assessed: Mapping[str, Answer],
    *,
    own: Mapping[str, Answer],
    compare: Scorecard | None,
) -> list[Dimension]:
    """The dimensions, each node with its questions below it, then the facts of sections."""
    definition, language = asked_in.definition, visit.language
    texts = definition.words(language)
    rows: list[Dimension] = []
    bare = _without_a_leaf(visit, asked_in, card, compare)
    for leaf in sorted(asked_in.leaves, key=_is_fact):
        if _is_fact(leaf):
            rows += bare
            bare = []
        group = texts.nodes[leaf.category].title if leaf.category else visit.say("answer.general")
        if not leaf.is_plain:
            has_value = not leaf.is_section and leaf.item is None
            value = of_node(visit, card.node(leaf.of)) if has_value else ""
            said_of_itself = of_node(visit, compare.node(leaf.of)) if has_value and compare is not None else "–"
            rows.append(Dimension(leaf.heading(texts).title, group, value, own=said_of_itself))
        for name in leaf.questions:
            score, words = card.question(name), asked_in.words(leaf, name, language)
            found, said = assessed.get(name), own.get(name)
            rows.append(
                Dimension(
                    title=words.title,
                    category=group if leaf.is_plain else "",
                    level=_answered(visit, asked_in, score, found),
                    disregarded=answer_words.stored_words(definition, language, found) if score.disregarded else "",
                    reason=found.reason.strip() if found else "",
                    own=_own(definition, language, said),
                    next=_next_step(words, score.level),
                    is_part=not leaf.is_plain,
                )
            )
    return rows + bare


def _is_fact(leaf: Leaf) -> bool:
    """Whether a leaf holds facts of a section, or the items of a list that is one of them."""
    return leaf.is_section or (leaf.item is not None and leaf.category is None)


def _without_a_leaf(
    visit: Visit, asked_in: Questionnaire, card: Scorecard, compare: Scorecard | None
) -> list[Dimension]:
    """The dimensions whose questions are all asked in sections."""
    definition, texts = asked_in.definition, asked_in.definition.words(visit.language)
    shown = {leaf.of for leaf in asked_in.leaves}
    rows = []
    for category in definition.categories:
        for name in definition.dimensions(category):
            if name in texts.nodes and name not in shown:
                own = "–" if compare is None else of_node(visit, compare.node(name))
                title, group = texts.nodes[name].title, texts.nodes[category].title
                rows.append(Dimension(title, group, of_node(visit, card.node(name)), own=own))
    return rows


def _next_step(words: QuestionText, level: int | None) -> str:
    """What the questionnaire says comes next: in words of its own, or what the next level describes."""
    if level is None:
        return "–"
    following = words.levels.get(str(level + 1))
    return words.levels[str(level)].next or (following.description if following else "–")


def _answered(visit: Visit, asked_in: Questionnaire, score: QuestionScore, found: Answer | None) -> str:
    """The answer in words, and its worth where that is another number."""
    language, definition = visit.language, asked_in.definition
    if score.state is not State.SCORED:
        state = visit.say(f"question-state.{score.state.value}")
        if score.state is State.NOT_APPLICABLE and score.answer and score.why is Why.NONE:  # said by an option
            return f"{state} – {answer_words.stored_words(definition, language, found)}"
        return state
    if asked.is_computed(score):
        said = asking.computed_words(asked_in.question(score.id), score, language)
    else:
        said = answer_words.stored_words(definition, language, found)
    if score.exact is None or score.exact in {score.number, str(score.level)}:
        return said
    return visit.say("scorecard.worth", answer=said, value=decimal(score.exact, 3))


def _own(definition: Definition, language: str, said: Answer | None) -> str:
    if said is None or said.given is None:
        return "–"
    return answer_words.stored_words(definition, language, said) if said.level is None else str(said.level)


def _views(visit: Visit, definition: Definition, card: Scorecard, texts: Texts) -> list[ViewTable]:
    """Further ways to look at the same answers."""
    return [
        ViewTable(
            texts.groups[view.id].title,
            texts.groups[view.id].about,
            tuple(
                SubIndex(
                    texts.nodes[name].title,
                    of_node(visit, card.node(name)),
                    _band_or_stage(card.node(name), texts),
                )
                for name in view.nodes
            ),
        )
        for view in definition.views
    ]


def _band_or_stage(node: NodeScore, texts: Texts) -> str | None:
    if node.band:
        return texts.bands[node.band].title
    return texts.rules[node.stage].title if node.stage else None
