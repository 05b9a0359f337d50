"""Texts of identities: one person once, merging two registrations, and parting them again."""

TEXTS: dict[str, tuple[str, str]] = {
    "person_is_registered": (
        "Somebody is registered with this ID number already, and a person is registered once. "
        "Compare it with the document; if it is right, look the registration up and use that, or "
        "have the two merged.",
        "该证件号码已有登记,每人只能登记一次。请对照证件核对;如无误,请查找并使用已有登记,或申请合并。",
    ),
    "identity_came_by_merge": (
        "This ID number came with a registration that was merged into this one. Separate the "
        "two, then merge them the other way round.",
        "该证件号码来自已合并到此处的登记。请先拆分,再以相反方向合并。",
    ),
    "identity_is_not_held": (
        "The ID number of this registration was given up and is no longer its own. Find the "
        "registration that has it now, and merge that one.",
        "该登记的证件号码已释放,不再归其所有。请查找现持有该号码的登记,并合并该登记。",
    ),
    "volunteer_is_not_erased": (
        "An ID number is given up only after the volunteer's information was erased. Erase it "
        "first, or amend the number if it is wrong.",
        "只有在删除志愿者个人信息之后才能释放证件号码。请先办理删除;如号码有误,请提交更正。",
    ),
    "volunteers_are_the_same": (
        "Both are the same registration. Choose the other one.",
        "两者是同一登记。请选择另一登记。",
    ),
    "volunteer_has_absorbed": (
        "Other registrations were merged into this one, so it stays. Merge the other one into "
        "this one instead.",
        "已有其他登记合并至该登记,不能再并出。请改为将另一登记并入该登记。",
    ),
    "volunteer_is_not_merged": (
        "This registration is not merged into {target}. Read it again to see where it counts.",
        "该登记并未合并至 {target}。请重新查看其归属。",
    ),
}
