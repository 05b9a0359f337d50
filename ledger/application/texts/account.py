"""Texts of accounts: what stands in the way of crediting minutes, or of joining accounts."""

TEXTS: dict[str, tuple[str, str]] = {
    "credit_overlaps": (
        "This volunteer is already credited from {start} to {end} (record {record}), and nobody "
        "is in two places at once. Compare both records: correct the times of this one, or "
        "propose an amendment of the other.",
        "该志愿者在 {start} 至 {end} 已有计入的服务记录({record}),同一时间不能重复计入。"
        "请核对两条记录:修改本记录的时间,或对另一记录提出更正。",
    ),
    "account_is_merged": (
        "This registration was merged into {into}, where its minutes count. Read that "
        "volunteer's account again and repeat the step there.",
        "该登记已合并至 {into},时长在该处计入。请重新查看该志愿者的账户后再操作。",
    ),
    "accounts_overlap": (
        "Both registrations are credited with time that overlaps: record {first} of one and "
        "record {record} ({start} to {end}) of the other. Amend or void the wrong one, then "
        "merge.",
        "两个登记计入的服务时间有重叠:一方的记录 {first} 与另一方的记录 {record}({start} 至 {end})。"
        "请先更正或作废有误的记录,再合并。",
    ),
}
