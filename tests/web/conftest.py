"""One browser and one served page for each module of tests."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from tests.application.homes import TownBase, _on_sqlite, _opened, sqlite_town
from tests.conftest import RequireTool
from tests.web.browser import chromium
from tests.web.served import Paper, ServedPage, serving_page

__all__ = ["sqlite_town"]

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
NOVEMBER = {
    day: {
        "start": f"2026-11-{day}T09:00+08:00",
        "end": f"2026-11-{day}T12:00+08:00",
    }
    for day in (17, 18, 19, 20)
}


@dataclass(frozen=True)
class Papers:
    """Certificates of one volunteer: each rests on a session of its own."""

    served: ServedPage
    plain: Paper
    both: Paper
    hostile: Paper
    amended: Paper
    amended_record: UUID
    lengthened: Paper
    lengthened_record: UUID


@pytest.fixture(scope="package")
def browser(require_tool: RequireTool) -> Iterator[Browser]:
    with chromium(require_tool("chromium")) as running:
        yield running


@pytest.fixture(scope="package")
def served(
    sqlite_town: TownBase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedPage]:
    folder = tmp_path_factory.mktemp("page") / "town"
    shutil.copytree(sqlite_town.folder, folder)
    with (
        _opened(replace(_on_sqlite(folder), migrated=True), sqlite_town) as home,
        serving_page(home.house, home.town) as page,
    ):
        yield page


@pytest.fixture(scope="package")
def papers(served: ServedPage) -> Papers:
    """Issue certificates, each over one day."""
    session = served.bureau.session
    lengthened = session.publicized(**NOVEMBER[17])
    amended = session.publicized(**NOVEMBER[18])
    hostile = session.publicized(**NOVEMBER[19], content=HOSTILE, place=f"站点 {HOSTILE}")
    plain = session.publicized(**NOVEMBER[20])
    session.house.clock.set("2026-11-30 09:00")
    for record in (lengthened, amended, hostile, plain):
        session.reviewing.confirm(session.town.reviewer, record)

    def of(day: int, **said: str) -> Paper:
        return served.paper(from_day=f"2026-11-{day}", to_day=f"2026-11-{day}", **said)

    return Papers(
        served=served,
        plain=of(20),
        both=of(20, language="zh_en"),
        hostile=of(19),
        amended=of(18),
        amended_record=amended,
        lengthened=of(17),
        lengthened_record=lengthened,
    )
