"""Texts of the rules: enacting a rule set, publishing the working days of a year."""

TEXTS: dict[str, tuple[str, str]] = {
    "rules_are_out_of_order": (
        "The next rule set has number {want}, not {got}: another one was enacted meanwhile. "
        "Read the rules again, and enact yours as number {want} if it still fits.",
        "下一规则集的序号应为 {want},而不是 {got}:其间已有其他规则集生效。"
        "请重新查看现行规则,如仍适用,请以序号 {want} 提交。",
    ),
    "rules_are_retroactive": (
        "Rules take effect tomorrow at the earliest: what was done up to {today} was done under "
        "the rules of its day. Choose a later day.",
        "规则最早自明日起生效:截至 {today} 的事项适用当日规则。请选择更晚的生效日期。",
    ),
    "rule_is_out_of_bounds": (
        "{rule} must lie between {min} and {max}. Correct the number.",
        "{rule} 应在 {min} 至 {max} 之间,请更正。",
    ),
    "guardian_consent_is_below_law": (
        "The age below which a guardian consents cannot be lower than the one set by law. "
        "Raise guardian_consent_below.",
        "需监护人同意的年龄不得低于法定年龄。请调高 guardian_consent_below。",
    ),
    "star_hours_do_not_ascend": (
        "Each star needs more hours than the one before it. Put the hours in ascending order.",
        "每一星级所需时长应高于前一星级。请按从少到多填写。",
    ),
    "supervisors_are_not_distinct": (
        "Name at least one supervising department, and each only once.",
        "请至少填写一个监督部门,且每个部门只填一次。",
    ),
    "calendar_does_not_ascend": (
        "The days are not in order, or one stands twice. Give each day once, ascending.",
        "日期未按顺序排列或有重复。请按先后顺序填写,每日一次。",
    ),
    "calendar_has_other_year": (
        "A day lies outside the year {year}. Enter each year's days by themselves.",
        "有日期不在 {year} 年内。请分年度填写。",
    ),
    "calendar_contradicts_itself": (
        "A day is both a holiday and a make-up working day. Compare it with the notice.",
        "同一天既是放假日又是调休上班日。请对照通知核对。",
    ),
    "calendar_is_retroactive": (
        "Days up to {today} cannot be changed any more: deadlines were counted by them. Change "
        "later days only.",
        "{today} 及以前的日期已用于计算期限,不可再更改。请只更改之后的日期。",
    ),
}
