"""What a second person sees of an assessment: every answer beside the others, and what is worth a second look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import asked, conditions, library, reading
from itti.assessments.library import Questionnaire
from itti.assessments.moves import Relation
from itti.assessments.standing import answer_of, scorecard_of
from itti.assessments.tables import Answer, Assessment, Phase
from itti.review.beside import Last, LastAnswer, last_certified
from itti.review.habits import changed_before_submitting, gap_of, proofs_of
from itti.review.hints import LIMITS, Facts, Hint, hints
from itti.review.peers import Peers, peers_of
from scoring import LevelAnswer, NotApplicableAnswer, Scorecard


class Only(StrEnum):
    """What the answers of a review are narrowed to."""

    ODD = "odd"
    """Those with a hint."""

    CHANGED = "changed"
    """Those that are other ones than in the last certified assessment."""

    OPEN = "open"
    """Those with comments that are not resolved."""


@dataclass(frozen=True)
class Seen:
    """One question with the answers to it."""

    question: str
    answer: Answer | None
    own: Answer | None
    """What the factory said of itself."""

    last: LastAnswer | None
    """What the last certified assessment says."""

    is_changed: bool
    """Another answer than in the last certified assessment; never where there was none."""

    is_computed: bool
    hints: tuple[Hint, ...]
    open_comments: int
    """Remarks that are not resolved."""

    @property
    def gap(self) -> int | None:
        """Levels by which the assessor stands above the factory's own answer."""
        return _between(None if self.own is None else self.own.level, self.answer)

    @property
    def step(self) -> int | None:
        """Levels by which the assessor stands above the last certified assessment."""
        before = None if self.last is None or not isinstance(self.last.given, LevelAnswer) else self.last.given.level
        return _between(before, self.answer)

    def is_among(self, only: Only | None) -> bool:
        """Whether it stays when the answers are narrowed."""
        among = {Only.ODD: bool(self.hints), Only.CHANGED: self.is_changed, Only.OPEN: self.open_comments > 0}
        return only is None or among[only]


@dataclass(frozen=True)
class Review:
    """All that a second person goes by."""

    assessment: Assessment
    questionnaire: Questionnaire
    scorecard: Scorecard
    last: Last | None
    peers: Peers | None
    seen: Mapping[str, Seen]
    """By question, in the order of the questionnaire."""

    whole: tuple[Hint, ...]
    """Hints about the whole."""

    is_advised: bool
    """Whether the reader is shown the last assessment and the hints: everybody but whose work it is."""


def look(session: Session, act: Act, one: Assessment) -> Review:
    """An assessment as the actor, who may read it, sees it in a review.

    Hints and the last certified assessment are for those who judge the work; the assessor reads the answers alone, so
    that nobody answers towards a median.

    Raises:
        NotOpenToYou: the factory asks.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
    """
    assessed = reading.open_answers(session, act, one, Phase.ASSESSED)
    questionnaire = library.pinned(one).asked(assessed.values())
    card = scorecard_of(questionnaire, assessed.values())
    own = reading.answers_of(session, one.id, Phase.SELF)
    advised = Relation.ASSESSOR not in conditions.relations(reading.person(act), one)
    last = last_certified(session, one) if advised else None
    peers = peers_of(session, one) if advised else None
    found: tuple[Hint, ...] = ()
    if advised:
        late = changed_before_submitting(session, one, LIMITS.late)
        proofs = proofs_of(session, one)
        found = hints(Facts(questionnaire, card, assessed, last, peers, gap_of(session, one), proofs, late))
    opened = Counter(
        each.comment.question
        for each in reading.comments(session, act, one)
        if each.comment.parent_id is None and each.comment.resolved_at is None
    )
    seen = {
        score.id: Seen(
            score.id,
            assessed.get(score.id),
            None if asked.is_computed(score) else own.get(score.id),
            None if last is None or asked.is_computed(score) else last.answers.get(score.id),
            _is_changed(assessed.get(score.id), last, score.id),
            asked.is_computed(score),
            tuple(hint for hint in found if score.id in hint.questions),
            opened[score.id],
        )
        for score in card.questions
    }
    return Review(
        one, questionnaire, card, last, peers, seen, tuple(hint for hint in found if not hint.questions), advised
    )


def _is_changed(answer: Answer | None, last: Last | None, question: str) -> bool:
    before = None if last is None else last.answers.get(question)
    now = None if answer is None else answer_of(answer)
    if before is None or (isinstance(now, NotApplicableAnswer) and isinstance(before.given, NotApplicableAnswer)):
        return False
    return now != before.given


def _between(before: int | None, answer: Answer | None) -> int | None:
    return None if before is None or answer is None or answer.level is None else answer.level - before
