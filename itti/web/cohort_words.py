"""What is taken of a cohort, and among whom, in the words of the page of a questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from questionnaires.model import CohortFigure, Definition, QuantileMethod, Ranking, Texts, TiesOfPart
from questionnaires.stages import figures_below


class CohortWords:
    """Puts figures of the cohort and the groups of rankings into words."""

    def __init__(
        self,
        definition: Definition,
        texts: Texts,
        say: Callable[..., str],
        number: Callable[[Fraction, str | None], str],
        apart: Callable[[str], str],
    ) -> None:
        self.texts, self.say, self.number, self.apart = texts, say, number, apart
        self.below = figures_below(definition)

    def taken(self, figure: CohortFigure) -> Iterator[str]:
        """What a figure of the cohort is taken of, and by what rules."""
        told = {"of": self._title(figure.of)}
        if figure.share is not None:
            told["share"] = self.number(figure.share, None)
        yield self.say(f"definition.cohort.{figure.figure.value}", **told)
        if figure.method is not QuantileMethod.R7:
            yield self.say(f"definition.cohort.method-{figure.method.value}")
        if figure.when is not None:
            yield self.say("definition.cohort.when", condition=self.apart(figure.when))
        if (part := figure.part) is not None:
            size = str(part.members) if part.share is None else self.number(part.share * 100, "%")
            kind = "share" if part.members is None else "members"
            yield self.say(f"definition.cohort.part-{kind}-{part.end.value}", size=size)
            if part.share is not None:
                yield self.say(f"definition.cohort.rounding-{part.rounding.value}")
            if part.ties is not TiesOfPart.SO_MANY:
                yield self.say(f"definition.cohort.ties-{part.ties.value}")
        yield from self.grouped(figure)
        if below := self.below[figure.id]:
            names = self.say("list.comma").join(self.texts.figures[each].title for each in below)
            yield self.say("definition.cohort.after", figures=names)

    def grouped(self, grouped: CohortFigure | Ranking) -> Iterator[str]:
        """By what groups are told apart, and what happens in small ones."""
        if grouped.by:
            yield self.say("definition.cohort.by", facts=" × ".join(map(self._title, grouped.by)))
        if grouped.least_members > 1:
            key = f"definition.cohort.least-members-{grouped.too_few.value}"
            yield self.say(key, count=str(grouped.least_members))

    def _title(self, of: str) -> str:
        return self.texts.nodes[of].title if of in self.texts.nodes else self.texts.questions[of].title
