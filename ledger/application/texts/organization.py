"""Texts of what is refused of organizations: standing, hierarchy, particulars, succession."""

TEXTS: dict[str, tuple[str, str]] = {
    "organization_is_missing": (
        "There is no such organization, or none was named. Look it up in the directory of "
        "organizations and name it.",
        "没有该组织,或未指明组织。请在组织目录中查找后填写。",
    ),
    "organization_is_registered": (
        "This organization is registered already. Open it in the directory and amend it there.",
        "该组织已登记。请在组织目录中打开并更正。",
    ),
    "organization_not_authorized": (
        "The organization is registered but not authorized yet. Ask its bureau to authorize it.",
        "该组织已登记但尚未授权。请联系主管民政局办理授权。",
    ),
    "organization_is_authorized": (
        "The organization is in force, so there is nothing to lift. Check that you opened the "
        "right one.",
        "该组织已授权且有效,无需办理。请核对所选组织。",
    ),
    "organization_is_suspended": (
        "The organization is suspended. Its bureau can reinstate it once the cause is mended.",
        "该组织已被暂停。整改完成后,请由主管民政局恢复。",
    ),
    "organization_is_revoked": (
        "The organization's authority was revoked. What it recorded stays; to go on, ask its "
        "bureau to authorize it anew.",
        "该组织的授权已被撤销,已有记录仍然保留。如需继续,请由主管民政局重新授权。",
    ),
    "organization_is_succeeded": (
        "The organization has come to its end and others have succeeded it. Turn to its "
        "successor; the directory names it.",
        "该组织已终止并由其他组织承接。请联系承接组织(见组织目录)。",
    ),
    "actor_is_not_staff": (
        "Only a person of an organization does this; a key, a volunteer or the ledger itself "
        "does not. Sign in as a member of staff.",
        "此操作只能由组织的工作人员本人办理,密钥、志愿者或系统均不可代办。请以工作人员身份登录。",
    ),
    "acting_organization_is_missing": (
        "It is not said in whose name you act. Choose the organization for which you act.",
        "未指明代表哪个组织办理。请选择您所代表的组织。",
    ),
    "acting_organization_not_in_force": (
        "The organization in whose name you act is not in force. Ask the bureau above it.",
        "您所代表的组织目前无效(未授权、已暂停或已撤销)。请联系其上级民政局。",
    ),
    "bureau_not_above": (
        "Only a bureau above this organization decides on it. Hand the case to its district "
        "bureau or to the city bureau.",
        "只有该组织的上级民政局可以作此决定。请移交所属区民政局或市民政局办理。",
    ),
    "organization_not_above": (
        "Only the organization itself, or one above it, does this. Hand the case to one of them.",
        "只有该组织本身或其上级可以办理。请移交其办理。",
    ),
    "halted_from_above": (
        "The city bureau suspended or revoked this organization, so a district bureau cannot "
        "change that. Ask the city bureau.",
        "该组织由市民政局暂停或撤销,区民政局不能变更。请报市民政局办理。",
    ),
    "city_bureau_is_registered_by_the_ledger": (
        "The city bureau is registered when the ledger is created, by nobody else. To change "
        "its particulars, amend it.",
        "市局在账本创建时由系统登记,其他人不能登记。如需变更信息,请办理更正。",
    ),
    "ledger_has_its_city_bureau": (
        "The ledger has organizations already, so its beginning is over. Amend the city bureau "
        "instead.",
        "账本已有组织,初始登记已结束。如需变更,请更正市局信息。",
    ),
    "parent_is_missing": (
        "The organization above it is not named, or unknown. Register that one first, then name "
        "it as the parent.",
        "未填写上级组织,或该上级组织不存在。请先登记上级组织,再填写。",
    ),
    "parent_not_in_force": (
        "The organization above it is not in force. Have that one authorized or reinstated first.",
        "上级组织目前无效。请先办理上级组织的授权或恢复。",
    ),
    "kind_not_under_parent": (
        "An organization of this kind does not stand below that one. City bureau, district "
        "bureau, association, station follow each other; an entrusted organization stands "
        "below a bureau. Choose another parent or kind.",
        "该类型的组织不能隶属于所选上级。层级依次为市局、区局、协会、服务站,受托组织隶属于市局或区局。"
        "请更改上级或类型。",
    ),
    "division_not_of_kind": (
        "The division does not fit the kind: a district bureau has a district (6 digits), an "
        "association a street or township (9), a station a community (12). Correct the code.",
        "区划与组织类型不符:区局为区(6 位),协会为街道或乡镇(9 位),服务站为社区(12 位)。请更正代码。",
    ),
    "division_outside_parent": (
        "The division lies outside that of the organization above ({scope}). Correct the code or "
        "choose another parent.",
        "该区划不在上级组织的区划({scope})之内。请更正代码或更改上级。",
    ),
    "form_not_of_kind": (
        "A bureau is a legal person, and an entrusted organization is no unregistered group. "
        "Choose another legal form.",
        "市局、区局应为法人组织,受托组织不能是未登记的团体。请更改组织形式。",
    ),
    "authority_is_missing": (
        "A bureau belongs to a department. Choose civil affairs or social work.",
        "请选择该局所属部门(民政部门或社会工作部门)。",
    ),
    "authority_is_for_bureaus": (
        "Only a bureau belongs to a supervising department. Leave the department empty.",
        "只有市局、区局填写所属部门。请留空。",
    ),
    "credit_code_is_missing": (
        "A legal person has a unified social credit code. Copy it from the registration "
        "certificate, or choose the form of an unregistered group.",
        "法人组织须填写统一社会信用代码。请对照登记证书填写;未登记的团体请更改组织形式。",
    ),
    "credit_code_is_claimed": (
        "Another organization is registered under this credit code ({organization}). Use that "
        "one, or correct the code.",
        "该统一社会信用代码已由其他组织({organization})登记。请使用该组织,或更正代码。",
    ),
    "group_has_credit_code": (
        "An unregistered group has no credit code of its own. Remove the code, or choose "
        "another legal form.",
        "未登记的团体没有统一社会信用代码。请删除代码,或更改组织形式。",
    ),
    "approving_unit_is_missing": (
        "A group that is not registered needs the body that agreed to it, for example the "
        "residents' committee. Name it.",
        "未登记的团体须填写同意其成立的单位(如居民委员会)。请补充。",
    ),
    "office_telephone_is_mobile": (
        "An organization's telephone is public and kept for ever, so no person's mobile number "
        "stands here. Write an office number, or leave it empty and appoint a contact person.",
        "组织电话公开且永久保留,不能填写个人手机号。请填写办公电话,或留空并指定联系人。",
    ),
    "nothing_is_amended": (
        "Nothing differs from what is recorded. Change something, or close the form.",
        "内容与现有记录相同。请修改后再提交,或关闭此表单。",
    ),
    "effective_day_in_future": (
        "The day from which this holds has not come yet. Enter it on that day or afterwards.",
        "生效日期尚未到来。请在当日或之后录入。",
    ),
    "effective_day_before_last_name": (
        "The name before this one holds from {since}. Choose that day or a later one.",
        "上一名称自 {since} 起使用。请填写该日或之后的日期。",
    ),
    "document_digest_is_malformed": (
        "The digest of a document is 64 lower-case hex digits (SHA-256). Attach the file again.",
        "文件摘要应为 64 位小写十六进制(SHA-256)。请重新上传文件。",
    ),
    "documents_are_too_many": (
        "At most {max} documents fit one decision. Put several into one file.",
        "一次最多附 {max} 份文件。请合并文件后上传。",
    ),
    "rectification_day_has_passed": (
        "The day by which it has to be mended has passed. Choose today or a later day, or none.",
        "整改期限已过。请填写今日或之后的日期,或留空。",
    ),
    "successor_count_is_wrong": (
        "After a split there are at least two successors, after a merger or dissolution exactly "
        "one. Correct the successors or the kind of succession.",
        "分立须有两个以上承接组织,合并或解散须有且只有一个。请更正承接组织或承接类型。",
    ),
    "successor_named_twice": (
        "A successor is named twice. Name each one once.",
        "承接组织重复。请删除重复项。",
    ),
    "successor_is_itself": (
        "An organization does not succeed itself. Name another one.",
        "组织不能由自身承接。请选择其他组织。",
    ),
    "successor_is_missing": (
        "A successor ({organization}) is unknown. Register it first.",
        "承接组织({organization})不存在。请先登记。",
    ),
    "successor_not_in_force": (
        "A successor ({organization}) is not in force. Have it authorized first, or name the "
        "bureau above.",
        "承接组织({organization})目前无效。请先办理授权,或改由上级民政局承接。",
    ),
    "succession_evidence_is_missing": (
        "A succession rests on a document. Attach the decision to merge, split or dissolve.",
        "承接须有依据。请附合并、分立或解散的决定。",
    ),
}
