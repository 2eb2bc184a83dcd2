"""What the API takes and gives about assessments."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from itti.assessments.asked import away
from itti.assessments.marks import LookAgainView
from itti.assessments.moves import MoveName
from itti.assessments.parties import Parties
from itti.assessments.reading import Line, Passage, Remark
from itti.assessments.standing import Standing
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.http.fields import Decimal, Input, PrintedLine, Prose, RequiredProse
from itti.papers.schemas import PreparationView
from questionnaires.model import Day, Identifier, QuestionKey, VersionNumber
from questionnaires.questions import MOST_ITEMS
from scoring import QuestionScore

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"
_REASON = "Work orders are planned from run hours in the maintenance system; spare parts are reserved with them."
_MOMENT = "2026-11-22T08:15:00Z"

KINDS: Final = ("level", "choice", "choices", "grid", "yes", "number", "date", "items")
"""The fields of an answer, one for each kind of question that is asked."""

LONGEST_NAME: Final = 120
"""Signs of an item's name."""

Note = Annotated[Prose, Field(max_length=4000)]


class PlanInput(Input):
    """An assessment to be planned."""

    factory_id: UUID = Field(description="The factory that is assessed.", examples=[_ID])
    family: Identifier = Field(description="Questionnaire family.", examples=["itti"])
    version: VersionNumber | None = Field(
        None, description="Version of the questionnaire; the newest published one by default.", examples=["1.0.0"]
    )
    assessor_id: UUID = Field(
        description="Who assesses; accredited for the family on the day of the visit.", examples=[_ID]
    )
    planned_for: date = Field(description="Day of the site visit.", examples=["2026-12-01"])


class ItemInput(Input):
    """One item of a list, such as a production line."""

    id: Identifier = Field(
        description="Its id, chosen once: all that is answered for the item hangs on it.", examples=["line-1"]
    )
    name: Annotated[PrintedLine, Field(max_length=LONGEST_NAME)] = Field(
        description="What people call it; it may change.", examples=["Extrusion 1"]
    )


class AnswerGiven(Input):
    """An answer as a whole: what is not stated is empty afterwards.

    Exactly one of the fields for the kinds of answers is named, the one of the question's kind; null while nothing
    is answered yet. A question that does not apply is answered with `not_applicable` and a reason.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"level": 3, "reason": _REASON},
                {"choice": "monthly", "reason": "Minutes of the last twelve reviews."},
                {"choices": ["quality", "environment"], "reason": "Certificates seen, valid until 2028."},
                {"grid": {"purchasing": "digital", "production": "mixed"}, "reason": "Two lines still use paper."},
                {"yes": True, "reason": "Letter of appointment of 3 March."},
                {"number": "1200.5", "reason": "Bills of all twelve months."},
                {"date": "2026-01-31", "reason": "Day of commissioning by the protocol."},
                {"items": [{"id": "line-1", "name": "Extrusion 1"}], "reason": "Walked with the shift leader."},
                {"not_applicable": True, "reason": "Contract maker without designs of its own."},
            ]
        }
    )

    level: Annotated[int, Field(strict=True)] | None = Field(
        None, description="Level picked, on the scale of the question.", examples=[3]
    )
    choice: Identifier | None = Field(None, description="Id of the one option that holds.", examples=["monthly"])
    choices: Annotated[tuple[Identifier, ...], Field(max_length=200)] | None = Field(
        None, description="Ids of all options that hold; an empty list says: none.", examples=[["quality"]]
    )
    grid: Annotated[dict[Identifier, Identifier], Field(max_length=100)] | None = Field(
        None, description="Row id → option id, for every row.", examples=[{"purchasing": "digital"}]
    )
    yes: Annotated[bool, Field(strict=True)] | None = Field(None, description="True for yes, false for no.")
    number: Decimal | None = Field(
        None,
        description="Number measured, in the unit of the question: a whole number, or a decimal as text.",
        examples=["1200.5"],
    )
    date: Day | None = Field(None, description="Day of the calendar: year, month and day.", examples=["2026-01-31"])
    items: Annotated[tuple[ItemInput, ...], Field(max_length=MOST_ITEMS)] | None = Field(
        None,
        description="Items of a list, such as production lines; an empty list says: there are none.",
        examples=[[{"id": "line-1", "name": "Extrusion 1"}]],
    )
    not_applicable: Annotated[bool, Field(strict=True)] = Field(
        False, description="True when the question does not apply to this factory; then `reason` says why."
    )
    reason: Annotated[Prose, Field(max_length=4000)] = Field(
        "", description="What the answer rests on, or why the question does not apply.", examples=[_REASON]
    )

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that say something: of a sound answer one, or none while nothing is answered yet."""
        said = [name for name in KINDS if getattr(self, name) is not None]
        return (*said, "not_applicable") if self.not_applicable else tuple(said)

    @property
    def says_nothing(self) -> bool:
        """Whether not even an empty answer was named, which is a slip of whoever sent it."""
        return not self.model_fields_set & {*KINDS, "not_applicable"}

    @property
    def stored(self) -> dict[str, Any] | None:
        """What the table keeps: the one field named with its value, in JSON's words; None while there is none."""
        return self.model_dump(mode="json", include=set(self.named)) or None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """A stored answer, as it would be given again."""
        return cls.model_validate({"level": None, **(answer.given or {}), "reason": answer.reason})


class CommentInput(Input):
    """A reviewer's remark."""

    question: QuestionKey | None = Field(
        None, description="Id of the question it is about; null: the whole.", examples=["maintenance"]
    )
    text: Annotated[RequiredProse, Field(max_length=4000)] = Field(
        description="The remark.", examples=["The work orders shown are from one line only. Please see a second one."]
    )
    demands_change: bool = Field(
        False, description="True: the assessment cannot be approved before the remark is resolved."
    )
    for_factory: bool = Field(
        False, description="True: the factory reads it and the replies to it, once it reads what was found."
    )


class MoveInput(Input):
    """One move of an assessment."""

    move: str = Field(
        max_length=40,
        description=f"Which move: {', '.join(f'`{move.value}`' for move in MoveName)}.",
        examples=["return"],
    )
    note: Note = Field(
        "",
        description="Why, or what one has to say; needed wherever `needs_note` says so.",
        examples=["Two levels lack proof."],
    )
    comments: Annotated[tuple[CommentInput, ...], Field(max_length=200)] = Field(
        (),
        description="Remarks of the reviewer; only with `return`, `hear-factory` and `approve`. With the latter two "
        "none that demands a change.",
    )
    assessor_id: UUID | None = Field(
        None,
        description="Who takes the assessment over; only with `hand-over`, which `needs_person`.",
        examples=[None],
    )


class AnswerView(BaseModel):
    """An answer as it is stored."""

    question: str = Field(description="Id of the question.", examples=["maintenance"])
    phase: Phase = Field(description="Whose answer: the factory's own (`self`) or the assessor's.")
    level: int | None = Field(None, description="Level picked; of the answers' fields at most one.", examples=[3])
    choice: str | None = Field(None, description="Id of the option that holds.", examples=["monthly"])
    choices: list[str] | None = Field(None, description="Ids of all options that hold.", examples=[["quality"]])
    grid: dict[str, str] | None = Field(None, description="Row id → option id.", examples=[{"purchasing": "digital"}])
    yes: bool | None = Field(None, description="True for yes, false for no.")
    number: str | None = Field(None, description="Number measured, a decimal string.", examples=["1200.5"])
    date: str | None = Field(None, description="Day of the calendar.", examples=["2026-01-31"])
    items: list[ItemInput] | None = Field(
        None, description="Items of a list.", examples=[[{"id": "line-1", "name": "Extrusion 1"}]]
    )
    not_applicable: bool = Field(False, description="True when the question does not apply.")
    disregarded: bool = Field(
        False,
        description="True when the answer is kept but does not count: the condition of its question does not hold.",
    )
    reason: str = Field(description="What it rests on.", examples=[_REASON])
    look_again: LookAgainView | None = Field(
        None, description="Why a person must look at it again, where it was carried from an earlier assessment."
    )
    author_id: UUID = Field(description="Who gave it.", examples=[_ID])
    updated_at: datetime = Field(description="When it was given (UTC).", examples=[_MOMENT])
    version: int = Field(description="Rises with each change; the entity tag is this number in quotes.", examples=[2])

    @classmethod
    def of(cls, answer: Answer, score: QuestionScore | None = None) -> Self:
        """As the API shows ``answer``; ``score`` is what the scorecard says of its question."""
        return cls.stated(answer.model_dump(exclude={"given", "assessment_id", "id"}), answer.given, score)

    @classmethod
    def stated(cls, row: Mapping[str, Any], given: Mapping[str, Any] | None, score: QuestionScore | None) -> Self:
        """The same of what a row holds beside what was answered."""
        counts = score is None or not away(score)
        return cls.model_validate({**row, **(given or {}), "disregarded": not counts})


class SavedView(BaseModel):
    """An answer just saved, and where the assessment stands with it."""

    answer: AnswerView
    standing: Standing


class AnswersView(BaseModel):
    """All answers of one phase, with the entity tag of each."""

    phase: Phase = Field(description="Whose answers.")
    answers: list[AnswerView] = Field(description="In the order of the questionnaire.")


class PartyView(BaseModel):
    """A person or organisation by name."""

    id: UUID = Field(description="Id.", examples=[_ID])
    name: str = Field(description="Name in Latin script.", examples=["Gulf Foods LLC"])
    name_ar: str | None = Field(description="Name in Arabic script.", examples=["أغذية الخليج ذ.م.م"])

    @classmethod
    def of(cls, row: object) -> Self:
        """As the API shows a factory, body or person."""
        return cls.model_validate(row, from_attributes=True)


class AssessmentView(BaseModel):
    """An assessment as lists show it."""

    id: UUID = Field(description="Id of the assessment.", examples=[_ID])
    version: int = Field(description="The entity tag is this number in quotes.", examples=[4])
    state: AssessmentState = Field(description="Where it stands.", examples=["assessment"])
    family: str = Field(description="Questionnaire family.", examples=["itti"])
    definition_version: str = Field(description="Pinned version of the questionnaire.", examples=["1.0.0"])
    digest: str = Field(description="SHA-256 of the pinned definition, hexadecimal.", examples=["9f2c" * 16])
    planned_for: date = Field(description="Day of the site visit.", examples=["2026-12-01"])
    created_at: datetime = Field(description="When it was planned (UTC).", examples=[_MOMENT])
    self_submitted_at: datetime | None = Field(
        description="When the factory finished its own answers (UTC).", examples=[_MOMENT]
    )
    submitted_at: datetime | None = Field(description="When the assessor last submitted it (UTC).", examples=[_MOMENT])
    decided_at: datetime | None = Field(description="When it was approved or withdrawn (UTC).", examples=[None])
    reply_until: date | None = Field(
        description="Last day on which the factory may reply to what was found; it ends at midnight in the"
        " programme's zone.",
        examples=["2026-12-06"],
    )
    appeal_until: date | None = Field(
        description="Last day on which the factory may appeal; it ends at midnight in the programme's zone.",
        examples=["2026-12-22"],
    )
    appealed_at: datetime | None = Field(description="When the factory appealed (UTC).", examples=[None])
    revision_of: UUID | None = Field(
        description="The assessment that this one corrects after an appeal was upheld.", examples=[None]
    )
    second_of: UUID | None = Field(
        None, description="The assessment of which this is a blind second one.", examples=[None]
    )
    factory: PartyView
    assessor: PartyView
    body: PartyView
    reviewer: PartyView | None = Field(description="The second person, once somebody has taken the review.")
    hearer: PartyView | None = Field(description="Who hears the appeal, once somebody has taken it.")
    answered: int = Field(description="Questions the assessor has answered.", examples=[13])
    total: int = Field(description="Questions of the questionnaire.", examples=[20])

    @classmethod
    def of(cls, line: Line) -> Self:
        """As the API shows one line of a list."""
        return cls.model_validate(cls.fields(line.assessment, line.parties, line.answered, line.total))

    @staticmethod
    def fields(one: Assessment, parties: Parties, answered: int, total: int) -> dict[str, object]:
        """The values of this view."""
        return {
            **one.model_dump(),
            "factory": PartyView.of(parties.factory),
            "assessor": PartyView.of(parties.assessor),
            "body": PartyView.of(parties.body),
            "reviewer": None if parties.reviewer is None else PartyView.of(parties.reviewer),
            "hearer": None if parties.hearer is None else PartyView.of(parties.hearer),
            "answered": answered,
            "total": total,
        }


class PossibleMoveView(BaseModel):
    """A move that is the caller's to make."""

    move: MoveName = Field(description="Name of the move.", examples=["submit"])
    to: AssessmentState = Field(description="State it leads to.", examples=["review"])
    open: bool = Field(description="True when nothing stands in its way now.", examples=[False])
    needs_note: bool = Field(description="True when a note has to be given with it.", examples=[False])
    needs_person: bool = Field(
        description="True when the next assessor has to be named with it (`assessor_id`).", examples=[False]
    )
    code: str | None = Field(description="Problem code of what stands in its way.", examples=["open-questions"])
    reason: str | None = Field(
        description="What stands in its way, in the language of the reader.",
        examples=["7 questions are not answered yet: Maintenance, Quality and 5 more."],
    )


class PassageView(BaseModel):
    """A move that was made."""

    move: str = Field(description="Name of the move.", examples=["submit"])
    from_state: str = Field(description="State before.", examples=["assessment"])
    to_state: str = Field(description="State after.", examples=["review"])
    actor: PartyView | None = Field(description="Who made it; null: time did, or a later certificate.")
    from_assessor: PartyView | None = Field(description="Of a change of assessor: who it was until then.")
    to_assessor: PartyView | None = Field(description="Of a change of assessor: who it is from then on.")
    note: str = Field(description="The note given.", examples=[""])
    at: datetime = Field(description="When (UTC).", examples=[_MOMENT])

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """As the API shows a past move."""
        return cls.model_validate(
            {
                **passage.move.model_dump(),
                "actor": None if passage.actor is None else PartyView.of(passage.actor),
                "from_assessor": None if passage.left is None else PartyView.of(passage.left),
                "to_assessor": None if passage.came is None else PartyView.of(passage.came),
                "note": passage.note,
            }
        )


class WholeAssessmentView(AssessmentView):
    """An assessment with the moves that are the caller's to make, and those made."""

    moves: list[PossibleMoveView] = Field(description="Moves of the caller, with what stands in their way.")
    planned_by: PartyView | None = Field(description="Who planned it; none where nobody signed in did.")
    history: list[PassageView] = Field(description="Moves made, oldest first.")
    certificate: str | None = Field(
        description="Number of its certificate, once that is issued.", examples=["TI-2026-00001"]
    )
    revision: UUID | None = Field(
        description="The revision that corrects it after an appeal was upheld.", examples=[None]
    )
    papers: PreparationView | None = Field(
        description="How far the papers of its certificate are, from the approval until the certificate is issued."
    )


class ReplyInput(Input):
    """A reply to a remark."""

    text: Annotated[RequiredProse, Field(max_length=4000)] = Field(
        description="The reply.", examples=["The second line has been seen too; its orders are attached."]
    )


class CommentView(BaseModel):
    """A reviewer's remark, or a reply to one."""

    id: UUID = Field(description="Id of the remark.", examples=[_ID])
    version: int = Field(
        description="Rises with each reply and with each resolution; the entity tag is this number in quotes.",
        examples=[2],
    )
    parent: UUID | None = Field(description="The remark that it replies to; null: it begins a thread.", examples=[None])
    demands_change: bool = Field(description="True: no approval before it is resolved.", examples=[True])
    for_factory: bool = Field(description="True: the factory reads it too.", examples=[False])
    resolved_at: datetime | None = Field(description="When it was resolved (UTC); null: it is open.", examples=[None])
    resolved_by: PartyView | None = Field(description="Who resolved it.")
    question: str | None = Field(description="Id of the question it is about; null: the whole.", examples=[None])
    text: str = Field(description="The remark.", examples=["Please see a second line."])
    author: PartyView = Field(description="Who made it.")
    created_at: datetime = Field(description="When (UTC).", examples=[_MOMENT])

    @classmethod
    def of(cls, remark: Remark) -> Self:
        """As the API shows a remark."""
        return cls.model_validate(
            {
                **remark.comment.model_dump(),
                "parent": remark.comment.parent_id,
                "author": PartyView.of(remark.author),
                "resolved_by": None if remark.resolver is None else PartyView.of(remark.resolver),
            }
        )
