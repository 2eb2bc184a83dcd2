"""The assessment form: one leaf with its questions, and the map of all of them."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from itti.assessments import asking, service, wayfinding
from itti.assessments.asking import Facts, Refusal
from itti.assessments.tables import Phase
from itti.assessments.wayfinding import Place
from itti.evidence import service as evidence
from itti.files.uploads import megabytes
from questionnaires.model import Texts, Titled


def show(place: Place, refusals: Mapping[str, Refusal] | None = None) -> Response:
    """Draw one leaf of the form; ``refusals`` are the answers on it that were not taken, by question."""
    visit, one, phase, leaf = place.visit, place.one, place.phase, place.leaf
    facts = _facts(place, refusals or {})
    remarked = frozenset(each.comment.question for each in facts.remarks if each.comment.question)
    standing = service.standing(visit.session, visit.act, one, phase)
    texts = place.definition.words(visit.language)
    asks = [asking.ask(facts, name) for name in leaf.questions]
    first = next(iter(facts.refusals.values()), None)
    return visit.show(
        "assessments/answer.html",
        first.status if first else 200,
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        phase=phase.value,
        writable=facts.writable,
        leaf=leaf,
        heading=leaf.heading(texts) if leaf.item is None else Titled(title=leaf.item.name),
        category=_category(place, texts),
        has_sections=any(each.is_section for each in place.questionnaire.leaves),
        position=place.position + 1,
        total=len(place.questionnaire.leaves),
        map=wayfinding.groups(place, facts.card, remarked, standing.look_again),
        asks=asks,
        shows_files=phase is Phase.ASSESSED and evidence.is_open(visit.act, one),
        today=visit.act.today,
        may_attach=facts.writable,
        upload_limit=megabytes(visit.settings.upload_bytes),
        standing=standing,
        index_name=visit.say(wayfinding.index_name(phase, one, complete=standing.complete)),
        index_names={
            state: visit.say(wayfinding.index_name(phase, one, complete=state == "complete"))
            for state in ("open", "complete")
        },
        scale=place.questionnaire.scale(),
        question_href=f"/assessments/{one.id}/answers/",
        phase_query="" if phase is wayfinding.phase_for(visit, None) else f"?phase={phase.value}",
        previous_href=place.before,
        next_href=place.after,
    )


def _category(place: Place, texts: Texts) -> str:
    """What stands above the title of a leaf: of an item its list, else the category."""
    leaf = place.leaf
    if leaf.item is not None:
        return texts.questions[leaf.id.rpartition(".")[0]].title
    return texts.nodes[leaf.category].title if leaf.category else texts.short_title


def _facts(place: Place, refusals: Mapping[str, Refusal]) -> Facts:
    visit, one, phase = place.visit, place.one, place.phase
    assessed = phase is Phase.ASSESSED
    held = evidence.all_of(visit.session, one.id) if assessed else []  # shown to those alone who may see it
    return Facts(
        place=place,
        card=service.current_scorecard(visit.session, visit.act, one, phase),
        answers=service.open_answers(visit.session, visit.act, one, phase),
        own=asking.own_answers(place),
        remarks=asking.readable_remarks(visit, one) if assessed else (),
        files=evidence.by_question(held),
        evidence=held,
        writable=service.may_write(visit.session, visit.act, one, phase),
        refusals=refusals,
        contradicting=asking.contradictions_of(place),
    )
