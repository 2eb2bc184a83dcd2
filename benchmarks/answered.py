"""Reports for :mod:`papers` to set: every one of another factory, with other answers, reasons and evidence."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from typing import Final

from questionnaires import load
from questionnaires.model import Definition, QuestionText
from reports.report import AnswerDetail, AssessedFactory, EvidenceItem, Party, Report, Standing
from scoring import Answer, LevelAnswer, compile_plan, score

HUNDRED: Final = "hundred"
"""Stands for the version of the questionnaire of a hundred questions."""


@cache
def asked(version: str) -> Definition:
    """The questionnaire: a published version of ``itti``, or the one of a hundred questions."""
    return hundred() if version == HUNDRED else load("itti", version)


def hundred() -> Definition:
    """``itti`` 2.0.0 with two or one more questions in each of its 20 dimensions: five in each."""
    definition = load("itti", "2.0.0")
    questions = {each.id: each for each in definition.questions}
    more: dict[str, str] = {}
    nodes = []
    for node in definition.nodes:
        of = [child.of for child in node.children]
        if all(name in questions for name in of):
            added = {f"{of[place % len(of)]}-more-{place}": of[place % len(of)] for place in range(5 - len(of))}
            more.update(added)
            first = node.children[0]
            extra = tuple(first.model_copy(update={"of": name}) for name in added)
            node = node.model_copy(update={"children": (*node.children, *extra)})  # noqa: PLW2901
        nodes.append(node)
    texts = {}
    for language, words in definition.texts.items():
        copies = {name: _otherwise(words.questions[old], name[-1]) for name, old in more.items()}
        texts[language] = words.model_copy(update={"questions": {**words.questions, **copies}})
    added_questions = tuple(questions[old].model_copy(update={"id": name}) for name, old in more.items())
    return definition.model_copy(
        update={"nodes": tuple(nodes), "questions": (*definition.questions, *added_questions), "texts": texts}
    )


def _otherwise(text: QuestionText, mark: str) -> QuestionText:
    """The same text with a mark in every part, so that none is set already."""
    levels = {
        level: said.model_copy(
            update={name: f"{told} ({mark})" for name, told in said.model_dump().items() if isinstance(told, str)}
        )
        for level, said in text.levels.items()
    }
    return text.model_copy(
        update={"title": f"{text.title} {mark}", "prompt": f"{text.prompt} ({mark})", "levels": levels}
    )


_SEEN: Final = tuple(
    f"{kind} {what}"
    for kind in ("written", "last", "new", "old", "weekly", "own")
    for what in ("records", "audits", "meters", "shifts", "orders", "filters", "pumps", "robots", "licences", "scrap")
)


def report(version: str, number: int = 0) -> Report:
    """A full report: every question answered, each with a reason and some with evidence; each number another one."""
    definition, chance = asked(version), random.Random(number)  # noqa: S311 - no secret
    given: dict[str, Answer] = {each.id: LevelAnswer(level=chance.randrange(5)) for each in definition.questions}

    def reason() -> str:
        seen = " ".join(chance.choice(_SEEN) for _ in range(7))
        return f"Seen on line {chance.randrange(99)}: {seen}; shown for {chance.randrange(36)} months."

    return Report(
        standing=Standing.DEMONSTRATION,
        scorecard=score(compile_plan(definition), given),
        factory=AssessedFactory(
            name=f"Al Waha {chance.choice(_SEEN).title()} {number}",
            name_ar=f"الواحة لتعبئة التمور {number}",
            sector="food",
        ),
        answers=tuple(
            AnswerDetail(
                question=name,
                answer=answer,
                reason=reason(),
                evidence=(
                    EvidenceItem(file_name=f"seen-{chance.randrange(10**6)}.pdf", sha256=chance.randbytes(32).hex()),
                )
                if place % 3 == 0
                else (),
                self_answer=LevelAnswer(level=chance.randrange(5)),
            )
            for place, (name, answer) in enumerate(given.items())
        ),
        programme=Party(name="Programme Office", name_ar="مكتب البرنامج"),
        assessor=Party(name="Maryam Al Suwaidi", name_ar="مريم السويدي"),
        assessor_body=Party(name="Gulf Assessors", name_ar="الخليج للتقييم"),
        reviewer=Party(name="Salim Darwish", name_ar="سليم درويش"),
        reviewer_body=Party(name="Emirates Review", name_ar="الإمارات للمراجعة"),
        assessed_on=date(2026, 3, 11),
        issued_on=date(2026, 6, 18),
        expires_on=date(2028, 6, 17),
        number=f"TI-2026-{number:05}",
        verify_url=f"https://verify.example.org/verify/TI-2026-{number:05}",
    )
