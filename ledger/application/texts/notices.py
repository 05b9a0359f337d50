"""Texts of notices: what somebody is told in her inbox, and what mail says."""

TEXTS: dict[str, tuple[str, str]] = {
    "notice_record_returned": (
        "A record that you entered was returned. Read the reason, set it right and enter it "
        "anew.",
        "您录入的服务记录被退回。请查看原因,更正后重新提交。",
    ),
    "notice_objection_raised": (
        "Somebody objects to a record. Nothing is confirmed until it is decided.",
        "有人对服务记录提出异议。处理完毕前,该记录不予确认。",
    ),
    "notice_objection_upheld": (
        "An objection was upheld: the record goes back to who entered it.",
        "异议成立:服务记录已退回记录人。",
    ),
    "notice_objection_rejected": (
        "An objection was not upheld. Read the reason in the record.",
        "异议不成立。原因见服务记录。",
    ),
    "notice_record_credited": (
        "A record was confirmed: its minutes count.",
        "服务记录已确认,时长已计入。",
    ),
    "notice_amendment_proposed": (
        "Somebody proposes to amend a record of yours. Read the reason; you may reply to it.",
        "有人提议更正您的服务记录。请查看原因,您可以作出答复。",
    ),
    "notice_voiding_proposed": (
        "Somebody proposes to void a record of yours. Read the reason; you may reply to it.",
        "有人提议作废您的服务记录。请查看原因,您可以作出答复。",
    ),
    "notice_amendment_replied": (
        "The volunteer replied to what you proposed.",
        "志愿者已对您的提议作出答复。",
    ),
    "notice_record_amended": (
        "A record was amended. As it was before stands in its history.",
        "服务记录已更正。更正前的内容保留在变更历史中。",
    ),
    "notice_amendment_rejected": (
        "A proposed amendment or voiding was not accepted: the record stays as it is.",
        "更正或作废的提议未获通过:服务记录不变。",
    ),
    "notice_record_voided": (
        "A record was voided and counts no more. Read the reason in its history.",
        "服务记录已作废,不再计入。原因见变更历史。",
    ),
    "notice_certificate_requested": (
        "A certificate was asked for. Check the request, and accept or decline it.",
        "有人申请出具服务记录证明。请核对后受理,或不予出具。",
    ),
    "notice_certificate_accepted": (
        "A certificate was accepted by its handler and waits to be issued.",
        "服务记录证明已由经办人受理,等待负责人出具。",
    ),
    "notice_certificate_issued": (
        "A certificate of your service was issued. You can print it.",
        "您的服务记录证明已出具,可以打印。",
    ),
    "notice_certificate_declined": (
        "A request for a certificate was declined or withdrawn. The ground stands with it.",
        "服务记录证明的申请未予出具或已撤回。理由见该申请。",
    ),
    "notice_certificate_superseded": (
        "Another certificate was issued in the place of yours. Use the new one.",
        "您的服务记录证明已被新证明替代。请使用新证明。",
    ),
    "notice_certificate_revoked": (
        "A certificate of yours was revoked. Whoever checks it is told so.",
        "您的服务记录证明已被撤销,核验时会显示已撤销。",
    ),
    "notice_certificate_changed": (
        "A record under your certificate was amended or voided since, or counts for somebody "
        "else. Whoever checks the certificate is told so; you can ask for a new one in its place.",
        "您的服务记录证明所依据的记录已更正、作废或不再计入您名下,核验时会显示有变更。您可以申请新证明替代。",
    ),
    "notice_certificate_issuer_suspended": (
        "The issuer of your certificate is not in force any more. Whoever checks it is told so.",
        "您的服务记录证明的出具单位已停权,核验时会显示。",
    ),
    "notice_certificate_issuer_reinstated": (
        "The issuer of your certificate is in force again, and whoever checks it is not told "
        "otherwise any more.",
        "您的服务记录证明的出具单位已恢复,核验时不再显示停权。",
    ),
    "notice_activity_amended": (
        "The amendment of an activity that you proposed was accepted.",
        "您提议的活动信息更正已通过。",
    ),
    "notice_activity_amendment_rejected": (
        "The amendment of an activity that you proposed was not accepted.",
        "您提议的活动信息更正未获通过。",
    ),
    "notice_particulars_amended": (
        "Your particulars were changed. Look whether they are right.",
        "您的登记信息已变更。请核对是否正确。",
    ),
    "notice_identity_confirmed": (
        "It was confirmed that you are who you say you are.",
        "您的实名身份已核验通过。",
    ),
    "notice_correction_requested": (
        "You are asked to set something of your registration right.",
        "请您更正登记信息。",
    ),
    "notice_correction_withdrawn": (
        "What you were asked to set right may stay as it is.",
        "要求您更正登记信息的事项已撤回。",
    ),
    "notice_registrations_merged": (
        "Two registrations were merged into one. If they are not both yours, say so.",
        "两份登记已合并。如其中有不属于您的,请及时提出。",
    ),
    "notice_registrations_parted": (
        "Registrations that had been merged are two again.",
        "已合并的登记已重新分开。",
    ),
    "notice_particulars_shown": (
        "Somebody was shown your particulars in clear. Who it was and what for stands here.",
        "有人查看了您的登记信息明文。查看人和用途见本通知。",
    ),
    "notice_evidence_shown": (
        "Somebody was shown a file of evidence on which you are. Who it was and what for "
        "stands here.",
        "有人查看了涉及您的佐证文件。查看人和用途见本通知。",
    ),
    "notice_sign_in_opened": (
        "A password was set for your sign-in. If it was not you, have it closed at once.",
        "您的登录已设置密码。如非本人操作,请立即要求关闭登录。",
    ),
    "notice_sign_in_closed": (
        "Your sign-in was closed. Ask for another invitation if you need one.",
        "您的登录已关闭。如需继续使用,请申请新的邀请。",
    ),
    "notice_address_is_missing": (
        "You have given no address for mail. Give one with PUT, if you want mail.",
        "您尚未填写接收邮件的地址。如需接收邮件,请用 PUT 填写。",
    ),
    "mail_address_is_malformed": (
        "Write a mail address in ASCII, as name@example.org, its domain in lower case; "
        "a domain in other characters in its xn-- form.",
        "请填写 ASCII 邮件地址,例如 name@example.org,域名用小写;含中文的域名请用 xn-- 形式。",
    ),
    "notice_is_not_there": (
        "There is no entry with this number yet. Send the seq of the newest notice that you "
        "have been shown.",
        "尚无该编号的条目。请填写您看到的最新通知的 seq。",
    ),
    "mail_subject": (
        "New notices in the volunteer service ledger",
        "志愿服务记录账本:您有新通知",
    ),
    "mail_new": (
        "You have {count} new notices:",
        "您有 {count} 条新通知:",
    ),
    "mail_due": (
        "{count} things that wait for you are about to be late.",
        "有 {count} 项待办即将到期。",
    ),
    "mail_where": (
        "Sign in to read them: {url}",
        "请登录查看:{url}",
    ),
    "mail_why": (
        "You get this mail because you gave this address for it. It names nobody and nothing, "
        "and asks for no password. To get no more of it, remove the address in your inbox.",
        "您收到本邮件,是因为您填写了接收通知的邮件地址。本邮件不含任何人员和业务信息,也不会索要密码。"
        "如不再需要,请登录后在通知中删除该地址。",
    ),
    "mail_server_is_away": (
        "Mail about notices waits: the mail server took none ({why}). The ledger is not "
        "affected. Look at LEDGER_SMTP_* and at the server; it is tried again by itself.",
        "通知邮件暂缓发送:邮件服务器未接收({why})。账本不受影响。请检查 LEDGER_SMTP_* 设置和邮件服务器,系统会自动重试。",
    ),
    "mail_failed": (
        "Mail about notices stands still ({what}). The ledger is not affected. Look at the file "
        "outbox.sqlite in the data folder and at the store of the projections.",
        "通知邮件暂停发送({what})。账本不受影响。请检查数据目录中的 outbox.sqlite 文件和投影数据库。",
    ),
    "mail_person_failed": (
        "One person's mail about notices could not be made ({what}) and is tried again later. "
        "Run: ledger audit verify",
        "有一人的通知邮件无法生成({what}),稍后重试。请运行 ledger audit verify。",
    ),
    "mail_server_is_back": (
        "The mail server takes mail about notices again.",
        "邮件服务器已恢复接收通知邮件。",
    ),
    "mail_kind_record_returned": ("records returned", "服务记录被退回"),
    "mail_kind_objection": ("objections", "异议"),
    "mail_kind_amendment": ("amendments and voidings", "更正与作废"),
    "mail_kind_record_credited": ("records that count now", "服务记录已计入"),
    "mail_kind_registration": ("your registration", "登记信息"),
    "mail_kind_looked_at": ("information looked at", "信息被查看"),
    "mail_kind_certificate": ("certificates", "服务记录证明"),
    "mail_kind_sign_in": ("your sign-in", "登录"),
}
