"""Texts of volunteers: registering, amending, confirming, consents and guardians."""

TEXTS: dict[str, tuple[str, str]] = {
    "volunteer_is_unknown": (
        "There is no such volunteer. Look her up by name or number, or register her first.",
        "没有该志愿者。请按姓名或编号查找,或先登记。",
    ),
    "volunteer_is_registered": (
        "This registration has been recorded already. Open it; to change it, amend it.",
        "该登记已记录。请打开查看;如需修改,请提交更正。",
    ),
    "volunteer_is_merged": (
        "This registration was merged into {into} and takes nothing new. Go on with that one, or "
        "have the two separated.",
        "该登记已合并至 {into},不再接受新内容。请在该登记下办理,或申请拆分。",
    ),
    "volunteer_is_erased": (
        "The personal information of this volunteer was erased, so nothing new is recorded of "
        "her. If she wishes to serve again, register her anew.",
        "该志愿者的个人信息已删除,不再记录新内容。如其希望继续服务,请重新登记。",
    ),
    "volunteer_is_too_young": (
        "A volunteer must be at least {min} years old. Compare the date of birth with the "
        "document; otherwise wait until then.",
        "志愿者须年满 {min} 周岁。请对照证件核对出生日期;未满年龄的,请届时再登记。",
    ),
    "guardian_consent_is_missing": (
        "A volunteer under {below} needs her guardian's consent to being registered and serving. "
        "Record the guardian and the signed consent first.",
        "未满 {below} 周岁的志愿者注册和参加服务须经监护人同意。请先登记监护人及其签署的同意书。",
    ),
    "volunteer_acts_for_organization": (
        "You are signed in as a volunteer and cannot act for an organization. Sign in with your "
        "staff account.",
        "您以志愿者身份登录,不能代表组织办理。请使用工作人员账号登录。",
    ),
    "actor_is_another_volunteer": (
        "This is another volunteer's registration. Open your own.",
        "这是其他志愿者的登记。请打开本人的登记。",
    ),
    "field_is_unknown": (
        "There is no such field. Remove it and send the rest again; the fields that exist are "
        "listed in the documentation of the interface.",
        "没有该字段。请删除后重新提交;可用字段见接口说明。",
    ),
    "fact_needs_consent": (
        "This may be kept only if the volunteer consents to it by name. Record her consent, or "
        "leave the field empty.",
        "该项信息须经志愿者逐项同意方可保存。请先记录其同意,或将该字段留空。",
    ),
    "fact_needs_no_consent": (
        "The rules ask for {fact} anyway; a consent cannot cover it. Remove it from the consent.",
        "{fact} 为规定登记事项,不适用同意。请从同意范围中删除。",
    ),
    "birth_date_differs_from_id": (
        "The date of birth is not the one in the ID number. Compare both with the document.",
        "出生日期与证件号码不一致。请对照证件核对。",
    ),
    "birth_date_is_in_future": (
        "The date of birth lies in the future. Compare it with the document.",
        "出生日期晚于今天。请对照证件核对。",
    ),
    "code_is_missing": (
        "Choose at least one.",
        "请至少选择一项。",
    ),
    "code_is_repeated": (
        "Something was chosen twice. Choose it once.",
        "有重复选项。请只选一次。",
    ),
    "categories_are_too_many": (
        "Choose at most {max} categories of service.",
        "服务类别最多选择 {max} 项。",
    ),
    "digest_is_malformed": (
        "A SHA-256 digest has 64 digits in lower-case hex. Compute it from the file again.",
        "SHA-256 摘要应为 64 位小写十六进制。请由文件重新计算。",
    ),
    "nothing_is_changed": (
        "Nothing differs from what is recorded. Change what is wrong, or leave it as it is.",
        "内容与现有登记相同。请修改有误之处,或不再提交。",
    ),
    "change_is_not_evidenced": (
        "Name, sex, date of birth and identity document are changed on evidence only. Attach a "
        "copy of the document that shows it.",
        "修改姓名、性别、出生日期或证件信息须有依据。请附证明文件。",
    ),
    "correction_is_unknown": (
        "There is no such open request for correction. Read the registration again: it may have "
        "been answered or withdrawn.",
        "没有该项待处理的更正要求。请重新查看登记:可能已答复或撤回。",
    ),
    "correction_is_known": (
        "A request with this id is open already. Read it, or send yours under a new id.",
        "该编号的更正要求已存在。请查看,或使用新编号提交。",
    ),
    "correction_is_open": (
        "A correction of her identity was requested and is not answered. Let her amend it, or "
        "have the request withdrawn, then confirm.",
        "身份信息尚有未答复的更正要求。请待其更正或撤回该要求后再确认。",
    ),
    "volunteer_is_confirmed": (
        "Her real name has been confirmed already. Nothing more is needed.",
        "该志愿者已完成实名确认,无需重复办理。",
    ),
    "confirmer_is_volunteer": (
        "Nobody confirms their own identity. Show your document to an organization.",
        "不能自行确认身份。请向组织出示证件办理。",
    ),
    "confirmer_is_registrant": (
        "Who entered the identity does not confirm it. Ask another person of the organization.",
        "录入身份信息的人不能同时确认。请由组织的另一人办理。",
    ),
    "confirmation_is_not_evidenced": (
        "Unless the document was seen with its bearer, the confirmation needs evidence. Attach "
        "the copy or the authority's answer.",
        "未当面核对证件的,确认须有依据。请附证件复印件或核验结果。",
    ),
    "guardian_is_missing": (
        "No guardian is named. Name the guardian first.",
        "尚未登记监护人。请先登记监护人。",
    ),
    "guardian_is_not_needed": (
        "From {below} years on nobody needs a guardian here, and nobody's information is "
        "collected without need. Leave the guardian out.",
        "年满 {below} 周岁无须监护人,不得收集不必要的个人信息。请勿填写监护人。",
    ),
    "guardian_must_consent": (
        "This is not the volunteer's own to agree to: her guardian consents ({purpose}). Record "
        "the guardian's signed consent.",
        "该事项({purpose})须由监护人同意,志愿者本人不能代替。请记录监护人签署的同意。",
    ),
    "volunteer_is_of_age": (
        "She is {below} or older and speaks for herself. Ask the volunteer.",
        "该志愿者已满 {below} 周岁,由本人决定。请由志愿者本人办理。",
    ),
    "consent_is_missing": (
        "The volunteer has not consented to this ({purpose}). Record her consent first, or ask "
        "her to do it herself.",
        "志愿者尚未同意该事项({purpose})。请先记录其同意,或请志愿者自行办理。",
    ),
    "consent_is_not_evidenced": (
        "A consent that somebody else records needs the signed form. Attach its file.",
        "由他人代为记录的同意须有签署的书面材料。请附文件。",
    ),
    "consent_is_in_future": (
        "The consent is dated after today ({today}). Enter the day on which it was signed.",
        "同意日期晚于今天({today})。请填写签署日期。",
    ),
    "consent_is_known": (
        "A consent with this id was recorded already. Send yours under a new id.",
        "该编号的同意已记录。请使用新编号提交。",
    ),
    "consent_is_repeated": (
        "Two of the consents are for the same purpose. Keep the one that holds.",
        "同一用途有两份同意。请只保留有效的一份。",
    ),
    "consent_is_not_in_force": (
        "No such consent ({purpose}) is in force: it was never given, or was withdrawn. Nothing "
        "needs to be done; read the registration again.",
        "该项同意({purpose})当前无效:从未给出或已撤回。无须办理,请重新查看登记。",
    ),
    "consent_has_wrong_facts": (
        "A consent to optional information names what it covers; other consents ({purpose}) name "
        "none. Correct the list of facts.",
        "对选填信息的同意须列明项目,其他同意({purpose})不得列项目。请更正项目列表。",
    ),
    "consent_has_wrong_recipients": (
        "A consent to disclosure names to whom; other consents ({purpose}) name nobody. Correct "
        "the list of recipients.",
        "对提供信息的同意须列明接收方,其他同意({purpose})不得列接收方。请更正接收方列表。",
    ),
}
