"""A file is what its content says: three kinds, within bounds, whole."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.codes import MediaType
from ledger.domain.evidence_files import (
    EVIDENCE_BYTES_MAX,
    PIXELS_MAX,
    SIDE_MAX,
    check_media,
)
from tests.evidence.pictures import jpeg, pdf, png

WHOLE = {MediaType.JPEG: jpeg(), MediaType.PNG: png(), MediaType.PDF: pdf()}


def code(content: bytes, declared: MediaType) -> str | None:
    refused = check_media(content, declared)
    return None if refused is None else refused.codes[0]


@pytest.mark.parametrize("kind", MediaType)
def test_what_is_whole_may_be_kept(kind: MediaType) -> None:
    assert code(WHOLE[kind], kind) is None


@pytest.mark.parametrize("kind", MediaType)
def test_a_file_is_not_what_its_sender_calls_it(kind: MediaType) -> None:
    for other in set(MediaType) - {kind}:
        assert code(WHOLE[kind], other) == "evidence_is_of_another_type"
    assert code(b"<html><script>", kind) == "evidence_is_of_another_type"


@pytest.mark.parametrize("kind", [MediaType.JPEG, MediaType.PNG])
def test_a_picture_that_is_cut_off_is_none(kind: MediaType) -> None:
    whole = WHOLE[kind]
    for length in range(8, len(whole) - 1):
        assert code(whole[:length], kind) == "evidence_is_malformed", length


def test_a_document_without_its_end_is_none() -> None:
    assert code(pdf().replace(b"%%EOF", b""), MediaType.PDF) == "evidence_is_malformed"


@pytest.mark.parametrize(
    ("make", "kind"), [(png, MediaType.PNG), (jpeg, MediaType.JPEG)], ids=["png", "jpeg"]
)
def test_a_picture_that_claims_too_much_is_refused_unpacked(
    make: Callable[[int, int], bytes], kind: MediaType
) -> None:
    side = int(PIXELS_MAX**0.5)
    assert code(make(side, side), kind) is None
    assert code(make(SIDE_MAX + 1, 1), kind) == "evidence_has_too_many_pixels"
    assert code(make(SIDE_MAX, SIDE_MAX), kind) == "evidence_has_too_many_pixels"
    assert code(make(0, 1), kind) == "evidence_is_malformed"


def test_a_chunk_that_was_changed_is_noticed() -> None:
    whole = png(text=b"a")
    changed = whole.replace(b"Comment\0a", b"Comment\0b")
    assert code(changed, MediaType.PNG) == "evidence_is_malformed"
    assert code(whole + b"more", MediaType.PNG) == "evidence_is_malformed"


def test_nothing_and_too_much_are_refused() -> None:
    assert code(b"", MediaType.PNG) == "evidence_is_empty"
    whole = png(text=bytes(EVIDENCE_BYTES_MAX))
    assert code(whole, MediaType.PNG) == "evidence_is_too_large"


@given(st.binary(max_size=200), st.sampled_from(list(WHOLE)), st.integers(2, 60))
def test_whatever_comes_is_answered(noise: bytes, kind: MediaType, at: int) -> None:
    whole = WHOLE[kind]
    for content in (noise, whole[:at] + noise, whole[:at] + noise + whole[at:]):
        check_media(content, kind)
