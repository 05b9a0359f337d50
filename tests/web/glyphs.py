"""Which characters the certificates' font draws as one glyph; `folded.js` is made of it."""

import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import noto_cjk_sans_otc

FACE = "Noto Sans CJK SC"
_SHAPED = {"\u2015": "\u2014"}
"""Drawn as another by the rules of the font for Chinese, beside its table."""
_HEAD = """// Characters that the certificates' font draws as one glyph with others, and
// which of these the page takes them all for; after NFKC. On paper they are the same.
// Made by tests/web/glyphs.py of the font that certificates are typeset with.

export const FOLDED = {
"""


def folded_file() -> str:
    """Return the whole of `ledger/web/static/folded.js`."""
    rows = sorted(folds().items())
    return _HEAD + "".join(f"  {_spelled(one)}: {_spelled(to)},\n" for one, to in rows) + "};\n"


def folds() -> Mapping[str, str]:
    """Return what each character is taken for, of those that share a glyph with another."""
    sharing: dict[int, set[str]] = defaultdict(set)
    for code, glyph in glyphs().items():
        sharing[glyph].add(unicodedata.normalize("NFKC", chr(code)))
    sets = [each for each in sharing.values() if len(each) > 1]
    found = dict(_SHAPED)
    for each in sets:
        # Two of several characters cannot both be kept as they are.
        assert sum(len(text) > 1 for text in each) < 2
        kept = max(each, key=lambda text: (len(text) > 1, text.isascii(), _is_word(text), text))
        for text in each - {kept}:
            assert found.get(text, kept) == kept
            found[text] = kept
    assert not any(each in found for text in found.values() for each in text)
    return found


def glyphs() -> Mapping[int, int]:
    """Return the font's glyph of each code point."""
    font = Path(str(noto_cjk_sans_otc.FONT_PATH)).read_bytes()
    (count,) = struct.unpack_from(">I", font, 8)
    for start in struct.unpack_from(f">{count}I", font, 12):
        tables = dict(_tables(font, start))
        if FACE in _names(font, tables["name"]):
            return dict(_mapped(font, tables["cmap"]))
    raise LookupError(FACE)


def _tables(font: bytes, start: int) -> Iterator[tuple[str, int]]:
    (count,) = struct.unpack_from(">H", font, start + 4)
    for at in range(start + 12, start + 12 + 16 * count, 16):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, at)
        yield tag.decode("ascii"), offset


def _names(font: bytes, start: int) -> set[str]:
    _, count, texts = struct.unpack_from(">HHH", font, start)
    found = set()
    for at in range(start + 6, start + 6 + 12 * count, 12):
        platform, _, _, _, length, offset = struct.unpack_from(">6H", font, at)
        if platform == 3:
            where = start + texts + offset
            found.add(font[where : where + length].decode("utf-16-be"))
    return found


def _mapped(font: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of the table of format 12, which has all of them."""
    _, count = struct.unpack_from(">HH", font, start)
    for at in range(start + 4, start + 4 + 8 * count, 8):
        _, _, offset = struct.unpack_from(">HHI", font, at)
        if struct.unpack_from(">H", font, start + offset) == (12,):
            (groups,) = struct.unpack_from(">I", font, start + offset + 12)
            for group in range(groups):
                where = start + offset + 16 + 12 * group
                first, last, glyph = struct.unpack_from(">III", font, where)
                yield from ((code, glyph + code - first) for code in range(first, last + 1))
            return
    raise LookupError("a table of format 12")


def _is_word(text: str) -> bool:
    return unicodedata.name(text[0], "").startswith(("CJK UNIFIED", "DIGIT", "LATIN"))


def _spelled(text: str) -> str:
    codes = text.encode("utf-16-be")
    units = struct.unpack(f">{len(codes) // 2}H", codes)
    return '"' + "".join(f"\\u{unit:04x}" for unit in units) + '"'


if __name__ == "__main__":
    page = Path(__file__).parents[2] / "ledger" / "web" / "static"
    (page / "folded.js").write_text(folded_file(), "ascii")
