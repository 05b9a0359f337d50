"""The operator's commands for the projections: how they stand, compare them, fill them anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import typer

from ledger.application.texts import say
from ledger.commands.console import FOUND, explained, language, out, progress_bar
from ledger.projections.views import FAILURES
from ledger.store.view_query import Query
from ledger.wiring.parts import Wiring, open_ledger
from ledger.wiring.viewing import Views, compared_views, open_views

SHOWN_MAX = 100
"""Differences and failures that are named; there may be as many as there are rows."""

app = typer.Typer(help="Projections of the log 日志投影", no_args_is_help=True)


@app.command()
def status() -> None:
    """Show how far they follow the log, and what they could not fold 查看投影状态."""
    with _opened() as (_, views):
        state = views.reader.state()
        _say("projections_stand", position=state.position, size=views.source.size())
        if state.goal is not None:
            _say("projections_rebuilding", goal=state.goal)
        if state.is_outdated:
            _say("projections_outdated")
        if state.is_damaged:
            _tell_failures(views, state.failures)
        if state.is_outdated or state.is_damaged:
            raise typer.Exit(FOUND)


@app.command()
def check() -> None:
    """Compare the projections, row by row, with what the log makes of them 逐行核对投影."""
    with _opened() as (ledger, views), progress_bar() as progress:
        state = views.reader.state()
        if state.is_outdated:
            _say("projections_outdated")
            raise typer.Exit(FOUND)
        with compared_views(ledger, views, progress=progress) as compared:
            found = list(islice(compared.differences, SHOWN_MAX + 1))
        if not found:
            _say("projections_same", size=compared.size)
            return
        _say("projections_differ", size=compared.size)
        for each in found[:SHOWN_MAX]:
            _say("projection_differs", view=each.view, key=each.key, column=each.column)
        if len(found) > SHOWN_MAX:
            _say("projections_differ_more")
        raise typer.Exit(FOUND)


@app.command()
def rebuild() -> None:
    """Empty the projections and fill them anew from the log, beside the service 重建投影."""
    with _opened() as (_, views), progress_bar() as progress:
        _say("projections_rebuilt", size=views.projector.rebuild(progress))


def _tell_failures(views: Views, count: int) -> None:
    _say("projections_failed", count=count)
    query = Query(order=("seq",), limit=SHOWN_MAX)
    for row in views.reader.rows(FAILURES, query).value.rows:
        _say("projection_failure", **row)
    _say("projections_failed_next")


@contextmanager
def _opened() -> Iterator[tuple[Wiring, Views]]:
    with explained() as settings:
        ledger = open_ledger(settings)
        views = open_views(ledger)
        try:
            yield ledger, views
        finally:
            views.close()
            ledger.close()


def _say(code: str, **facts: object) -> None:
    out.print(say(code, language(), **facts), markup=False)
