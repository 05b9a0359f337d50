"""Certificates: issued beside one append, printed beside the bare typesetter, their size."""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from benchmarks.databases import Database
from benchmarks.growth_rows import Sizes
from benchmarks.lives import Lives
from benchmarks.rounds import Effort, Spread, in_turns
from benchmarks.tables import Goal, Table, milliseconds, ratio
from benchmarks.town import Recording, new_town
from ledger.application.callers import as_volunteer
from ledger.application.forms.certificate import CertificateRequestForm
from ledger.application.states import CERTIFICATE
from ledger.certificates.attached import FACE, RECORDS, attachments
from ledger.certificates.demonstration_keys import make_signing_folder
from ledger.certificates.pdf_reading import read_pdf
from ledger.certificates.printed import printed, site_of
from ledger.certificates.signatures import Issuer, PdfSigning
from ledger.certificates.signing import Signing
from ledger.certificates.signing_files import SigningFolder
from ledger.store import chance
from ledger.store.event import Submission
from ledger.wiring.office import OpenOffice
from ledger.wiring.parts import Wiring

PRINTED_RECORDS, JUDGED_RECORDS = 20, 100
ISSUE_GOAL, PRINT_GOAL, SIZE_GOAL = Goal(at_most=30), Goal(at_most=3), Goal(at_most=200)
_TIMES = 3
"""Of each turn, so many of each are done, and the median counts."""


@dataclass(slots=True)
class Scene:
    """An open ledger of some size, with people who have so many confirmed records."""

    wiring: Wiring
    opened: OpenOffice
    lives: Lives
    recording: Recording
    people: dict[int, UUID]
    certified: Sequence[int]

    def append(self) -> None:
        """Append one entry."""
        event = self.lives.activity(self.recording)
        self.wiring.appender.append(Submission(uuid.uuid4(), [event]))

    def issue(self, records: int) -> UUID:
        """Issue a certificate over so many records, all of it proved again; no PDF."""
        body = {"issuer": str(self.recording.organization), "mode": "self_printed"}
        form = CertificateRequestForm.model_validate(body)
        caller = as_volunteer(self.people[records])
        return self.opened.certifying.request(caller, form).value


def measure(
    database: Database,
    effort: Effort,
    sizes: Sizes,
    certified: Sequence[int],
    say: Callable[[str], None],
) -> Iterator[Table]:
    """Yield the tables of one database."""
    issued = Table(
        f"Issuing a certificate, {database.name}",
        ("entries of the log", "records", "issuing, ms", "issuing ÷ one append", "goal"),
        notes=[
            "By the volunteer herself: her account and the whole history of each record, three "
            "entries, read and proved under the newest checkpoint, decided and appended. One "
            "append is a commit of one entry in the same ledger, with head register."
        ],
    )
    tables = [issued]
    for size in (sizes.small, sizes.large):
        say(f"certificates, {database.name}: a ledger with {size:,} events")
        with _scene(database, size, certified) as scene:
            _add_issued(issued, scene, effort, size)
            if size == sizes.small:
                tables.append(_printed(database, scene, effort))
    yield from tables


def _add_issued(table: Table, scene: Scene, effort: Effort, size: int) -> None:
    for records in scene.certified:
        runs = {"issue": _of(partial(scene.issue, records)), "append": _of(scene.append)}
        rates = in_turns(runs, effort.turns)
        dearer = rates.ratio("append", "issue")
        table.add(
            f"{size:,}",
            f"{records:,}",
            milliseconds(Spread.of([1 / each for each in rates.by_name["issue"]])),
            ratio(dearer),
            ISSUE_GOAL.verdict(dearer.median) if records == JUDGED_RECORDS else "",
        )


def _printed(database: Database, scene: Scene, effort: Effort) -> Table:
    table = Table(
        f"Printing a certificate over {PRINTED_RECORDS} records, {database.name}",
        ("what", "ms", "÷ bare typesetter", "goal", "size, kB", "goal"),
        notes=[
            "As it is handed out: read, proved, typeset with the proofs inside. The bare "
            "typesetter has the same template, texts and attachments. The signature is by "
            "ECDSA P-256, its time stamp by RSA in the same process: no network. It includes "
            "that the ledger checks the signed file as a reader does."
        ],
    )
    out = scene.opened.handing_out
    certificate = scene.issue(PRINTED_RECORDS)
    caller = as_volunteer(scene.people[PRINTED_RECORDS])
    pdf = out.pdf(caller, certificate)
    state = out.office.states.get(CERTIFICATE, certificate, fresh=True).state
    if state is None or state.issued is None:
        raise LookupError(certificate)
    read = read_pdf(pdf)
    attached = attachments(read.attached[FACE], read.attached[RECORDS])
    paper = printed(state.issued, site=site_of(out.office.origin))
    folder = scene.wiring.paths.data_dir.parent / "keys"
    issuer = Issuer(scene.recording.organization, state.issued.issuer_name, None)
    signing = _signing(folder, issuer)
    runs: dict[str, Callable[[], object]] = {
        "bare": lambda: out.typesetter.typeset(paper, attached),
        "handed out": lambda: out.pdf(caller, certificate),
        "handed out, signed": lambda: signing.sign(out.pdf(caller, certificate), issuer),
    }
    rates = in_turns({name: _of(run) for name, run in runs.items()}, effort.turns)
    for name in runs:
        dearer = rates.ratio("bare", name)
        size = {"bare": 0, "handed out": len(pdf)}.get(name, len(signing.sign(pdf, issuer)))
        table.add(
            name,
            milliseconds(Spread.of([1 / each for each in rates.by_name[name]])),
            "" if name == "bare" else ratio(dearer),
            PRINT_GOAL.verdict(dearer.median) if name == "handed out" else "",
            f"{size / 1_000:.0f}" if size else "",
            SIZE_GOAL.verdict(size / 1_000) if size else "",
        )
    return table


def _signing(folder: Path, issuer: Issuer) -> PdfSigning:
    make_signing_folder(folder, [issuer], chance.now())
    return Signing(SigningFolder(folder), url=None, timeout_s=60, clock=chance.now)


def _of(run: Callable[[], object]) -> Callable[[], float]:
    return lambda: _rate(run)


def _rate(run: Callable[[], object]) -> float:
    """Return how many a second, by the median of a few."""
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return 1 / sorted(taken)[_TIMES // 2]


@contextmanager
def _scene(database: Database, size: int, certified: Sequence[int]) -> Iterator[Scene]:
    """Yield a ledger with so many events, then with people to certify."""
    with new_town(database) as town, town.open() as (wiring, opened):
        lives = Lives(town)
        lives.grow(wiring.appender, size)
        people: dict[int, UUID] = {}
        for records in sorted({*certified, PRINTED_RECORDS}):
            people[records], events = lives.certified(town.stations[0], records)
            for start in range(0, len(events), 1_000):
                some = events[start : start + 1_000]
                wiring.appender.append(Submission(uuid.uuid4(), some))
        wiring.publisher.publish()
        yield Scene(wiring, opened, lives, town.stations[0], people, certified)
