"""Files of the public pages: each read once, with its digest as its ETag, packed when asked."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served at all, by the end of its name; licences and digests are not."""
_PACKED_FROM = 1_024
"""Bytes from which packing is worth its time."""


@dataclass(frozen=True)
class StaticFile:
    """One file; ``is_fixed`` says that another content will have another address."""

    content: bytes
    media_type: str
    is_fixed: bool = False

    @cached_property
    def etag(self) -> str:
        """The validator of the unpacked content."""
        return f'"{sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """The content in gzip; None where it is not worth it."""
        if len(self.content) < _PACKED_FROM:
            return None
        return gzip.compress(self.content, compresslevel=6, mtime=0)


def page_files() -> dict[str, StaticFile]:
    """Return the files of the page by their path below it; `index.html` is the page."""
    return dict(_below(files("ledger.web") / "static", ""))


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, StaticFile]]:
    for each in folder.iterdir():
        name = f"{path}{each.name}"
        if each.is_dir():
            yield from _below(each, f"{name}/")
            continue
        media_type = TYPES.get(f".{each.name.rpartition('.')[2]}")
        if media_type is not None:
            # What others made lies under the number of its version.
            is_fixed = name.startswith("vendor/")
            yield name, StaticFile(each.read_bytes(), media_type, is_fixed)
