"""Everything a definition says to people, per language, under the ids of the structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from questionnaires.words import Identifier, LanguageCode, Sentence, Word


class LevelText(Word):
    """The words for one level of one question."""

    name: Sentence
    description: Sentence
    next: Sentence = ""
    """The next step for a factory that stands at this level; empty: what the next level describes."""


class OptionText(Word):
    """The words for one option or one row."""

    name: Sentence
    description: Sentence = ""


class QuestionText(Word):
    """The words for one question."""

    title: Sentence
    about: Sentence = ""
    prompt: Sentence = ""
    """What the assessor is asked; empty: the title is the question."""

    levels: Mapping[str, LevelText] = {}
    """Level number (as text) → its words."""

    options: Mapping[Identifier, OptionText] = {}
    rows: Mapping[Identifier, OptionText] = {}
    guiding: tuple[Sentence, ...] = ()
    evidence: tuple[Sentence, ...] = ()


class Titled(Word):
    """The words for a node, a band, or another named part."""

    title: Sentence
    about: Sentence = ""


class CrosswalkText(Titled):
    """The words for a comparison with another framework."""

    items: Mapping[Identifier, Sentence] = {}
    """Item id → the other framework's name for it."""


class Texts(Word):
    """Everything a definition says to people in one language."""

    language: LanguageCode
    title: Sentence
    short_title: Sentence
    summary: Sentence
    origin: Sentence
    method: Sentence
    limits: Sentence
    questions: Mapping[Identifier, QuestionText]
    nodes: Mapping[Identifier, Titled]
    options: Mapping[Identifier, OptionText] = {}
    """Words for the options that questions share, wherever a question has none of its own for them."""

    bands: Mapping[Identifier, Titled] = {}
    sources: Mapping[Identifier, Sentence] = {}
    rules: Mapping[Identifier, Titled] = {}
    """Rules and stages."""

    figures: Mapping[Identifier, Titled] = {}
    """Constants, tables, named conditions and figures of the cohort."""

    contradictions: Mapping[Identifier, Sentence] = {}
    """What contradicts what, as a sentence for whoever has to put it right."""

    groups: Mapping[Identifier, Titled] = {}
    """Sections, views, rankings with their places, roll-ups and what they leave out, prioritisations and
    their factors."""

    crosswalks: Mapping[Identifier, CrosswalkText] = {}

    def spelled_out(self, options: Mapping[str, Sequence[str]]) -> Texts:
        """The same texts with shared words at each question, given the ids of every question's options."""
        if not self.options:
            return self
        questions = {name: self._spelled_out(words, options.get(name, ())) for name, words in self.questions.items()}
        return self.model_copy(update={"questions": questions, "options": {}})

    def _spelled_out(self, words: QuestionText, options: Sequence[str]) -> QuestionText:
        shared = {one: self.options[one] for one in options if one in self.options and one not in words.options}
        return words.model_copy(update={"options": {**words.options, **shared}}) if shared else words
