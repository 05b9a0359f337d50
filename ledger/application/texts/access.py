"""Texts of signing in: invitations, names and passwords, and who may give them to whom."""

TEXTS: dict[str, tuple[str, str]] = {
    "sign_in_is_refused": (
        "Nobody signs in with this name and this password. Check both, and whether a key is "
        "locked; who has forgotten them asks her organization for a new invitation.",
        "用户名或密码不正确。请核对后重试,并检查大小写锁定;如已忘记,请向所在组织申请新的邀请。",
    ),
    "sign_in_is_slowed_down": (
        "There were too many attempts from here. Wait {seconds} seconds and try again.",
        "此处尝试次数过多。请等待 {seconds} 秒后重试。",
    ),
    "sign_in_is_damaged": (
        "The stored password is not the one that was set, so nobody signs in with it. Tell the "
        "operator, and ask your organization for a new invitation.",
        "存储的密码与登记的不一致,已停止使用。请告知系统管理员,并向所在组织申请新的邀请。",
    ),
    "sign_in_is_damaged_alarm": (
        "ALARM: the stored password of sign-in {sign_in} is not the one of the log: somebody "
        "changed or deleted its row. Nobody signs in there. Look into who could write to the "
        "database, run ledger audit verify, then have the person invited again.",
        "警报:登录 {sign_in} 存储的密码与日志不一致,其记录被人改动或删除,该登录已停用。请查明谁能写入数据库,"
        "运行 ledger audit verify,再重新邀请本人。",
    ),
    "sign_in_is_known": (
        "This volunteer has a sign-in already. Sign in with it, or ask for a new invitation.",
        "该志愿者已有登录。请直接登录,或申请新的邀请。",
    ),
    "sign_in_is_not_open": (
        "Nobody can sign in here: it was closed, or never opened. Ask for an invitation.",
        "该登录已关闭或尚未启用。请申请邀请。",
    ),
    "sign_in_is_anothers": (
        "This is another person's sign-in. Change your own password only.",
        "这是他人的登录。只能修改本人的密码。",
    ),
    "sign_in_is_joined": (
        "This person signs in by her volunteer's sign-in ({into}) now. Use that one.",
        "该人员现通过其志愿者登录({into})登录。请使用该登录。",
    ),
    "sign_in_has_another_person": (
        "This sign-in is another person's and stays hers. Check whom you name.",
        "该登录属于另一人,不能转给他人。请核对所填人员。",
    ),
    "sign_in_is_anothers_to_give": (
        "Another organization gave this person her sign-in. Ask that one, or one above both of "
        "you.",
        "该人员的登录由其他组织开通。请由该组织或双方共同的上级办理。",
    ),
    "volunteer_is_anothers_to_invite": (
        "Your organization neither registered this volunteer nor confirmed her identity. Confirm "
        "it first, or ask the organization that did.",
        "您的组织既未登记该志愿者,也未核实其身份。请先核实身份,或联系登记她的组织。",
    ),
    "invitee_is_missing": (
        "It is not said who is invited. Name the staff person, the volunteer, or both.",
        "未指明邀请对象。请填写工作人员或志愿者,或两者都填。",
    ),
    "invitee_invites_herself": (
        "Nobody invites herself. Change your password with the old one, or ask a colleague to "
        "invite you.",
        "不能邀请本人。请用旧密码修改密码,或请同事邀请。",
    ),
    "ledger_invites_the_first_person_only": (
        "The ledger itself invites only the first person of the city bureau, and only while "
        "nobody else there could. Ask a colleague of hers to invite.",
        "系统只邀请市局的第一位人员,且仅在市局没有其他人员时。请由其同事邀请。",
    ),
    "invitation_is_not_valid": (
        "This invitation is none, or was used, or another one took its place. Ask for a new one.",
        "该邀请无效、已使用或已被新的邀请取代。请申请新的邀请。",
    ),
    "invitation_has_expired": (
        "This invitation has expired. Ask for a new one; it lasts 72 hours.",
        "该邀请已过期。请申请新的邀请(有效期 72 小时)。",
    ),
    "invitation_begins_the_ledger": (
        "This token begins the ledger. Send it with the city bureau's particulars to POST "
        "/api/v1/founding; it is still good.",
        "该令牌用于启用账本,仍然有效。请连同市局信息提交至 POST /api/v1/founding。",
    ),
    "invitation_is_not_to_join": (
        "Only a volunteer who is signed in joins an invitation as staff to her sign-in. Sign in "
        "as the volunteer first, or accept the invitation by itself.",
        "只有已登录的志愿者才能将工作人员邀请并入其登录。请先以志愿者身份登录,或单独接受该邀请。",
    ),
    "sign_in_name_is_taken": (
        "Somebody else signs in with this name. Choose another one.",
        "该用户名已被使用。请更换。",
    ),
    "old_password_is_wrong": (
        "The old password is not right. Type it again; who has forgotten it asks for a new "
        "invitation.",
        "旧密码不正确。请重新输入;如已忘记,请申请新的邀请。",
    ),
    "password_was_changed": (
        "The password was changed meanwhile. Sign in with the new one.",
        "密码已在此期间被修改。请用新密码登录。",
    ),
    "password_is_too_short": (
        "A password has at least {min} characters. Several words make a long one that is easy to "
        "remember.",
        "密码至少 {min} 个字符。可用几个词组成较长且好记的密码。",
    ),
    "password_is_too_long": (
        "A password has at most {max} characters. Shorten it.",
        "密码最多 {max} 个字符。请缩短。",
    ),
    "password_cannot_be_stored": (
        "The password holds half a character. Type it again.",
        "密码含有不完整的字符。请重新输入。",
    ),
    "password_is_the_name": (
        "The password is the name that you sign in with. Choose another one.",
        "密码不能与用户名相同。请更换。",
    ),
    "password_is_common": (
        "This password is among the first that others would try. Choose another one, such as "
        "several words that have nothing to do with each other.",
        "该密码过于常见,容易被猜到。请更换,例如用几个互不相关的词组成。",
    ),
    "password_is_the_old_one": (
        "The new password is the old one. Choose another one.",
        "新密码与旧密码相同。请更换。",
    ),
    "security_log_failed": (
        "The security log in {what} cannot be written ({why}), so nothing is done that might "
        "have to be refused. Give it disk space, or correct LEDGER_SECURITY_LOG_DIR.",
        "无法写入 {what} 中的安全日志({why}),因此暂停可能需要拒绝的操作。请释放磁盘空间,或更正 "
        "LEDGER_SECURITY_LOG_DIR。",
    ),
    "founding_token": (
        "The first administrator begins the ledger with this token, within 72 hours and once. "
        "It is told only here; hand it over in person:\n  {token}\n"
        "She sends it with the city bureau's particulars, her name and a password of her own to "
        "POST /api/v1/founding. If it is lost or late: ledger founding",
        "首位管理员凭此令牌在 72 小时内启用账本,仅限一次。令牌只在此显示,请当面交付:\n  {token}\n"
        "由其将令牌、市局信息、本人姓名和自设密码提交至 POST /api/v1/founding。如遗失或过期:ledger founding",
    ),
    "founding_token_again": (
        "The token before is void. The first person of the city bureau sets a new password with "
        "this one, at POST /api/v1/founding while the ledger has not begun, and afterwards as "
        "with any invitation:\n  {token}",
        "此前的令牌已作废。市局首位人员凭此令牌设置新密码:账本尚未启用时提交至 POST /api/v1/founding,"
        "启用后按普通邀请办理:\n  {token}",
    ),
}
