"""What must hold between the words of a definition; every breach is found, not only the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

from questionnaires.mistakes import Mistake
from questionnaires.model import Aggregation, Node, Structure, Texts
from questionnaires.places import Document, Path


def check_structure(structure: Structure, document: Document) -> Iterator[Mistake]:
    """Mistakes of the structure: ids, references, cycles, unused things, bands."""
    yield from _check_ids(structure, document)
    yield from _check_references(structure, document)
    cycles = list(_check_cycles(structure, document))
    yield from cycles
    if not cycles:
        yield from _check_reach(structure, document)
        yield from _check_bands(structure, document)
    for place, question in enumerate(structure.questions):
        if question.lowest >= question.highest:
            yield document.mistake("levels-empty", ("questions", place), question=question.id)


def _check_ids(structure: Structure, document: Document) -> Iterator[Mistake]:
    named = [("questions", place, question.id) for place, question in enumerate(structure.questions)]
    named += [("nodes", place, node.id) for place, node in enumerate(structure.nodes)]
    counts = Counter(identifier for _, _, identifier in named)
    first_seen: set[str] = set()
    for part, place, identifier in named:
        if counts[identifier] > 1 and identifier in first_seen:
            yield document.mistake("duplicate-id", (part, place, "id"), id=identifier)
        first_seen.add(identifier)
    if len(set(structure.languages)) < len(structure.languages):
        yield document.mistake("duplicate-language", ("languages",))


def _check_references(structure: Structure, document: Document) -> Iterator[Mistake]:
    questions = {question.id for question in structure.questions}
    nodes = {node.id for node in structure.nodes}
    for number, node in enumerate(structure.nodes):
        counts = Counter(child.of for child in node.children)
        for position, child in enumerate(node.children):
            path = ("nodes", number, "children", position)
            if child.of not in questions | nodes:
                yield document.mistake("unknown-id", (*path, "of"), id=child.of)
            if counts[child.of] > 1 and child.of in {earlier.of for earlier in node.children[:position]}:
                yield document.mistake("duplicate-child", path, id=child.of)
            if child.weight != 1 and node.aggregation is not Aggregation.WEIGHTED_MEAN:
                yield document.mistake("weight-unused", (*path, "weight"), rule=node.aggregation.value)
    for field in ("index", "sub_indices", "categories"):
        value = getattr(structure, field)
        for position, identifier in enumerate((value,) if isinstance(value, str) else value):
            if identifier not in nodes:
                place: Path = (field,) if isinstance(value, str) else (field, position)
                yield document.mistake("unknown-node", place, id=identifier)


def _check_cycles(structure: Structure, document: Document) -> Iterator[Mistake]:
    children = {node.id: [child.of for child in node.children] for node in structure.nodes}
    places = {node.id: place for place, node in enumerate(structure.nodes)}
    done: set[str] = set()
    for start in children:
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            identifier, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(identifier)
            elif identifier in trail:
                cycle = [*trail[trail.index(identifier) :], identifier]
                yield document.mistake("cycle", ("nodes", places[identifier]), cycle=" → ".join(cycle))
                done.update(trail)
            elif identifier in children and identifier not in done:
                trail.append(identifier)
                stack.append((identifier, True))
                stack.extend((child, False) for child in children[identifier])


def _check_reach(structure: Structure, document: Document) -> Iterator[Mistake]:
    nodes = {node.id: node for node in structure.nodes}
    reached: set[str] = set()
    stack = [structure.index, *structure.sub_indices, *structure.categories]
    while stack:
        identifier = stack.pop()
        if identifier not in reached:
            reached.add(identifier)
            stack.extend(child.of for child in (nodes[identifier].children if identifier in nodes else ()))
    for part in ("questions", "nodes"):
        for place, thing in enumerate(getattr(structure, part)):
            if thing.id not in reached:
                yield document.mistake("never-counted", (part, place), id=thing.id)
    shown = {child.of for category in structure.categories if category in nodes for child in nodes[category].children}
    for place, question in enumerate(structure.questions):
        if question.id in reached and question.id not in shown:
            yield document.mistake("in-no-category", ("questions", place), id=question.id)


def scale_of(structure: Structure, node: Node) -> tuple[Fraction, Fraction]:
    """Lowest and highest value a node can take, whatever the answers (means and minima stay within)."""
    questions = {question.id: question for question in structure.questions}
    nodes = {other.id: other for other in structure.nodes}
    ends: list[tuple[Fraction, Fraction]] = []
    for child in node.children:
        if child.of in questions:
            question = questions[child.of]
            ends.append((Fraction(question.lowest), Fraction(question.highest)))
        elif child.of in nodes:
            ends.append(scale_of(structure, nodes[child.of]))
    return min((low for low, _ in ends), default=Fraction(0)), max((high for _, high in ends), default=Fraction(0))


def _check_bands(structure: Structure, document: Document) -> Iterator[Mistake]:
    seen: set[str] = set()
    for place, node in enumerate(structure.nodes):
        if not node.bands:
            continue
        lowest, highest = scale_of(structure, node)
        path = ("nodes", place, "bands")
        if node.bands[0].lowest != lowest:
            yield document.mistake("bands-start", (*path, 0, "from"), lowest=lowest, found=node.bands[0].lowest)
        for position, band in enumerate(node.bands):
            if position and band.lowest <= node.bands[position - 1].lowest:
                yield document.mistake("bands-fall", (*path, position, "from"), band=band.id)
            if band.lowest > highest:
                yield document.mistake("band-unreachable", (*path, position, "from"), band=band.id, highest=highest)
            if band.id in seen:
                yield document.mistake("duplicate-id", (*path, position, "id"), id=band.id)
            seen.add(band.id)


def check_texts(structure: Structure, texts: Texts, language: str, document: Document) -> Iterator[Mistake]:
    """Mistakes of one language's texts: missing, superfluous, or of another language than the file says."""
    if texts.language != language:
        yield document.mistake("other-language", ("language",), expected=language, found=texts.language)
    bands = {band.id for node in structure.nodes for band in node.bands}
    wanted: Mapping[str, set[str]] = {
        "questions": {question.id for question in structure.questions},
        "nodes": {node.id for node in structure.nodes},
        "bands": bands,
        "sources": {source.id for source in structure.sources},
    }
    for part, ids in wanted.items():
        given = set(getattr(texts, part))
        for identifier in sorted(ids - given):
            yield document.mistake("text-missing", (part,), id=identifier, language=language)
        for identifier in sorted(given - ids):
            yield document.mistake("text-superfluous", (part, identifier), id=identifier)
    for question in structure.questions:
        if (words := texts.questions.get(question.id)) is None:
            continue
        levels, given = {str(level) for level in question.levels}, set(words.levels)
        path = ("questions", question.id, "levels")
        for level in sorted(levels - given, key=int):
            yield document.mistake("text-missing", path, id=f"{question.id}/{level}", language=language)
        for level in sorted(given - levels):
            yield document.mistake("text-superfluous", (*path, level), id=f"{question.id}/{level}")
