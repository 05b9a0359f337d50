"""Texts of who acts for whom, and of how lists are read."""

TEXTS: dict[str, tuple[str, str]] = {
    "organization_is_unknown": (
        "The organization that is named here is not known to this ledger. Look it up in the "
        "directory of organizations and name it by its id.",
        "此处所填组织未在本账本登记。请在组织目录中查找后填写其编号。",
    ),
    "authority_does_not_supervise": (
        "The department to which this bureau belongs ({authority}) does not supervise under the "
        "rules of today. Hand the case to a bureau of a department that does.",
        "按现行规则集,该局所属部门({authority})无监督职权。请移交有监督职权的部门办理。",
    ),
    "rules_are_for_the_city_bureau": (
        "Only the city bureau enacts rules and publishes calendars. Send your proposal to it.",
        "只有市民政局可以发布规则集和工作日历。请将建议报送市民政局。",
    ),
    "person_is_erased": (
        "The facts about a person who is named here were erased at law, so nothing more is "
        "written about her. Name somebody else, or a new person without an id.",
        "此处所涉人员的个人信息已依法删除,不能再记录其信息。请改为其他人员,或不填编号以登记新人员。",
    ),
    "cursor_is_unusable": (
        "This cursor was not given for this list. Read the list from its beginning, with the "
        "same filters throughout, and take each cursor as it is.",
        "该游标不属于此列表。请从头读取列表,保持筛选条件不变,并原样使用返回的游标。",
    ),
}
