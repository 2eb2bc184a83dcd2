"""Fresh proofs over HTTP: the answer to ``fresh-sign-in-needed``."""

from __future__ import annotations

from fastapi import APIRouter, Request

from itti.accounts import uses
from itti.accounts.errors import WrongCredentials
from itti.acts import Proof
from itti.factors.errors import CodeNeeded, PasskeyNeeded, WrongCode
from itti.http.bearer import UNARMED_ENTRY, Entrant, SettingsOf
from itti.http.errors import TooManyRequests
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.passkeys import service as passkeys
from itti.passkeys.challenges import Purpose
from itti.passkeys.errors import ChallengeOver, NoPasskeysHere, PasskeyCopied, PasskeyRefused
from itti.passkeys.schemas import ChallengeView
from itti.proofs import service
from itti.proofs.schemas import ProofInput, ProofView

router = APIRouter(tags=["accounts"])

_TAKEN = (WrongCredentials, CodeNeeded, PasskeyNeeded, WrongCode, ChallengeOver, PasskeyRefused, PasskeyCopied)


@router.get(
    "/me/proof",
    operation_id="readProof",
    summary="How fresh is my last proof?",
    responses=problems(*UNARMED_ENTRY),
)
def read(session: Transaction, act: Entrant, settings: SettingsOf) -> ProofView:
    """Acts that weigh much ask for a fresh one: approving, revoking, suspending, erasing."""
    return ProofView.of(service.standing(session, act, settings))


@router.post(
    "/me/proof/challenge",
    operation_id="beginProof",
    summary="Get a challenge for one of one's own passkeys",
    responses=problems(*UNARMED_ENTRY, NoPasskeysHere),
)
def challenge(request: Request, _act: Entrant, settings: SettingsOf) -> ChallengeView:
    """For this token alone."""
    return ChallengeView.of(passkeys.ask(settings, Purpose.PROVE, str(uses.let_in_by(request))))


@router.post(
    "/me/proof",
    operation_id="prove",
    summary="Prove again who one is",
    responses=problems(*UNARMED_ENTRY, *_TAKEN, TooManyRequests),
)
def prove(request: Request, given: ProofInput, session: Transaction, act: Entrant, settings: SettingsOf) -> ProofView:
    """Then send again what was answered with `fresh-sign-in-needed`."""
    assert act.actor is not None  # noqa: S101 - `Entrant` promises it
    with request.app.state.sign_in_limit.attempt(act.actor.email):
        here = uses.let_in_by(request)
        service.prove(session, act, settings, given.given(here), here)
    fresh: Proof = uses.proof_at(settings, act.at)
    return ProofView(
        proven_at=fresh.at, fresh_until=fresh.fresh_until, ways=list(service.ways(session, settings, act.actor))
    )
