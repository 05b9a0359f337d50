"""Whom Accept-Language asks for: the language that it weighs most."""

import pytest
from starlette.requests import Request

from ledger.api.languages import language_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.1, zh-CN;q=0.9", "zh"),
        ("zh;q=0, en", "en"),
        ("zh;q=0", "en"),
        ("fr, zh-TW;q=0.5", "zh"),
        ("fr-FR", "en"),
        ("zha", "en"),
        ("en, zh", "en"),
        ("ZH-Hans ; Q=0.7", "zh"),
        ("zh;q=many, en;q=0.1", "en"),
    ],
)
def test_the_language_that_weighs_most(header: str, language: str) -> None:
    headers = [(b"accept-language", header.encode())]
    assert language_of(Request({"type": "http", "headers": headers})) == language
