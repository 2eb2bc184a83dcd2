"""Builds the application: the only module that knows every room."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Final

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI
from fastapi.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from itti.accounts import recovery
from itti.accounts.uses import LastUse
from itti.assessments import due
from itti.assessments.clockwork import Clockwork
from itti.assessments.short_way import ShortWay, gathering
from itti.audit.sequencer import Sequencer
from itti.certificates.office import Office, cores
from itti.database import Database
from itti.events.lookout import Lookout
from itti.evidence import retention as proof_retention
from itti.footprints import discovery, exchange
from itti.footprints.messages import BASE as EXCHANGE
from itti.footprints.sending import worker as footprint_worker
from itti.http import health, openapi
from itti.http.bodies import BodyLimit
from itti.http.compression import Compression
from itti.http.front import Front
from itti.http.limits import Allowance, AttemptLimit
from itti.http.origins import Origins
from itti.http.preferences import Preferences
from itti.http.problems import answer_with_problems
from itti.http.reading import Reading
from itti.http.transactions import Turnstile
from itti.machines.keeping import AT_ONCE as KEYS_AT_ONCE
from itti.mail.worker import worker as mail_worker
from itti.papers.worker import worker
from itti.providers.asking import Directory
from itti.results.making import worker as export_worker
from itti.retention import service as retention
from itti.retries.layer import Retries
from itti.settings import Settings
from itti.settings import settings as process_settings
from itti.tidings import reminders
from itti.webhooks import calls as webhook_calls
from itti.webhooks.sending import worker as webhook_worker

ROOMS: Final = (
    "accounts",
    "factors",
    "passkeys",
    "providers",
    "proofs",
    "machines",
    "accreditation",
    "factories",
    "independence",
    "library",
    "engine",
    "assessments",
    "review",
    "seconds",
    "evidence",
    "carrying",
    "targets",
    "certificates",
    "papers",
    "results",
    "events",
    "webhooks",
    "footprints",
    "record",
    "mail",
    "privacy",
    "web",
)
"""In the order in which the API's description shows them; ``web`` comes last since it may catch what is left."""


def create_app(settings: Settings | None = None, doors: Sequence[BaseRoute] | None = None) -> FastAPI:
    """The application, ready to be served. Neither disk nor database is touched before it starts.

    On start it refuses a database that is not at the newest revision, and begins to make the papers that wait and to
    enter what time demands.

    Args:
        settings: those of this process by default.
        doors: the routes of an application made before, which are the same whatever its settings; made anew by
            default, which takes longer than many requests.

    Raises (when started):
        SchemaBehind: run ``itti database upgrade`` first.
        Fault: the programme's theme cannot be used.
    """
    chosen = settings or process_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(chosen)
        try:
            database.check_revision()
            app.state.database = database
            app.state.turnstile = Turnstile(database)
            app.state.lookout = Lookout(app.state.turnstile)
            app.state.saving = gathering(app.state.turnstile, chosen)
            app.state.office = Office(chosen)
            _ = app.state.office.theme  # one that cannot be used is told now, and not at an approval
            with (
                _keeping_the_record(database, app.state.office, chosen),
                _making_papers(database, app.state.office, chosen),
                _keeping_time(database, chosen),
                _sending_mail(database, chosen),
                _calling_receivers(database, chosen),
                _exporting(database, app.state.office, chosen),
            ):
                yield
        finally:
            database.close()

    app = FastAPI(
        **openapi.ABOUT,
        lifespan=lifespan,
        middleware=[
            Middleware(Front, settings=chosen),
            Middleware(Reading),
            Middleware(Compression),
            Middleware(Origins, allowed=chosen.cors_origins),
            Middleware(BodyLimit, upload_bytes=chosen.upload_bytes),
            Middleware(LastUse),
            Middleware(Preferences),
            Middleware(Retries, settings=chosen),
            Middleware(ShortWay),
        ],
    )
    app.state.settings = chosen
    app.state.sign_in_limit = AttemptLimit(chosen.sign_in_attempts)
    app.state.engine_limit = Allowance("engine", chosen.engine_requests)
    requests = chosen.account_requests
    app.state.account_limit = Allowance("account", requests) if requests else None
    app.state.providers = Directory()
    app.state.key_places = CapacityLimiter(KEYS_AT_ONCE)
    app.state.recovery_limit = AttemptLimit(recovery.ATTEMPTS)
    app.state.dialects = {f"{EXCHANGE}/": exchange.refusal}
    if find_spec("itti.web.problems") is None:
        answer_with_problems(app)
    else:
        problems = importlib.import_module("itti.web.problems")
        answer_with_problems(app, problems.problem_page, problems.meet)
    if doors is None:
        _open_doors(app)
    else:
        app.router.routes[:] = doors
    app.webhooks.include_router(webhook_calls.router)
    openapi.describe(app)
    return app


def _open_doors(app: FastAPI) -> None:
    """Add the routes of every room: first what programs ask for, since routes are tried one after the other."""
    app.include_router(health.router)
    for each in (exchange.router, discovery.router):
        app.include_router(each, include_in_schema=False)
    for room in ROOMS:
        api = _router(f"itti.{room}.api")
        if api is not None:
            app.include_router(api, prefix="/api/v1")
    for room in ROOMS:
        pages = _router(f"itti.{room}.pages")
        if pages is not None:
            app.include_router(pages, include_in_schema=False)
    if find_spec("itti.web.static") is not None:
        app.mount("/static", StaticFiles(packages=[("itti.web", "static")]), name="static")


@contextmanager
def _making_papers(database: Database, office: Office, settings: Settings) -> Iterator[None]:
    """A worker for papers for as long as the block lasts, unless the settings leave that to other processes."""
    hands = cores() if settings.paper_workers is None else settings.paper_workers
    if hands == 0:
        yield
        return
    making = worker(database, office, hands)
    making.start()
    try:
        yield
    finally:
        making.stop()


@contextmanager
def _keeping_time(database: Database, settings: Settings) -> Iterator[None]:
    """A clockwork for as long as the block lasts, unless the settings leave that to other processes."""
    if settings.due_minutes == 0:
        yield
        return
    strokes = (
        partial(due.work_off, database),
        partial(reminders.remind, database),
        partial(retention.apply, database),
        partial(proof_retention.work_off, database, settings),
    )
    clockwork = Clockwork(strokes, settings.due_minutes)
    clockwork.start()
    try:
        yield
    finally:
        clockwork.stop()


@contextmanager
def _sending_mail(database: Database, settings: Settings) -> Iterator[None]:
    """A worker for messages for as long as the block lasts, where a server is set and others do not send."""
    if not (settings.mail_host and settings.mail_worker):
        yield
        return
    sending = mail_worker(database, settings)
    sending.start()
    try:
        yield
    finally:
        sending.stop()


@contextmanager
def _calling_receivers(database: Database, settings: Settings) -> Iterator[None]:
    """Workers that call webhooks and partners, for as long as the block lasts, unless other processes do."""
    if settings.webhook_hands == 0:
        yield
        return
    calling = (webhook_worker(database, settings), footprint_worker(database, settings))
    for each in calling:
        each.start()
    try:
        yield
    finally:
        for each in calling:
            each.stop()


@contextmanager
def _exporting(database: Database, office: Office, settings: Settings) -> Iterator[None]:
    """A worker for exports for as long as the block lasts, unless the settings leave that to other processes."""
    if not settings.export_worker:
        yield
        return
    exporting = export_worker(database, settings.results_least, lambda: office.standing)
    exporting.start()
    try:
        yield
    finally:
        exporting.stop()


@contextmanager
def _keeping_the_record(database: Database, office: Office, settings: Settings) -> Iterator[None]:
    """A sequencer for as long as the block lasts, unless the settings leave that to other processes."""
    if settings.record_seconds == 0:
        yield
        return
    sequencer = Sequencer(database, office.record_signer, settings.record_seconds)
    sequencer.start()
    try:
        yield
    finally:
        sequencer.stop()


def _router(module: str) -> APIRouter | None:
    """The router of a module, or None where the room has no such door."""
    if find_spec(module) is None:
        return None
    router: APIRouter = importlib.import_module(module).router
    return router
