"""The scorecard: charts, the same numbers as a table, and how each number came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from starlette.responses import Response

from itti.assessments import service
from itti.assessments.library import Questionnaire
from itti.assessments.tables import Answer, Assessment, Phase
from itti.certificates import service as certificates
from itti.certificates.tables import Certificate
from itti.web.visits import Visit
from questionnaires.model import Definition, Texts
from reports import charts
from scoring import NodeScore, Scorecard, Share, State


@dataclass(frozen=True)
class Dimension:
    """One line of the table of dimensions."""

    title: str
    category: str
    level: str
    reason: str
    """Why the assessor chose the level, as written."""

    own: str
    next: str


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
class Part:
    """What one child brought to a node."""

    title: str
    value: str
    weight: str
    part: str
    contribution: str
    counted: bool
    state: str


@dataclass(frozen=True)
class Explained:
    """One number with everything it was made from."""

    id: str
    title: str
    about: str
    value: str
    rule: str
    shares: tuple[Part, ...]


def show(visit: Visit, one: Assessment, certificate: Certificate | None) -> Response:
    """Draw the page: from the register once certified, else from the answers so far."""
    asked = service.shown(one)
    definition = asked.definition
    texts = definition.words(visit.language)
    if certificate is not None:
        service.check_open(visit.act, one)
        card = Scorecard.from_json(certificate.scorecard.encode())
    else:
        card = service.current_scorecard(visit.session, visit.act, one)
    own = service.open_answers(visit.session, visit.act, one, Phase.SELF)
    assessed = service.open_answers(visit.session, visit.act, one, Phase.ASSESSED)
    compare = {name: answer.level for name, answer in own.items() if answer.level is not None}
    band = card.headline.band
    return visit.show(
        "assessments/scorecard.html",
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        certificate=certificate,
        certificate_state=_standing(certificate, visit.act.today),
        texts=texts,
        card=card,
        scale=asked.scale(),
        headline=_stated(card.headline),
        headline_band=texts.bands[band] if band else None,
        bounds=(card.headline.lowest, card.headline.highest),
        subs=[_sub(card.node(name), texts) for name in definition.sub_indices],
        gauge=charts.gauge(definition, card, visit.language),
        radar=charts.radar(definition, card, visit.language, compare=compare or None),
        bars=charts.bars(definition, card, visit.language),
        narrow_bars=[_bar(card.node(name), asked, texts) for name in definition.categories],
        steps=_steps(card.headline, definition, texts),
        dimensions=_dimensions(visit, definition, card, assessed, own),
        has_reasons=any(answer.reason.strip() for answer in assessed.values()),
        has_own=bool(compare),
        rounding_words=_rounding(visit, card),
        nodes=[_explained(visit, node, card, texts) for node in reversed(card.nodes)],
    )


def _standing(certificate: Certificate | None, today: date) -> str | None:
    return None if certificate is None else certificates.standing(certificate, today).value


def _stated(node: NodeScore) -> str:
    return node.value or node.provisional or "–"


def _sub(node: NodeScore, texts: Texts) -> SubIndex:
    return SubIndex(texts.nodes[node.id].title, _stated(node), texts.bands[node.band].title if node.band else None)


def _bar(node: NodeScore, asked: Questionnaire, texts: Texts) -> Bar:
    value, scale = node.value or node.provisional, asked.scale(node.id)
    filled = None if value is None or scale is None else str(Fraction(value) - Fraction(scale[0]))
    return Bar(
        texts.nodes[node.id].title,
        _stated(node),
        None if filled is None else _decimal(filled, 2),
        None if scale is None else str(scale[1] - scale[0]),
    )


def _steps(headline: NodeScore, definition: Definition, texts: Texts) -> list[Step]:
    declared = definition.node(headline.id)
    bands = declared.bands if declared else ()
    return [Step(_decimal(str(band.lowest), 2), texts.bands[band.id].title, band.id == headline.band) for band in bands]


def _rounding(visit: Visit, card: Scorecard) -> str:
    mode, _, places = card.rounding.partition("/")
    return visit.say(f"rounding.{mode}", count=int(places))


def _dimensions(
    visit: Visit, definition: Definition, card: Scorecard, assessed: Mapping[str, Answer], own: Mapping[str, Answer]
) -> list[Dimension]:
    texts = definition.words(visit.language)
    rows: list[Dimension] = []
    for category in definition.categories:
        for question in definition.category_questions(category):
            score, words = card.question(question.id), texts.questions[question.id]
            level = None if score.level is None else words.levels[str(score.level)]
            found, said = assessed.get(question.id), own.get(question.id)
            rows.append(
                Dimension(
                    title=words.title,
                    category=texts.nodes[category].title,
                    level=f"{score.level} · {level.name}"
                    if level
                    else visit.say(f"question-state.{score.state.value}"),
                    reason=found.reason.strip() if found else "",
                    own="–" if said is None or said.level is None else str(said.level),
                    next=level.next if level else "–",
                )
            )
    return rows


def _explained(visit: Visit, node: NodeScore, card: Scorecard, texts: Texts) -> Explained:
    return Explained(
        id=node.id,
        title=texts.nodes[node.id].title,
        about=texts.nodes[node.id].about,
        value=_stated(node),
        rule=visit.say(f"rule.{node.rule}"),
        shares=tuple(_part(share, card, texts) for share in node.shares),
    )


def _part(share: Share, card: Scorecard, texts: Texts) -> Part:
    question = texts.questions.get(share.of)
    return Part(
        title=question.title if question else texts.nodes[share.of].title,
        value=_value(share, card, is_question=question is not None),
        weight=_decimal(share.weight, 2),
        part="–" if share.weight_used is None else f"{_decimal(share.weight_used, 3, percent=True)} %",
        contribution="–" if share.contribution is None else _decimal(share.contribution, 3),
        counted=share.counted,
        state=share.state.value,
    )


def _value(share: Share, card: Scorecard, *, is_question: bool) -> str:
    if share.state is not State.SCORED:
        return "–"
    if is_question:
        return str(card.question(share.of).level)
    return _stated(card.node(share.of))


def _decimal(exact: str, places: int, *, percent: bool = False) -> str:
    """An exact number for the screen; more exactly than the screen, it stands in the JSON file."""
    value = Fraction(exact) * (100 if percent else 1)
    scaled = value * 10**places
    whole = int(scaled + Fraction(1, 2)) if scaled >= 0 else -int(-scaled + Fraction(1, 2))
    text = f"{whole // 10**places}.{abs(whole) % 10**places:0{places}d}" if places else str(whole)
    return text.rstrip("0").rstrip(".") if "." in text else text
