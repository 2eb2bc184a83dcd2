"""Looking up what :mod:`itti.assessments.moves` declares: a person's relations, and whether conditions hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import asked, library, neutrality, reading, succession
from itti.assessments.errors import DefinitionChanged
from itti.assessments.involvement import former_assessors, involved
from itti.assessments.library import Questionnaire
from itti.assessments.marks import marked
from itti.assessments.move_errors import (
    AnswersContradict,
    AppealedBefore,
    AppealOver,
    AppealTaken,
    CertificateOver,
    CertificateValid,
    CommentsOpen,
    EvidenceMissing,
    IndexWithheld,
    LookAgainLeft,
    MoveFault,
    NoAppeals,
    NoRightOfReply,
    NotAccredited,
    NoteMissing,
    NotHeard,
    NotIssued,
    OpenQuestions,
    OwnAssessment,
    ReasonsMissing,
    ReplyAwaited,
    ReplyOver,
    ReviewTaken,
    SecondAssessment,
    TookPart,
)
from itti.assessments.moves import Condition, MoveName, Relation
from itti.assessments.permission import lacking
from itti.assessments.standing import contradicting, scorecard_of
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.calendar.zones import day_in
from itti.certificates import register
from itti.certificates.tables import Certificate
from itti.errors import HttpFault
from itti.evidence.reading import of_assessment
from itti.http.errors import SignInNeeded
from itti.programme import rules
from questionnaires import Definition
from questionnaires.wording import LANGUAGES
from scoring import Scorecard


def relations(actor: User, assessment: Assessment) -> frozenset[Relation]:
    """All that ``actor`` is to ``assessment`` by what it says itself; see :func:`standings`."""
    found: set[Relation] = set()
    if actor.role is Role.PROGRAMME:
        found.add(Relation.PROGRAMME)
    if actor.role is Role.FACTORY and actor.factory_id == assessment.factory_id:
        found.add(Relation.FACTORY)
    if actor.role is Role.ASSESSOR:
        if actor.id == assessment.assessor_id:
            found.add(Relation.ASSESSOR)
        else:
            found.add(Relation.SECOND)
            if actor.id == assessment.reviewer_id:
                found.add(Relation.REVIEWER)
        if actor.id == assessment.hearer_id:
            found.add(Relation.HEARER)
    return frozenset(found)


def standings(session: Session, actor: User, assessment: Assessment) -> frozenset[Relation]:
    """All that ``actor`` is to ``assessment``, also by what they have done, or not done, before."""
    found = relations(actor, assessment)
    if actor.role is Role.ASSESSOR and not involved(session, assessment).took_part(actor):
        found |= {Relation.UNINVOLVED}
    return found


@dataclass
class Circumstances:
    """What one person's move of one assessment is judged by; each fact is read once and only when asked for."""

    session: Session
    act: Act
    assessment: Assessment
    note: str | None = None
    """None: not asked yet (which moves are possible), so a condition on it is taken to hold."""

    successor: UUID | None = None
    """Who is to take the assessment over; asked for along with the note."""

    @property
    def actor(self) -> User:
        """Who moves.

        Raises:
            SignInNeeded: a stranger.
        """
        if self.act.actor is None:
            raise SignInNeeded
        return self.act.actor

    @cached_property
    def lacking(self) -> NotAccredited | None:
        """Why the actor may not assess this factory with this questionnaire on the day of the act; None: they may."""
        return lacking(self.session, self.actor, self.assessment, self.act.today)

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """The assessor's answers by question."""
        return reading.answers_of(self.session, self.assessment.id, Phase.ASSESSED)

    @cached_property
    def self_answers(self) -> Mapping[str, Answer]:
        """The factory's own answers by question."""
        return reading.answers_of(self.session, self.assessment.id, Phase.SELF)

    @cached_property
    def asked(self) -> Questionnaire:
        """The questionnaire as the assessor's answers have it."""
        return library.shown(self.assessment).asked(self.answers.values())

    @cached_property
    def self_asked(self) -> Questionnaire:
        """The questionnaire as the factory's own answers have it."""
        return library.shown(self.assessment).asked(self.self_answers.values())

    @cached_property
    def certificate(self) -> Certificate | None:
        """The entry in the register, once there is one."""
        return register.entry_of_assessment(self.session, self.assessment.id)

    @property
    def definition(self) -> Definition:
        """What the assessor is asked."""
        return self.asked.definition

    @cached_property
    def scorecard(self) -> Scorecard:
        """What the assessor's answers score."""
        return scorecard_of(self.asked, self.answers.values())

    @cached_property
    def self_scorecard(self) -> Scorecard:
        """What the factory's own answers score."""
        return scorecard_of(self.self_asked, self.self_answers.values())

    def failing(self, conditions: Sequence[Condition]) -> HttpFault | None:
        """The refusal for the first condition that does not hold, or None."""
        for condition in conditions:
            fault = _CHECKS[condition](self)
            if fault is not None:
                return fault
        return None


def _accredited(facts: Circumstances) -> MoveFault | None:
    return facts.lacking


def _open(questionnaire: Questionnaire, card: Scorecard) -> MoveFault | None:
    missing = asked.open_questions(card)
    return OpenQuestions(missing, _titles(questionnaire.definition)) if missing else None


def _looked_at(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> MoveFault | None:
    """Whether no mark is left, be it on an answer that does not count."""
    left = set(marked(answers.values()))
    names = [question.id for question in questionnaire.definition.questions if question.id in left]
    return LookAgainLeft(names, _titles(questionnaire.definition)) if names else None


def _consistent(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> MoveFault | None:
    """Whether the questionnaire finds no contradiction between the answers."""
    found = contradicting(questionnaire, answers.values())
    if not found:
        return None
    definition = questionnaire.definition
    named = {question for each in found for question in each.questions}
    said = {language: [definition.words(language).contradictions[each.id] for each in found] for language in LANGUAGES}
    questions = [question.id for question in definition.questions if question.id in named]
    return AnswersContradict(questions, _titles(definition), said)


def _reasoned(facts: Circumstances) -> MoveFault | None:
    """Whether every answer that counts says why; of those disregarded, and of facts, nobody has to."""
    bare = [
        score.id
        for score in facts.scorecard.questions
        if not asked.away(score)
        and not asked.is_fact(facts.definition, score.id)
        and (answer := facts.answers.get(score.id)) is not None
        and not answer.reason.strip()
    ]
    return ReasonsMissing(bare, _titles(facts.definition)) if bare else None


def _proven(facts: Circumstances) -> MoveFault | None:
    """Whether files are attached wherever the questionnaire asks for evidence."""
    if not asked.needs_evidence(facts.definition, facts.scorecard):
        return None
    files = asked.with_files(of_assessment(facts.session, facts.assessment.id).items())
    bare = asked.unproven(facts.definition, facts.scorecard, files)
    return EvidenceMissing(bare, _titles(facts.definition)) if bare else None


def _index_stated(facts: Circumstances) -> MoveFault | None:
    """Whether the scorecard states a headline index, or the whole profile in its place."""
    return None if facts.scorecard.headline.is_stated else IndexWithheld()


def _titles(definition: Definition) -> dict[str, dict[str, str]]:
    """Language → question id → title, in every language we answer in."""
    return {
        language: {question: words.title for question, words in definition.words(language).questions.items()}
        for language in LANGUAGES
    }


def _review_free(facts: Circumstances) -> MoveFault | None:
    return None if facts.assessment.reviewer_id is None else ReviewTaken()


def _assessor_independent(facts: Circumstances) -> MoveFault | None:
    assessor = facts.session.get_one(User, facts.assessment.assessor_id)
    return neutrality.tied(facts.session, assessor, facts.assessment.factory_id, facts.act.today)


def _revised_by_others(facts: Circumstances) -> MoveFault | None:
    original = facts.assessment.revision_of
    if original is None:
        return None
    before = facts.session.get_one(Assessment, original)
    return TookPart(move=MoveName.TAKE_REVIEW.value) if involved(facts.session, before).took_part(facts.actor) else None


def _settled(facts: Circumstances) -> MoveFault | None:
    left = reading.unsettled(facts.session, facts.assessment.id)
    return CommentsOpen(count=len(left)) if left else None


def _heard(facts: Circumstances) -> MoveFault | None:
    due = rules(facts.session).reply_days > 0
    return NotHeard() if due and facts.assessment.state is not AssessmentState.DECISION else None


def _right_of_reply(facts: Circumstances) -> MoveFault | None:
    return None if rules(facts.session).reply_days > 0 else NoRightOfReply()


def _reply_in_time(facts: Circumstances) -> MoveFault | None:
    last = facts.assessment.reply_until
    return ReplyOver(day=last.isoformat()) if last is not None and facts.act.today > last else None


def _reply_overdue(facts: Circumstances) -> MoveFault | None:
    last = facts.assessment.reply_until
    return ReplyAwaited(day=last.isoformat()) if last is not None and facts.act.today <= last else None


def _issued(facts: Circumstances) -> MoveFault | None:
    return None if facts.certificate is not None else NotIssued()


def _valid(facts: Circumstances) -> MoveFault | None:
    last = None if facts.certificate is None else facts.certificate.expires_on
    return CertificateOver(day=last.isoformat()) if last is not None and facts.act.today > last else None


def _ended(facts: Circumstances) -> MoveFault | None:
    last = None if facts.certificate is None else facts.certificate.expires_on
    return CertificateValid(day=last.isoformat()) if last is not None and facts.act.today <= last else None


def _appeal_in_time(facts: Circumstances) -> MoveFault | None:
    last = facts.assessment.appeal_until
    if last is None:
        return NoAppeals()
    return AppealOver(day=last.isoformat()) if facts.act.today > last else None


def _first_appeal(facts: Circumstances) -> MoveFault | None:
    at = facts.assessment.appealed_at
    return None if at is None else AppealedBefore(day=day_in(facts.act.zone, at).isoformat())


def _appeal_free(facts: Circumstances) -> MoveFault | None:
    return None if facts.assessment.hearer_id is None else AppealTaken()


def _pinned(facts: Circumstances) -> HttpFault | None:
    try:
        library.pinned(facts.assessment)
    except DefinitionChanged as fault:
        return fault
    return None


def _successor(facts: Circumstances) -> HttpFault | None:
    if facts.note is None:
        return None
    return succession.refusal(facts.session, facts.act, facts.assessment, facts.successor)


def _never_its_assessor(facts: Circumstances) -> MoveFault | None:
    before = former_assessors(facts.session, facts.assessment)
    return OwnAssessment(move=MoveName.TAKE_REVIEW.value) if facts.actor.id in before else None


def _note(facts: Circumstances) -> MoveFault | None:
    return None if facts.note is None or facts.note.strip() else NoteMissing()


_CHECKS: Final[Mapping[Condition, Callable[[Circumstances], HttpFault | None]]] = {
    Condition.ACCREDITED: _accredited,
    Condition.SELF_ANSWERED: lambda facts: _open(facts.self_asked, facts.self_scorecard),
    Condition.ANSWERED: lambda facts: _open(facts.asked, facts.scorecard),
    Condition.SELF_LOOKED_AT: lambda facts: _looked_at(facts.self_asked, facts.self_answers),
    Condition.LOOKED_AT: lambda facts: _looked_at(facts.asked, facts.answers),
    Condition.SELF_CONSISTENT: lambda facts: _consistent(facts.self_asked, facts.self_answers),
    Condition.CONSISTENT: lambda facts: _consistent(facts.asked, facts.answers),
    Condition.REASONED: _reasoned,
    Condition.PROVEN: _proven,
    Condition.FIRST_ASSESSMENT: lambda facts: None if facts.assessment.second_of is None else SecondAssessment(),
    Condition.APART: lambda facts: neutrality.of_both(facts.session, facts.actor, facts.assessment),
    Condition.REVIEW_FREE: _review_free,
    Condition.DECLARED: lambda facts: neutrality.undeclared(facts.session, facts.actor, facts.assessment),
    Condition.INDEPENDENT: lambda facts: neutrality.tied(
        facts.session, facts.actor, facts.assessment.factory_id, facts.act.today
    ),
    Condition.ASSESSOR_INDEPENDENT: _assessor_independent,
    Condition.ROTATED: lambda facts: neutrality.due_for_rotation(
        facts.session, facts.actor, facts.assessment.factory_id, facts.assessment.id
    ),
    Condition.SEPARATE_BODIES: lambda facts: neutrality.of_same_body(facts.session, facts.actor, facts.assessment),
    Condition.REVISED_BY_OTHERS: _revised_by_others,
    Condition.SETTLED: _settled,
    Condition.HEARD: _heard,
    Condition.RIGHT_OF_REPLY: _right_of_reply,
    Condition.REPLY_IN_TIME: _reply_in_time,
    Condition.REPLY_OVERDUE: _reply_overdue,
    Condition.ISSUED: _issued,
    Condition.VALID: _valid,
    Condition.ENDED: _ended,
    Condition.APPEAL_IN_TIME: _appeal_in_time,
    Condition.FIRST_APPEAL: _first_appeal,
    Condition.APPEAL_FREE: _appeal_free,
    Condition.INDEX_STATED: _index_stated,
    Condition.DEFINITION_PINNED: _pinned,
    Condition.SUCCESSOR: _successor,
    Condition.NEVER_ITS_ASSESSOR: _never_its_assessor,
    Condition.NOTE: _note,
}
