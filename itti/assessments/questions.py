"""What is asked in one phase of an assessment, for programs that draw a form of their own."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field

from itti.assessments.asked import away
from itti.assessments.library import Questionnaire
from itti.assessments.naming import item_in
from itti.assessments.standing import scorecard_of
from itti.assessments.tables import Answer
from questionnaires.model import Question


class AskedView(BaseModel):
    """One question as it is asked of this factory."""

    question: str = Field(
        description="Its id: what the address of its answer ends with.", examples=["lines.line-1.output"]
    )
    kind: str = Field(description="Kind of question, as in the questionnaire.", examples=["number"])
    title: str = Field(description="Its title, with the name of the item.", examples=["Extrusion 1 – Output"])
    list: str | None = Field(None, description="The list whose items it is asked of.", examples=["lines"])
    item: str | None = Field(None, description="Id of the item it is asked of.", examples=["line-1"])
    of: str = Field(description="Its id in the questionnaire, without the item.", examples=["output"])
    asked: bool = Field(description="False while its condition does not hold: an answer is kept and does not count.")
    answered: bool = Field(description="Whether there is an answer.")


def asked_views(questionnaire: Questionnaire, answers: Mapping[str, Answer], language: str) -> list[AskedView]:
    """All questions in the order of the form; ``answers`` are those of the phase."""
    card = scorecard_of(questionnaire, answers.values())
    titles = questionnaire.definition.words(language).questions
    asked = {question.id: question for question in questionnaire.definition.questions}
    names = [name for leaf in questionnaire.leaves for name in leaf.questions]

    def view(question: Question) -> AskedView:
        of, item = item_in(question.id) or (None, None)
        answer = answers.get(question.id)
        return AskedView(
            question=question.id,
            kind=question.kind,
            title=titles[question.id].title,
            list=of,
            item=item,
            of=question.id.rpartition(".")[2],
            asked=not away(card.question(question.id)),
            answered=answer is not None and answer.given is not None,
        )

    return [view(asked[name]) for name in names]
