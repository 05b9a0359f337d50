"""Texts of certificates."""

TEXTS: dict[str, tuple[str, str]] = {
    "certificate_is_not_found": (
        "Nothing is found for this number and this holder. Compare both with the paper.",
        "未查到与该编号和持有人相符的证明。请与纸面逐字核对。",
    ),
    "certificate_number_is_mistyped": (
        "This cannot be a certificate number. Type the 28 characters again as they are printed.",
        "证明编号有误。请按纸面所印的28个字符重新输入。",
    ),
    "look_up_is_slowed_down": (
        "Too many look-ups. Try again in {seconds} seconds.",
        "查询过于频繁。请在{seconds}秒后再试。",
    ),
    "certificate_is_missing": (
        "There is no such certificate. Check the number.",
        "没有该证明。请核对证明编号。",
    ),
    "certificate_has_no_status_yet": (
        "The certificate's place in the status list is not known yet. Ask again in a moment.",
        "该证明在状态列表中的位置尚未生成,请稍后再试。",
    ),
    "status_list_is_behind": (
        "The status list is being made anew. Ask again in a moment; nothing is valid by default.",
        "状态列表正在重建,请稍后再试;未取得列表不等于有效。",
    ),
    "credential_key_is_missing": (
        "Credentials cannot be signed now: the operator has to put their key back.",
        "暂时无法签署电子凭证:请联系运行单位恢复凭证密钥。",
    ),
    "certificate_is_known": (
        "There is a certificate with this id already. Ask again.",
        "该编号的证明已存在,请重新申请。",
    ),
    "certificate_is_not_requested": (
        "The request is not waiting any more. Read the certificate again.",
        "该申请已不在待受理状态。请重新查看证明。",
    ),
    "certificate_is_not_accepted": (
        "The handler has to accept the request first.",
        "须先由经办人受理该申请。",
    ),
    "certificate_is_not_issued": (
        "This certificate is not in force: it was not issued, or is superseded or revoked.",
        "该证明未在有效状态:尚未出具,或已被替代、撤销。",
    ),
    "certificate_is_self_printed": (
        "What a volunteer prints herself is not accepted or signed by anybody.",
        "自行打印的证明无需受理和签署。",
    ),
    "volunteer_is_not_confirmed": (
        "Her identity was not confirmed by a second person. Have it confirmed first.",
        "志愿者身份尚未核验。请先完成实名核验。",
    ),
    "period_ends_before_start": (
        "The period ends before it begins. Check both days.",
        "截止日期早于起始日期,请核对。",
    ),
    "day_is_in_the_future": (
        "This day has not come yet. Name today at the latest.",
        "该日期尚未到来,最晚填写当日。",
    ),
    "organization_is_not_issuer": (
        "Only the organization that recorded the service certifies it. Ask there.",
        "谁记录谁证明:请由记录单位办理。",
    ),
    "signer_is_holder": (
        "Nobody signs her own certificate. Let another person of the organization do it.",
        "本人不得办理自己的证明,请由其他人员办理。",
    ),
    "signer_is_handler": (
        "Handler and responsible person are two persons. Let the other one issue it.",
        "经办人与负责人须为两人,请由负责人出具。",
    ),
    "volunteer_only_withdraws": (
        "A volunteer may withdraw her request: the ground is withdrawn.",
        "志愿者只能撤回自己的申请(原因填 withdrawn)。",
    ),
    "issuer_has_no_signers": (
        "The organization has no handler or no responsible person today. Have them appointed.",
        "出具单位当前没有经办人或负责人,请先任命。",
    ),
    "signer_has_no_name": (
        "The name of handler or responsible person is not there any more. Let others sign.",
        "经办人或负责人的姓名已删除,请由其他人员办理。",
    ),
    "nothing_to_certify": (
        "This organization has no confirmed record of hers in this period. Check period and "
        "organization, or wait until records are confirmed.",
        "该单位在此期间没有该志愿者的已确认记录。请核对期间和单位,或待记录确认后再申请。",
    ),
    "certificate_has_too_many_lines": (
        "A certificate holds {max} records. Ask for a shorter period.",
        "一份证明最多列 {max} 条记录,请缩短期间。",
    ),
    "record_is_another_organizations": (
        "Record {record} is another organization's, which certifies it.",
        "记录 {record} 由其他单位记录,应由该单位证明。",
    ),
    "record_is_outside_period": (
        "Record {record} lies outside the period.",
        "记录 {record} 不在所申请的期间内。",
    ),
    "record_differs_from_account": (
        "Record {record} and the volunteer's account do not say the same. Nothing is "
        "certified; have the log audited.",
        "记录 {record} 与志愿者时长账户不一致,不予出具。请对日志进行审计。",
    ),
    "records_are_not_witnessed_yet": (
        "The newest checkpoint with the witnesses' quorum has {size} entries and does not "
        "cover these records yet. Try again in a few minutes.",
        "见证人共同签署的最新检查点含 {size} 条,尚未覆盖这些记录。请几分钟后重试。",
    ),
    "certificate_is_erased": (
        "Somebody whom this certificate names was erased: it is not printed any more.",
        "该证明所载人员的信息已依法删除,不再打印。",
    ),
    "certificate_cannot_be_printed": (
        "A name or text has a character that the font of certificates does not have, so it "
        "could not be printed. Tell the operator; have the text amended if it is mistyped.",
        "姓名或文字中有证明字体所没有的字,无法排版。请告知管理员;如系误录,请先更正。",
    ),
    "certificate_cannot_be_signed_now": (
        "The authority of time stamps or of certificates does not answer as it should, so the "
        "file cannot be signed now. Try again in a few minutes; the .tlog-proof can be had "
        "meanwhile.",
        "时间戳机构或证书机构暂无有效应答,目前无法签名。请几分钟后重试;其间可先获取 .tlog-proof。",
    ),
    "signing_key_is_unfit": (
        "The issuer's signing key or certificate cannot be used, so the file was not signed. "
        "Tell the operator, whose log says why; the .tlog-proof can be had meanwhile.",
        "出具单位的签名密钥或数字证书不可用,未能签名。请告知管理员(原因见服务日志);"
        "其间可先获取 .tlog-proof。",
    ),
    "certificate_has_too_many_open_lines": (
        "More than {max} records are not confirmed. Ask for a shorter period, or without them.",
        "未确认的记录超过 {max} 条。请缩短期间,或不另列未确认的记录。",
    ),
    "certificate_rests_on_too_much": (
        "Its records have more than {max} entries in all. Ask for a shorter period.",
        "所依据的记录历史超过 {max} 条,请缩短期间。",
    ),
    "handler_is_none_any_more": (
        "Who accepted the request is no handler any more. Decline it, and have it asked for "
        "again.",
        "受理人已不是经办人。请不予出具,并重新申请。",
    ),
    "records_are_not_proved": (
        "What the certificate would rest on is not what the log commits to ({finding}). "
        "Nothing is certified; have the log audited.",
        "证明所依据的记录与日志承诺不符({finding}),不予出具。请立即对日志进行审计。",
    ),
}
