"""What the rows of an answer sheet say: titles, what each answer means, which numbers are wanted, guidance."""

from __future__ import annotations

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    Definition,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    NumberQuestion,
    Question,
    Texts,
)
from questionnaires.wording import LANGUAGES, say
from questionnaires.workbook.lines import Line, labels
from questionnaires.workbook.listed import plainly
from questionnaires.workbook.numerals import decimal_text
from questionnaires.workbook.paragraphs import Paragraphs, present


class Telling:
    """The words of one workbook.

    Args:
        definition: written out for every place of its lists.
        published: the same as it is published.
        language: one of its languages.
    """

    def __init__(self, definition: Definition, published: Definition, language: str) -> None:
        self.published = published
        self.spoken = language if language in LANGUAGES else LANGUAGES[0]
        self.texts: Texts = definition.words(language)
        self.plain_texts: Texts = published.words(language)

    def say(self, key: str, **details: object) -> str:
        """A sentence of the workbook."""
        return say("questionnaires", f"workbook.{key}", self.spoken, **details)

    def titled(self, identifier: str) -> str:
        """The title of a category, a dimension or a section; empty where a row stands in none."""
        for part in (self.texts.nodes, self.texts.groups):
            if identifier in part:
                return part[identifier].title
        return self.texts.questions[identifier].title if identifier in self.texts.questions else ""

    def dimension(self, line: Line) -> str:
        """The title of the dimension; of what is asked of an item its name, or its place while it has none."""
        if line.slot is not None:
            name = line.slot.item.name if line.slot.is_named else self.say("item", number=line.slot.number)
            return f"{line.around} · {name}" if line.around else name
        return self.titled(line.dimension)

    def _plainly(self, question: Question) -> Question:
        """A question as the definition has it, without the item that it is asked of."""
        return self.published.question(plainly(question.id)) or question

    def asked(self, line: Line) -> Paragraphs:
        """Title and prompt of a question, or the name of a grid's row, of an option or of an item's place."""
        words = self.plain_texts.questions[plainly(line.question.id)]
        if line.part and isinstance(line.question, ItemsQuestion):
            place = line.slot.number if line.slot is not None else 0
            return present((self.say("item-name", title=words.title, number=place), True, ""))
        if line.part:
            named = words.rows if isinstance(line.question, GridQuestion) else words.options
            text = named[line.part]
            return present((text.name, False, ""), (text.description, False, ""))
        return present((words.title, True, ""), (words.prompt, False, ""))

    def meaning(self, line: Line) -> Paragraphs:
        """What each level or option means, or which numbers are wanted."""
        words, question = self.texts.questions[line.question.id], line.question
        if isinstance(question, LevelQuestion):
            named = [(level, words.levels[str(level)]) for level in question.levels]
            return present(*((f"{level} – {text.name}: ", True, text.description) for level, text in named))
        if isinstance(question, (ChoiceQuestion, GridQuestion)) and not line.part:
            offered = [(label, words.options[key].description) for key, label in labels(question, self.texts).items()]
            return present(*((f"{label}: " if about else label, True, about) for label, about in offered))
        if isinstance(question, ChoicesQuestion) and not line.part:
            return present((self._how_many(question), False, ""))
        if isinstance(question, ItemsQuestion):
            return () if line.part else present((self.say("items", most=question.most), False, ""))
        if isinstance(question, (NumberQuestion, DateQuestion)):
            limits = self.limits(question) if isinstance(question, NumberQuestion) else self.days(question)
            return present((limits, False, ""))
        return ()

    def _how_many(self, question: ChoicesQuestion) -> str:
        alone = [option.id for option in question.options if option.alone]
        words = self.texts.questions[question.id].options
        least, most = question.least_picked, question.most_picked or len(question.options)
        said = [self.say("pick", least=least, most=min(most, len(question.options)))]
        said += [self.say("alone", name=words[one].name) for one in alone]
        return " ".join(said)

    def limits(self, question: NumberQuestion) -> str:
        """Which numbers are wanted."""
        said = []
        if question.least is not None and question.most is not None:
            said.append(self.say("between", least=decimal_text(question.least), most=decimal_text(question.most)))
        elif question.least is not None:
            said.append(self.say("at-least", least=decimal_text(question.least)))
        elif question.most is not None:
            said.append(self.say("at-most", most=decimal_text(question.most)))
        if question.places is not None:
            said.append(self.say("whole") if question.places == 0 else self.say("places", count=question.places))
        if question.step is not None:
            said.append(self.say("steps", step=decimal_text(question.step)))
        return " ".join(said)

    def days(self, question: DateQuestion) -> str:
        """Which days are wanted."""
        if question.earliest is not None and question.latest is not None:
            return self.say("day-between", earliest=question.earliest, latest=question.latest)
        if question.earliest is not None:
            return self.say("day-from", earliest=question.earliest)
        return self.say("day-until", latest=question.latest) if question.latest is not None else self.say("day")

    def guidance(self, question: Question) -> str:
        """What to ask and to look for, from when on evidence is demanded, and when the question applies."""
        question = self._plainly(question)
        words = self.plain_texts.questions[question.id]
        said = [words.about, *(f"• {text}" for text in words.guiding)]
        if words.evidence:
            said += [self.say("evidence-heading"), *(f"• {text}" for text in words.evidence)]
        if question.evidence_from == "answered":
            said.append(self.say("evidence-answered"))
        elif question.evidence_from is not None:
            said.append(self.say("evidence-from", value=decimal_text(question.evidence_from)))
        if question.applies_when is not None:
            said.append(self.say("applies-when", condition=question.applies_when))
        return "\n".join(text for text in said if text)
