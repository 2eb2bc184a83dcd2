"""What an approval does: it gives out the number, freezes what the papers will state, and orders the papers.

All of it in the transaction of the approval, in a few milliseconds. No certificate exists yet: nothing is in the
register, and nothing is superseded.
"""

import hashlib
from typing import Final

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import reading
from itti.assessments.tables import Assessment
from itti.audit.service import record
from itti.certificates.numbers import next_number
from itti.certificates.office import Office
from itti.papers.freezing import Frozen, freeze
from itti.papers.tables import PaperJob, Preparation, PreparationState
from itti.queue.rows import JobState
from itti.review.content import content_of
from questionnaires.wording import LANGUAGES
from reports.attached import ANSWERS, SCORECARD, attachments
from reports.recorded import ORDER
from reports.report import Form

PAPERS: Final = tuple((form, language) for form in Form for language in LANGUAGES)
"""Form and language of every paper that a certificate has."""


def order(session: Session, act: Act, office: Office, one: Assessment) -> Preparation:
    """Order the papers of an assessment that is just being approved. Whoever calls has checked that the actor may.

    Raises:
        Fault: as :func:`itti.papers.freezing.freeze` says; no number is used up then.
    """
    # The number first: its lock makes approvals take turns, so each knows of the certificate before it.
    number = next_number(session, office.settings.certificate_prefix, act.today.year)
    frozen = freeze(session, act, office, one, number)
    preparation = Preparation(
        number=number,
        assessment_id=one.id,
        factory_id=one.factory_id,
        family=one.family,
        state=PreparationState.PREPARING,
        frozen=frozen.model_dump_json(),
        content_sha256=content_of(session, one).digest,
        approved_by=reading.person(act).id,
        approved_at=act.at,
        request_id=act.request_id,
    )
    session.add(preparation)
    session.flush()
    session.add_all(
        PaperJob(preparation_id=preparation.id, language=language, form=form, state=JobState.WAITING, next_try=act.at)
        for form, language in PAPERS
    )
    _record(session, act, preparation, frozen)
    session.flush()
    return preparation


def _record(session: Session, act: Act, preparation: Preparation, frozen: Frozen) -> None:
    """The act that every paper proves: who gave out which number for which score, from which answers."""
    inside = attachments(frozen.report)
    record(
        session,
        act,
        ORDER,
        "preparation",
        preparation.id,
        number=preparation.number,
        assessment=str(preparation.assessment_id),
        definition=frozen.report.scorecard.digest,
        scorecard_sha256=hashlib.sha256(inside[SCORECARD]).hexdigest(),
        content_sha256=preparation.content_sha256,
        answers_sha256=hashlib.sha256(inside[ANSWERS]).hexdigest(),
    )
