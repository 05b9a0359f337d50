"""Texts of looking for volunteers, and of dealing with one's own registration."""

TEXTS: dict[str, tuple[str, str]] = {
    "search_is_empty": (
        "Nobody is found by this. Give a name, a telephone number, or an ID number with its "
        "kind, each whole.",
        "查找条件不足。请填写完整的姓名、联系方式,或证件类型与号码。",
    ),
    "registration_is_ones_own": (
        "This is your own registration as a volunteer, and hours move with it. Ask another "
        "person of the organization to do it.",
        "这是您本人的志愿者登记,涉及时长归属。请由组织的另一人办理。",
    ),
}
