"""The page that asks whether an item shall leave its list, with all that has been answered and attached for it."""

from __future__ import annotations

from starlette.responses import Response

from itti.assessments import answer_words, leaving, naming, service, wayfinding
from itti.assessments.errors import NoSuchItem
from itti.assessments.schemas import AnswerGiven, ItemInput
from itti.assessments.wayfinding import Place
from questionnaires.errors import Fault
from questionnaires.formula.items import plain
from questionnaires.model import Item


def show(place: Place, of: str, item: str, status: int = 200, mistake: str | None = None) -> Response:
    """Draw the page.

    Raises:
        NoSuchItem: the list does not name it.
    """
    visit, one, phase = place.visit, place.one, place.phase
    stored = service.open_answers(visit.session, visit.act, one, phase).get(of)
    named = _item(place, of, item)
    found = leaving.leaving(visit.session, one, phase, of, [named])[0]
    definition = place.definition
    titles = place.questionnaire.published.definition.words(visit.language).questions
    order = {name: number for number, name in enumerate(wayfinding.order(place.questionnaire))}
    return visit.show(
        "assessments/removal.html",
        status,
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        title=titles[plain(of)].title,
        item=named,
        version=stored.version if stored else None,
        answers=[
            (
                _title(place, of, item, answer.question),
                answer_words.stored_words(definition, visit.language, answer),
            )
            for answer in sorted(found.answers, key=lambda answer: order.get(answer.question, len(order)))
        ],
        files=list(dict.fromkeys(proof.newest.file_name for _, proof in found.files)),
        list_href=back(place),
        mistake=mistake,
    )


def _title(place: Place, of: str, item: str, question: str) -> str:
    """The title of what has been answered; of an item that this one has itself, with its name."""
    if naming.item_in(question) == (of, item):
        return place.questionnaire.published.definition.words(place.visit.language).questions[plain(question)].title
    return wayfinding.title_of(place.questionnaire, question, place.visit.language)


def back(place: Place) -> str:
    """The leaf on which the list stands."""
    return wayfinding.leaf_address(place.one, place.leaf, place.phase, place.visit)


def remove(place: Place, of: str, item: str, version: int | None) -> None:
    """Take an item out of its list, and remove what hangs on it.

    Raises:
        NoSuchItem: the list does not name it.
        Fault: the list cannot be saved like this.
    """
    visit = place.visit
    _item(place, of, item)
    stored = service.open_answers(visit.session, visit.act, place.one, place.phase)[of]
    left = tuple(ItemInput(id=each.id, name=each.name) for each in naming.items_of(stored) or () if each.id != item)
    # The last one gone leaves the question open: that there are none is for a person to say.
    given = AnswerGiven(items=left or None, reason=stored.reason)
    service.save(
        visit.session, visit.act, place.one.id, of, place.phase, given, expected=version, removing=[item]
    )  # fmt: skip


def refused(place: Place, of: str, item: str, fault: Fault) -> Response:
    """The page again with why it was not done."""
    status = getattr(fault, "status", 422)
    return show(place, of, item, status, place.visit.undo(fault))


def _item(place: Place, of: str, item: str) -> Item:
    found = next((each for each in place.questionnaire.items.get(of, ()) if each.id == item), None)
    if found is None:
        raise NoSuchItem(item=item[:80], list=of)
    return found
