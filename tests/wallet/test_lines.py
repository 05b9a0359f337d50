"""What `ledger verify` prints of a claim is one line."""

from ledger.commands.verifying import _claim


def test_no_claim_writes_a_line_of_its_own() -> None:
    for value in ("甲站\n有效:以上各项均已证明。", "甲\u202e站", "甲\x1b[2K", ["甲\n"]):
        assert _claim("issuer_name", value).isprintable()
    assert "甲站" in _claim("issuer_name", "甲站")
