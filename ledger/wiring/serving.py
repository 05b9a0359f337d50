"""The service's application, as each worker process makes it."""

import multiprocessing
import os
import signal
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa
from fastapi import FastAPI

from ledger.api.app import make_app
from ledger.api.metrics import Metrics
from ledger.api.v1.application import Served, add_api
from ledger.application.health import Health
from ledger.application.log_state import LogState, MailState, ViewsState
from ledger.application.published_shapes import SHAPES
from ledger.proof.policy import Policy, parse_policy
from ledger.settings import Settings
from ledger.store.event import Appended
from ledger.store.instance import join_instance
from ledger.store.ledger_lock import join_ledger, new_instance
from ledger.web.verify_routes import verify_routes
from ledger.wiring.collecting import spare_the_collector
from ledger.wiring.instance_signs import INSTANCE_VARIABLE, LOST_WRITE
from ledger.wiring.log_state import log_state_reader
from ledger.wiring.mail_settings import mail_is_on
from ledger.wiring.mailing import MailBoard, start_mailing
from ledger.wiring.office import OpenOffice, open_office
from ledger.wiring.parts import Wiring, open_ledger
from ledger.wiring.signing import signing_of
from ledger.wiring.viewing import Views
from ledger.wiring.witnesses import start_witnessing


def create_app() -> FastAPI:
    """Return the service's application, for uvicorn to call in each worker."""
    settings = Settings()
    wiring = open_ledger(settings)
    # Before the first connection, so that there is none without the lock.
    instance = int(os.environ.get(INSTANCE_VARIABLE) or new_instance())
    locks = (
        join_instance(wiring.paths.data_dir),
        join_ledger(wiring.engine, origin=wiring.origin, instance=instance),
    )
    health = Health(_end_instance)
    witnessing = start_witnessing(wiring, settings, health.observe)
    watched = WatchedViews()
    log_state = log_state_reader(wiring, witnessing, health).read

    def state() -> LogState:
        return replace(log_state(), views=watched.state(), mail=watched.mail_state())

    metrics = Metrics(state)
    wiring.observer = ServiceObserver(health, metrics)
    sa.event.listen(
        wiring.engine, "handle_error", lambda at: health.observe(at.original_exception)
    )
    app = make_app(
        wiring.files,
        division=wiring.origin.rsplit("/", 1)[-1],
        state=state,
        health=health,
        metrics=metrics,
        ending=watched.close,
    )
    app.include_router(verify_routes(partial(_policy, wiring), SHAPES))
    app.state.locks = locks
    opened = _open(wiring, app, settings, health)
    watched.views = opened.views
    watched.mail = start_mailing(opened, wiring, settings)
    spare_the_collector()
    return app


def _policy(wiring: Wiring) -> Policy:
    """Return the policy as its file is now: a key may have been rotated since the start."""
    path = wiring.paths.policy or wiring.paths.own_policy
    return parse_policy(path.read_text("utf-8"))


@dataclass(slots=True)
class WatchedViews:
    """The views of the service, once they are open: the metrics are there before them."""

    views: Views | None = None
    mail: MailBoard | None = None

    def state(self) -> ViewsState | None:
        """Return how they stand; a store that does not answer is trouble."""
        if self.views is None:
            return None
        try:
            now = self.views.reader.state()
        except sa.exc.SQLAlchemyError:
            return ViewsState(0, 0, is_in_trouble=True, is_rebuilding=False)
        return ViewsState(
            position=now.position,
            failures=now.failures,
            is_in_trouble=self.views.projector.is_in_trouble,
            is_rebuilding=now.goal is not None,
        )

    def close(self) -> None:
        """Follow the log no more: the process that folds ends before the service has."""
        if self.views is not None:
            self.views.projector.close()

    def mail_state(self) -> MailState | None:
        """Return how mail stands, where it is on."""
        return None if self.mail is None else self.mail.state()


def _open(wiring: Wiring, app: FastAPI, settings: Settings, health: Health) -> OpenOffice:
    """Let the use cases be asked for, with views that follow the log from now on."""
    opened = open_office(wiring, signing_of(settings))
    opened.views.projector.start()
    served = Served(
        office=opened.office,
        sign_ins=opened.access.sign_ins,
        access=opened.access.parts,
        submissions=opened.submissions,
        feed=opened.feed,
        keeping=opened.keeping,
        looking=opened.looking,
        certifying=opened.certifying,
        handing_out=opened.handing_out,
        credentials=opened.credentials,
        mail_is_on=mail_is_on(settings),
    )
    add_api(app, served, health)
    return opened


@dataclass(frozen=True, slots=True)
class ServiceObserver:
    """Counts appends, and ends the instance when a write of one is lost."""

    health: Health
    metrics: Metrics

    def check(self) -> None:
        """Return unless a write was lost."""
        self.health.check()

    def committed(self, *, entries: int, seconds: float) -> None:
        """Count a commit."""
        self.metrics.committed(entries=entries, seconds=seconds)

    def answered(self, answer: "Future[Appended]") -> None:
        """Count an answer, and look at what it was refused for."""
        refusal = CancelledError() if answer.cancelled() else answer.exception()
        if refusal is not None:
            self.health.observe(refusal)
        self.metrics.answered(refusal)


def _end_instance() -> None:
    """End all workers: what one could not write, another must not build upon."""
    starter = multiprocessing.parent_process()
    if starter is None:
        os.kill(os.getpid(), LOST_WRITE)
    elif starter.pid is not None and starter.is_alive():
        os.kill(starter.pid, LOST_WRITE)
    else:
        os.kill(os.getpid(), signal.SIGTERM)
