"""Texts of looking for volunteers."""

TEXTS: dict[str, tuple[str, str]] = {
    "search_is_empty": (
        "Nobody is found by this. Give a name, a telephone number, or an ID number with its "
        "kind, each whole.",
        "查找条件不足。请填写完整的姓名、联系方式,或证件类型与号码。",
    ),
}
