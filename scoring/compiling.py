"""From a definition to a plan: the same (checked) definition always gives the same plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from questionnaires.belonging import has_lists, lists_of
from questionnaires.digest import digest
from questionnaires.formula.tree import Call, Expression, Name, Number, names
from questionnaires.model import (
    Aggregation,
    Amount,
    Band,
    Better,
    Boundary,
    Child,
    ChoiceQuestion,
    ChoicesQuestion,
    CohortFigure,
    ComputedQuestion,
    Contradiction,
    Definition,
    GridQuestion,
    Inapplicable,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    Node,
    NumberQuestion,
    Question,
    Rule,
    denied_by,
    may_be_denied,
)
from scoring import asked
from scoring.aggregate import Precision
from scoring.amounts import capped
from scoring.enclosure import ANYTHING, Enclosure, point
from scoring.errors import OtherCohort
from scoring.facts import Fact, Reading
from scoring.figures import CohortFigures, FigureValue
from scoring.grouped import awaited_of, figures_table
from scoring.lowering import Lowering
from scoring.patterns import NONE, Patterns
from scoring.plan import (
    STAND_IN,
    Formulas,
    Plan,
    PlannedBand,
    PlannedChild,
    PlannedClass,
    PlannedContradiction,
    PlannedCurve,
    PlannedNode,
    PlannedQuestion,
    PlannedRule,
    PlannedStage,
    PlannedTable,
)
from scoring.planned_tables import planned_table
from scoring.possible import possible_node
from scoring.unrolling import Unrolling


def compile_plan(definition: Definition, cohort: CohortFigures | None = None) -> Plan:
    """Compile a (checked) definition, with the figures of a cohort where there are any.

    Raises:
        OtherCohort: the figures were taken by another definition.
    """
    stated = digest(definition)
    if cohort is not None and cohort.digest != stated:
        raise OtherCohort(found=f"{cohort.family}@{cohort.version}", expected=definition.name)
    if not has_lists(definition):
        return _Compiling(definition, cohort, stated).plan()
    return Unrolling(definition, lambda part, lists: _Compiling(part, cohort, stated, lists).plan()).plan({})


class _Compiling:
    """One compilation: formulas parsed once, everything ordered by what it rests on."""

    def __init__(
        self, definition: Definition, cohort: CohortFigures | None, stated: str, unrolling: Unrolling | None = None
    ) -> None:
        self.definition = definition
        self.unrolling = unrolling
        self.patterns = NONE if unrolling is None else Patterns.of(definition)
        self.cohort = cohort
        self.digest = stated
        self.asked = [question.id for question in definition.questions if question.id not in self.patterns.lists]
        self.positions = {name: place for place, name in enumerate(self.asked)}
        known = {} if cohort is None else {figure.id: figure for figure in cohort.figures}
        self.constants: dict[str, Fraction | None] = {constant.id: constant.value for constant in definition.constants}
        self.roots: dict[str, Expression] = {}
        self.tables: dict[str, PlannedTable] = {}
        for figure in definition.cohort_figures:
            given = known.get(figure.id)
            if figure.by:
                continue
            self.constants[figure.id] = None if given is None else given.number
            if given is not None and given.square is not None:
                self.roots[figure.id] = Call("root", (Number(given.square, 0), Number(Fraction(2), 0)), 0)
        self.lowering = Lowering(definition, self.roots, self.patterns)
        self.standings = self.lowering.standings
        for figure in definition.cohort_figures:
            if figure.by:
                self._by_groups(figure, known.get(figure.id))
        for table in definition.tables:
            self.tables[table.id] = planned_table(table, self.standings)
        for name, planned in self.tables.items():
            self.tables[name] = replace(planned, by=tuple(dict.fromkeys(self._behind(planned.by))))
        self.resting: dict[str, set[str]] = {}
        self.below: dict[str, frozenset[int]] = {}
        self.rows = {each.id: rows for each in definition.questions if (rows := asked.achievable_rows(each))}
        self.awaits: dict[str, str | None] = {name: name for name, value in self.constants.items() if value is None}
        """Question or node → a figure of the cohort that it rests on and that is not known yet."""

    def _by_groups(self, figure: CohortFigure, given: FigureValue | None) -> None:
        """A figure by groups is a table; while one of its numbers is not known, a figure of its own stands for that."""
        self.tables[figure.id] = table = figures_table(figure, self.definition, given, self.standings)
        if table.awaited:
            self.constants[awaited_of(figure.id)] = None

    def _behind(self, names: Iterable[str]) -> Iterator[str]:
        """The questions and nodes among names, and those that tables among them rest on."""
        for name in names:
            if name in self.tables:
                yield from self._behind(self.tables[name].by)
            elif name not in self.constants:
                yield name

    def plan(self) -> Plan:
        """The plan: questions first compiled, nodes as soon as all they rest on is known."""
        definition = self.definition
        questions = {question.id: self._question(question) for question in definition.questions}
        facts: dict[str, Fact] = asked.constants(self.constants)
        reading = Reading(facts, self.tables, bits=64, last=True)
        scales = {question.id: question.scale for question in questions.values()}
        order: list[PlannedQuestion | PlannedNode] = []
        nodes: list[PlannedNode] = []
        waiting: list[Question | Node] = [*definition.questions, *definition.nodes]
        done: set[str] = {*self.constants}
        while waiting:
            ready = [item for item in waiting if self._rests_on(item) <= done]
            if not ready:
                raise ValueError(f"cycle: {', '.join(item.id for item in waiting)}")
            for item in ready:
                awaited = (self.awaits.get(name) for name in sorted(self._rests_on(item)))
                self.awaits[item.id] = next((figure for figure in awaited if figure is not None), None)
                if isinstance(item, Node):
                    node = self._node(item, scales)
                    facts[item.id] = possible_node(node, reading, Precision(64, last=True))
                    scales[item.id] = facts[item.id].score or Enclosure(None, None)
                    nodes.append(node)
                    order.append(node)
                else:
                    self.below[item.id] = self._below_question(item)
                    facts[item.id] = asked.possibly(questions[item.id], None, reading)
                    order.append(questions[item.id])
            done |= {item.id for item in ready}
            waiting = [item for item in waiting if item.id not in done]
        return Plan(
            family=definition.family,
            version=definition.version,
            digest=self.digest,
            rounding=definition.rounding,
            index=definition.index,
            questions=tuple(questions[name] for name in self.asked),
            nodes=tuple(node for node in nodes if node.id not in self.patterns.lists),
            order=tuple(order),
            constants=self.constants,
            tables=self.tables,
            positions=self.positions,
            rests_on={
                item.id: tuple(sorted(self._rests_on(item) - self.constants.keys()))
                for item in (*definition.questions, *definition.nodes)
            },
            cohort=self.cohort,
            roots=self.roots,
            contradictions=tuple(
                self._contradiction(each)
                for each in definition.contradictions
                if not lists_of(each.when, self.patterns.lists)
            ),
            patterns=frozenset(item.id for item in order) & self.patterns.lists.keys(),
            unrolling=self.unrolling,
        )

    def _contradiction(self, contradiction: Contradiction) -> PlannedContradiction:
        named = self._named([contradiction.when])
        places = frozenset[int]().union(*(self.below.get(name, ()) for name in named))
        questions = tuple(self.asked[place] for place in sorted(places))
        return PlannedContradiction(contradiction.id, self._condition(contradiction.when), questions)

    def _condition(self, text: str, within: str | None = None) -> Expression:
        return self.lowering.condition(text, within)

    def _calculation(self, text: str, within: str | None = None) -> Expression:
        return self.lowering.calculation(text, within)

    def _named(self, formulas: Iterable[str | None], within: str | None = None) -> set[str]:
        """Questions, nodes and constants that formulas rest on; a table stands for the questions it depends on."""
        found = {
            name
            for formula in formulas
            if formula is not None
            for name in names(self.lowering.written_out(formula, within))
        }
        return {by for name in found for by in (self._of_table(name) if name in self.tables else (name,))}

    def _of_table(self, name: str) -> tuple[str, ...]:
        """What a table depends on; its figures of the cohort too, where they are not known yet."""
        table = self.tables[name]
        return (*table.by, awaited_of(name)) if table.awaited else table.by

    def _rests_on(self, item: Question | Node) -> set[str]:
        """What an item directly rests on; a long list is asked for it over and over."""
        if item.id not in self.resting:
            self.resting[item.id] = self._found_below(item)
        return self.resting[item.id]

    def _found_below(self, item: Question | Node) -> set[str]:
        if isinstance(item, Node):
            formulas = [item.applies_when, item.formula, *(stage.when for stage in item.stages)]
            formulas += [rule.when or rule.unless for rule in item.rules]
            formulas += [each.when for each in item.classes]
            formulas += [amount for amount in _amounts(item) if isinstance(amount, str)]
            children = {child.of for child in item.children}
            own = self.patterns.lists.get(item.id)
            over = {of for child in children for of in self.patterns.further(self.patterns.lists.get(child), own)}
            return children | over | self._named(formulas, item.id)
        return self._named([item.applies_when, *_formulas(item)], item.id)

    def _below_question(self, question: Question) -> frozenset[int]:
        """Positions of the questions that people answer for this one: itself, or the inputs of its formula."""
        if not isinstance(question, ComputedQuestion):
            return frozenset({self.positions[self.patterns.asked_with(question.id)]})
        inputs = self._named([question.formula], question.id)
        return frozenset().union(*(self.below.get(name, frozenset()) for name in inputs))

    def _question(self, question: Question) -> PlannedQuestion:
        curve = self._curve(question)
        computed = isinstance(question, ComputedQuestion)
        return PlannedQuestion(
            id=question.id,
            asked=question,
            may_not_apply=may_be_denied(question),
            answerable=not computed,
            applies_when=_maybe(self._condition, question.applies_when, question.id),
            formula=self._calculation(question.formula, question.id)
            if isinstance(question, ComputedQuestion)
            else None,
            curve=curve,
            worth=_worth(question),
            denials=denied_by(question),
            scale=asked.scale(question, curve),
        )

    def _curve(self, question: Question) -> PlannedCurve | None:
        if not isinstance(question, (NumberQuestion, ComputedQuestion)) or question.curve is None:
            return None
        curve = question.curve
        if not isinstance(curve, (LinearCurve, LogCurve)):
            return PlannedCurve(curve)
        base, lead = (
            self._calculation(end, question.id) if isinstance(end, str) else None for end in (curve.base, curve.lead)
        )
        return PlannedCurve(curve, base, lead)

    def _node(
        self,
        node: Node,
        scales: Mapping[str, Enclosure],
    ) -> PlannedNode:
        self.below[node.id] = frozenset().union(*(self.below[child.of] for child in node.children))
        children = tuple(self._child(node, child, scales[child.of]) for child in node.children)
        limits = self._formulas({"least": node.least, "most": node.most}, node.id)
        return PlannedNode(
            id=node.id,
            aggregation=node.aggregation,
            children=children,
            total_weight=sum((child.weight for child in children if not child.over), Fraction(0)),
            missing=node.missing,
            inapplicable=node.not_applicable,
            least_counted=node.least_counted,
            bands=tuple(self._band(band, node.id) for band in node.bands),
            bands_on=node.bands_on,
            boundary_is_upper=node.boundary is Boundary.UPPER,
            questions=tuple(sorted(self.below[node.id])),
            applies_when=_maybe(self._condition, node.applies_when, node.id),
            out_of=node.out_of,
            stages=tuple(
                PlannedStage(stage.id, stage.value, self._condition(stage.when, node.id)) for stage in node.stages
            ),
            below=node.below,
            formula=_maybe(self._calculation, node.formula, node.id),
            rules=tuple(self._rule(rule, node.id) for rule in node.rules),
            rounding=node.rounding or self.definition.rounding,
            passes_on=node.passes_on,
            unit=node.unit,
            least=_plain(node.least),
            most=_plain(node.most),
            less_is_better=node.better is Better.LESS,
            formulas=limits,
            classes=self._classes(node),
            has_amounts=bool(limits) or any(child.formulas or child.rows for child in children),
        )

    def _classes(self, node: Node) -> tuple[PlannedClass, ...]:
        holds = self.standings.classes(node)
        return tuple(
            PlannedClass(each.id, holds[each.id], _maybe(self._condition, each.when, node.id)) for each in node.classes
        )

    def _formulas(self, amounts: Mapping[str, Amount | None], within: str) -> Formulas:
        return {key: self._calculation(amount, within) for key, amount in amounts.items() if isinstance(amount, str)}

    def _child(self, node: Node, child: Child, scale: Enclosure) -> PlannedChild:
        reached = node.reached_from if child.reached_from is None else child.reached_from
        over = self.patterns.further(self.patterns.lists.get(child.of), self.patterns.lists.get(node.id))
        planned = PlannedChild(
            id=child.of,
            weight=child.weighs if isinstance(child.weighs, Fraction) else Fraction(1),
            cap=None,
            reached_from=_plain(reached) or ANYTHING,
            scale=scale,
            lowest=None,
            highest=None,
            whole=scale,
            inapplicable=child.not_applicable,
            formulas=self._formulas(
                {"weight": child.weighs, "cap": child.cap, "reached_from": reached}, child.of if over else node.id
            ),
            over=over,
            rows=self.rows.get(child.of) if node.aggregation is Aggregation.SHARE else None,
        )
        return self._awaiting(node, capped(planned, _plain(child.cap)))

    def _awaiting(self, node: Node, child: PlannedChild) -> PlannedChild:
        """The child; where an end of its scale counts that a figure of the cohort has to tell, with that figure."""
        policy, figure = child.inapplicable or node.not_applicable, self.awaits.get(child.id)
        full = policy is Inapplicable.FULL or node.aggregation is Aggregation.SHARE
        wanted = [child.highest] * full + [child.lowest] * (policy is Inapplicable.LOWEST)
        if figure is None or not wanted or child.id in self.positions:
            return child
        return replace(child, formulas={**child.formulas, STAND_IN: Name(figure, 0)})

    def _band(self, band: Band, within: str) -> PlannedBand:
        if isinstance(band.lowest, str):
            return PlannedBand(band.id, ANYTHING, self._calculation(band.lowest, within))
        return PlannedBand(band.id, point(band.lowest))

    def _rule(self, rule: Rule, within: str) -> PlannedRule:
        return PlannedRule(
            id=rule.id,
            kind=rule.kind,
            condition=self._condition(rule.when or rule.unless or "", within),
            fires_on=rule.when is not None,
            to=_plain(rule.to),
            at_most=_plain(rule.at_most),
            at_least=_plain(rule.at_least),
            at_most_band=rule.at_most_band,
            bands_down=rule.bands_down,
            at_least_band=rule.at_least_band,
            bands_up=rule.bands_up,
            formulas=self._formulas({"to": rule.to, "at_most": rule.at_most, "at_least": rule.at_least}, within),
        )


def _maybe(of: Callable[[str, str], Expression], text: str | None, within: str) -> Expression | None:
    return None if text is None else of(text, within)


def _formulas(question: Question) -> list[str | None]:
    found: list[str | None] = [question.formula] if isinstance(question, ComputedQuestion) else []
    curve = getattr(question, "curve", None)
    if isinstance(curve, (LinearCurve, LogCurve)):
        found += [end for end in (curve.base, curve.lead) if isinstance(end, str)]
    return found


def _worth(question: Question) -> dict[str, Fraction]:
    match question:
        case LevelQuestion():
            return {str(level): question.worth_of(level) for level in question.levels}
        case ChoiceQuestion(options=options):
            return {option.id: option.value for option in options if option.value is not None}
        case ChoicesQuestion(options=several):
            return {option.id: option.value or Fraction(0) for option in several}
        case GridQuestion(options=options):
            return {option.id: option.value or Fraction(0) for option in options}
    return {}


def _amounts(node: Node) -> Iterator[Amount | None]:
    """Every weight, limit and threshold of a node."""
    for child in node.children:
        yield from (child.weighs, child.cap, child.reached_from)
    for rule in node.rules:
        yield from (rule.to, rule.at_most, rule.at_least)
    yield from (band.lowest for band in node.bands)
    yield from (node.least, node.most, node.reached_from)


def _plain(amount: Amount | None) -> Enclosure | None:
    """An amount that is a number; None where it is a formula, or there is none."""
    return point(amount) if isinstance(amount, Fraction) else None
