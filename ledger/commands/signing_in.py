"""A command for which somebody signs in: who keeps the machine speaks for nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import typer

from ledger.application.callers import Caller, as_staff
from ledger.application.desk import ActRefused
from ledger.application.office import Office
from ledger.application.signing_in import Session
from ledger.application.states import CREDIT_CODE
from ledger.application.streams import credit_code_stream
from ledger.application.texts import say
from ledger.commands.console import CANNOT, err, language, small_file, stop
from ledger.settings import Settings
from ledger.wiring.office import OpenOffice, open_office
from ledger.wiring.parts import open_ledger
from ledger.wiring.succeeding import check_not_closed

_HERE = "127.0.0.1"


@contextmanager
def opened_office(settings: Settings) -> Iterator[OpenOffice]:
    """Yield the office of the ledger, which this process alone has open, up to date."""
    ledger = open_ledger(settings)
    try:
        check_not_closed(ledger)
        with ledger.exclusive():
            ledger.migrate()
            ledger.check_keys()
            opened = open_office(ledger)
            try:
                opened.views.projector.catch_up()
                yield opened
            finally:
                opened.close()
                ledger.publisher.publish()
    finally:
        ledger.close()


@contextmanager
def signed_in(opened: OpenOffice, name: str, password: str) -> Iterator[Session]:
    """Yield a session of somebody, which ends with the command.

    Raises:
        typer.Exit: That is not her password.
    """
    sign_ins = opened.access.sign_ins
    try:
        session = sign_ins.sign_in(name, password, _HERE)
    except ActRefused as error:
        stop_at(error)
    try:
        yield session
    finally:
        sign_ins.sign_out(session.token)


@contextmanager
def signed_in_staff(
    opened: OpenOffice, name: str, password: str, organization: str
) -> Iterator[Caller]:
    """Yield a person of an organization's staff, by its credit code or id.

    Raises:
        typer.Exit: That is not her password, or she is of no staff.
    """
    with signed_in(opened, name, password) as session:
        staff = session.signed.staff
        if staff is None:
            stop("import_is_not_by_staff", what=name)
        acting = organization_of(opened.office, organization)
        yield as_staff(staff, acting, volunteer=session.signed.volunteer)


def organization_of(office: Office, named: str) -> UUID:
    """Return the organization of a credit code or an id.

    Raises:
        typer.Exit: It is neither.
    """
    code = office.states.get(CREDIT_CODE, credit_code_stream(office.origin, named)).state
    if code is not None and code.holder is not None:
        return code.holder
    return id_of(named, "import_organization_is_unknown")


def id_of(text: str, code: str) -> UUID:
    """Return the id that somebody typed.

    Raises:
        typer.Exit: It is none; ``code`` says so.
    """
    try:
        return UUID(text)
    except ValueError:
        stop(code, what=text)


def password_of(path: Path | None) -> str:
    """Return a password from a file, or as it is typed."""
    if path is not None:
        return small_file(path).decode("utf-8").removesuffix("\n").removesuffix("\r")
    said: str = typer.prompt("Password 密码", hide_input=True, err=True)
    return said


def stop_at(error: ActRefused) -> NoReturn:
    """Tell every reason why nothing is done, and end the command.

    Raises:
        typer.Exit: Always.
    """
    for reason in error.refused.reasons:
        text = say(reason.code, language(), **reason.details)
        err.print(f"{text} ({reason.code})", markup=False)
    raise typer.Exit(CANNOT)
