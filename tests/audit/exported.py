"""An export of the house as a folder, to tell lies in its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ledger.application.auditing import AuditReport, audit
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.proof.note import VerifierKey
from ledger.proof.policy import Policy, parse_policy
from ledger.proof.shapes import Shapes
from ledger.proof.tile import encode_bundle, parse_bundle
from ledger.store.export_reading import ExportOpener
from ledger.store.exporting import Export, facts_path
from tests.audit.house import House, places
from tests.audit.plan import SHAPES, SIZE, WIDTH, Found, agreed_before, ripple

BUNDLES = ("tile/entries/000", "tile/entries/001", "tile/entries/002.p/108")
TILES = ("tile/0/000", "tile/0/001", "tile/0/002.p/108", "tile/1/000.p/2")


@dataclass
class Exported:
    """A folder, and the key that somebody who checks it got elsewhere."""

    folder: Path
    key: VerifierKey

    def audit(
        self,
        *,
        keys: tuple[VerifierKey, ...] | None = None,
        shapes: Shapes = SHAPES,
        policy: Policy | None = None,
        own_word: bool = False,
        processes: int = 1,
    ) -> AuditReport:
        """Check as ``ledger audit check`` does."""
        trust = Trust((self.key,) if keys is None else keys, policy, own_word)
        return audit(
            ExportOpener(self.folder),
            Question(shapes, trust, clock_bound_s=300),
            scope="export",
            progress=lambda done, size: None,
            processes=processes,
        )

    def found(self) -> Found:
        return places(self.audit())

    def path(self, name: str) -> Path:
        return self.folder / name

    def put(self, name: str, data: bytes) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(data)

    def flip(self, name: str, at: int) -> None:
        data = bytearray(self.path(name).read_bytes())
        data[at] ^= 1
        self.put(name, bytes(data))

    def files(self) -> Iterator[str]:
        """Yield the name of every file, in order."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix()

    def policy(self) -> Policy:
        return parse_policy(self.path("policy").read_text("utf-8"))

    def lines(self, number: int) -> list[bytes]:
        return self.path(facts_path(number)).read_bytes().splitlines(keepends=True)

    def put_lines(self, number: int, lines: list[bytes]) -> None:
        self.put(facts_path(number), b"".join(lines))

    def edit_entry(self, seq: int, old: bytes, new: bytes) -> None:
        """Change the bytes of one entry in its bundle."""
        name, offset = BUNDLES[seq // WIDTH], seq % WIDTH
        width = min(WIDTH, SIZE - seq // WIDTH * WIDTH)
        entries = parse_bundle(self.path(name).read_bytes(), count=width)
        assert entries[offset].count(old) == 1
        entries[offset] = entries[offset].replace(old, new)
        self.put(name, encode_bundle(entries))


def export(house: House, folder: Path, *, facts: bool) -> Exported:
    """Export a house as ``ledger audit export`` does."""
    key = house.key.verifier_key
    Export(house.wiring.source, folder, progress=lambda done: None).write(
        house.wiring.publisher.publish(),
        verifier_key=key.text(),
        policy=house.wiring.policy.text(),
        shapes=SHAPES,
        facts=facts,
    )
    return Exported(folder, key)


def exported_ripple(seq: int) -> Found:
    """Return what follows from changed bytes of an entry: an export is signed to its end."""
    found = ripple(seq) - {("head_differs", None)}
    return found | {("checkpoint_inconsistent", agreed_before(seq))}
