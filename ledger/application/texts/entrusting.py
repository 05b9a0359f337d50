"""Texts of what is refused of entrustments, an organization's keys, and its staff."""

TEXTS: dict[str, tuple[str, str]] = {
    "bureau_does_not_record": (
        "A bureau supervises records and enters none. Let the association, the station or an "
        "entrusted organization record it.",
        "市局、区局负责监督,不录入记录。请由协会、服务站或受托组织录入。",
    ),
    "entrustment_not_in_force": (
        "No entrustment of this organization is in force on this day. Ask its bureau for one; "
        "what was recorded before stays valid.",
        "该组织当日没有有效的委托。请向主管民政局申请委托;此前的记录仍然有效。",
    ),
    "division_outside_organization": (
        "The place lies outside the organization's own division ({scope}). Let the organization "
        "of that place record it, or ask a bureau for an entrustment.",
        "该地点不在本组织的区划({scope})之内。请由当地组织记录,或向民政局申请委托。",
    ),
    "division_outside_entrustment": (
        "The place lies outside what the organization is entrusted with. Correct the place, or "
        "ask the bureau to entrust it with this area.",
        "该地点不在委托区域之内。请更正地点,或向民政局申请该区域的委托。",
    ),
    "categories_outside_entrustment": (
        "The service is of a category that the organization is not entrusted with. Correct the "
        "category, or ask the bureau to entrust it with this one.",
        "该服务类别不在委托范围之内。请更正类别,或向民政局申请该类别的委托。",
    ),
    "kind_is_not_entrusted": (
        "Associations and entrusted organizations are entrusted, others are not. Choose another "
        "organization.",
        "只有协会和受托组织可以接受委托。请选择其他组织。",
    ),
    "entrusting_is_for_bureaus": (
        "Only a bureau entrusts. Hand the case to the district bureau or the city bureau.",
        "只有市局、区局可以委托。请移交区民政局或市民政局办理。",
    ),
    "entrustment_is_known": (
        "This entrustment was granted already. Open it, or grant a new one.",
        "该委托已授予。请打开查看,或另行授予。",
    ),
    "entrustment_is_missing": (
        "There is no such entrustment of this organization. Choose one from its page.",
        "该组织没有此项委托。请在组织页面中选择。",
    ),
    "entrustment_is_revoked": (
        "The entrustment was revoked already. To let the organization record again, grant a new "
        "one.",
        "该委托已撤销。如需继续委托,请重新授予。",
    ),
    "entrustment_is_over": (
        "The last day of the entrustment has passed, so there is nothing to revoke. To go on, "
        "grant a new one.",
        "该委托已到期,无需撤销。如需继续委托,请重新授予。",
    ),
    "bureau_is_not_the_grantor": (
        "The bureau that granted an entrustment revokes it, or the city bureau. Hand the case to "
        "one of them.",
        "委托只能由授予它的民政局或市民政局撤销。请移交其办理。",
    ),
    "entrusted_area_is_missing": (
        "An entrustment is for an area. Choose at least one district, street or community.",
        "委托须有区域。请至少选择一个区、街道或社区。",
    ),
    "entrusted_area_named_twice": (
        "A part of the area is named twice. Name each one once.",
        "委托区域有重复。请删除重复项。",
    ),
    "entrusted_area_has_too_many_parts": (
        "The area has more than {max} parts. Name the street or district that holds them.",
        "委托区域超过 {max} 项。请改用包含它们的街道或区。",
    ),
    "entrusted_area_outside_bureau": (
        "The area lies outside the bureau's own ({scope}). Choose an area inside it, or ask the "
        "bureau of that area.",
        "委托区域不在本局辖区({scope})之内。请选择辖区内的区域,或由当地民政局委托。",
    ),
    "entrusted_categories_are_missing": (
        "An entrustment is for some categories of service or for every one. Choose some, or say "
        "that it is for every category.",
        "未选择委托的服务类别。请选择类别,或注明为全部类别。",
    ),
    "entrusted_category_named_twice": (
        "A category is named twice. Name each one once.",
        "服务类别有重复。请删除重复项。",
    ),
    "qualification_is_missing": (
        "An entrustment rests on evidence that the organization is qualified. Attach at least "
        "one document.",
        "委托须有资质证明。请至少附一份文件。",
    ),
    "validity_ends_before_it_begins": (
        "The last day lies before the first. Correct one of them.",
        "截止日期早于起始日期。请更正。",
    ),
    "validity_is_over": (
        "The last day has passed already. Choose today or a later day.",
        "截止日期已过。请填写今日或之后的日期。",
    ),
    "organization_key_is_known": (
        "A key with this id is known already, in force or revoked. Make a new key with a new id.",
        "该密钥编号已存在(有效或已撤销)。请生成新的密钥和编号。",
    ),
    "organization_key_is_missing": (
        "The organization has no such key. Choose one from its list of keys.",
        "该组织没有此密钥。请在密钥列表中选择。",
    ),
    "organization_key_is_revoked": (
        "The key was revoked already and signs no more. To sign again, add a new key.",
        "该密钥已撤销,不能再签名。如需签名,请添加新密钥。",
    ),
    "public_key_is_known": (
        "The organization had this public key before; a key never comes back. Make a new one.",
        "该公钥曾经登记,密钥不能重复启用。请生成新的密钥。",
    ),
    "public_key_is_unusable": (
        "This is no usable Ed25519 public key. Send its 32 bytes as 64 lower-case hex digits, as "
        "your tool made them.",
        "该公钥不可用。请提交工具生成的 Ed25519 公钥(32 字节,64 位小写十六进制)。",
    ),
    "exposure_in_future": (
        "The day since when others may have had the key lies in the future. Choose today or an "
        "earlier day, or leave it empty.",
        "密钥可能外泄的起始日期尚未到来。请填写今日或之前的日期,或留空。",
    ),
    "appointee_appoints_herself": (
        "Nobody appoints herself. Ask another person of the organization, or one above it.",
        "不能任命本人。请由本组织其他工作人员或上级组织办理。",
    ),
    "ledger_appoints_the_first_person_only": (
        "The ledger itself appoints only while the city bureau has nobody. Let a person of the "
        "organization, or of one above it, appoint.",
        "系统只在市局尚无工作人员时任命第一人。请由本组织或上级组织的工作人员任命。",
    ),
    "person_is_not_of_the_staff": (
        "This person was never of the organization's staff. Appoint her first.",
        "此人不是该组织的工作人员。请先任命。",
    ),
    "role_is_missing": (
        "No role is named. Choose at least one.",
        "未选择角色。请至少选择一个。",
    ),
    "role_named_twice": (
        "A role is named twice. Name each one once.",
        "角色有重复。请删除重复项。",
    ),
    "role_not_of_kind": (
        "This kind of organization has no such role: a bureau has no recorder, and who has "
        "nobody below has no supervisor. Choose another role.",
        "该类型的组织没有此角色:市局、区局不设记录人,没有下级的组织不设监督人。请选择其他角色。",
    ),
    "role_is_held": (
        "The person has this role already, or will have it. Leave it out, or release her from it "
        "first.",
        "此人已有或将有该角色。请去掉该角色,或先免去。",
    ),
    "role_not_held": (
        "The person has no such role on that day. Choose from the roles that she has.",
        "此人当日没有该角色。请在其现有角色中选择。",
    ),
    "appointment_is_backdated": (
        "Nobody is appointed for the past. Choose today or a later day.",
        "不能追溯任命。请填写今日或之后的日期。",
    ),
    "release_is_backdated": (
        "Nobody is released for the past: what she did meanwhile was her office. Choose today "
        "or a later day.",
        "不能追溯免职,其间所办事项仍为履职行为。请填写今日或之后的日期。",
    ),
}
