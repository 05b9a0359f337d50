"""Texts of activities: what stands in the way of registering, changing or cancelling one."""

TEXTS: dict[str, tuple[str, str]] = {
    "activity_is_registered": (
        "An activity with this id is registered already. Open it, and change it there.",
        "该编号的活动已登记。请打开该活动,在其中修改。",
    ),
    "activity_is_missing": (
        "There is no such activity. Register it first, or choose it from the list.",
        "没有该活动。请先登记,或从列表中选择。",
    ),
    "activity_is_cancelled": (
        "This activity was cancelled: nothing is recorded in it. If it took place after all, "
        "register it again.",
        "该活动已取消,不可在其中记录。如实际已举办,请重新登记活动。",
    ),
    "activity_is_over": (
        "This activity was over on {ended} and is not changed by one person any more. Propose "
        "an amendment, which another person reviews.",
        "该活动已于 {ended} 结束,不能再由一人直接修改。请提出更正,由另一人审核。",
    ),
    "activity_is_not_over": (
        "This activity lasts until {ends}. Change it directly; amendments are for activities "
        "that are over.",
        "该活动至 {ends} 才结束。请直接修改;更正仅用于已结束的活动。",
    ),
    "activity_has_records": (
        "{records} records of this activity are confirmed, so that it took place. Have them "
        "voided first if they are wrong.",
        "该活动已有 {records} 条确认的服务记录,不能取消。如记录有误,请先作废。",
    ),
    "activity_ends_before_start": (
        "The last day lies before the first. Correct the dates.",
        "结束日期早于开始日期,请更正。",
    ),
    "activity_is_too_long": (
        "An activity lasts at most {max} days. Register each year of it by itself.",
        "一项活动最长 {max} 天。请分年度登记。",
    ),
    "name_says_back_entry": (
        "The name says what was done, not how it was entered. Leave out the words for back "
        "entry; the ledger marks back entries itself.",
        "活动名称应说明做了什么,不得含“补录”字样。请删去,系统会自动标明补录。",
    ),
    "declaration_is_missing": (
        "What is no volunteer service is not recorded (Order 67, Art. 19). Read the six excluded "
        "kinds and declare that this is none of them, or do not register it.",
        "不属于志愿服务的活动不得记录(民政部令第67号第十九条)。"
        "请阅读六类排除情形并声明不属于其中任何一类,否则请勿登记。",
    ),
    "guiding_organization_is_missing": (
        "A group that is no legal person records under the guidance of the body that manages it "
        "(Order 67, Art. 26). Name that body.",
        "未登记的志愿服务团体应在管理单位指导下记录(民政部令第67号第二十六条)。请填写指导单位。",
    ),
    "admission_is_of_the_past": (
        "This activity was registered after its end: it is a back entry and takes nobody any "
        "more. Choose the back entry as admission mode.",
        "该活动在结束后登记,属于补录,不再招募。招募范围请选择“时间补录”。",
    ),
    "admission_is_not_of_the_past": (
        "Back entry is for what is registered after its end. Say whom the activity takes.",
        "“时间补录”仅用于活动结束后的登记。请选择实际的招募范围。",
    ),
    "truth_declaration_is_missing": (
        "What is registered after its end is entered on somebody's word. Declare that it is "
        "true, or do not register it.",
        "活动结束后补登,须声明内容真实。请作出声明,否则请勿登记。",
    ),
    "project_no_is_mistyped": (
        "This is no project number: its check digits do not fit. Compare it with the original.",
        "项目编号有误,校验位不符。请与原件核对。",
    ),
    "recruiting_is_incomplete": (
        "Recruiting has a first and a last day. Enter both, or neither.",
        "招募起止日期应同时填写或同时不填。",
    ),
    "recruiting_ends_before_start": (
        "The last day of recruiting lies before the first. Correct the days.",
        "招募截止日期早于招募开始日期,请更正。",
    ),
    "recruiting_outlasts_activity": (
        "Nobody is recruited for what is over. Let recruiting end by the last day of the "
        "activity.",
        "招募截止日期不得晚于活动结束日期,请更正。",
    ),
    "coordinates_are_missing": (
        "The place of an activity has coordinates. Enter them, or say why there are none.",
        "活动地点应有经纬度。请填写,或说明无坐标的原因。",
    ),
    "coordinates_are_there": (
        "There are coordinates, and a reason why there are none. Leave one of them out.",
        "已填经纬度,不应再填无坐标原因。请保留其一。",
    ),
    "coordinates_can_be_known": (
        "That nobody knows the coordinates any more is for back entries alone. Take them from a "
        "map.",
        "“已无从查考”仅用于补录。请从地图上查得经纬度。",
    ),
    "longitude_is_out_of_bounds": (
        "A longitude lies between -{max} and {max} degrees, in whole millionths of a degree. "
        "Correct it.",
        "经度应在 -{max} 至 {max} 度之间,以百万分之一度的整数填写。请更正。",
    ),
    "latitude_is_out_of_bounds": (
        "A latitude lies between -{max} and {max} degrees, in whole millionths of a degree. See "
        "whether longitude and latitude were exchanged.",
        "纬度应在 -{max} 至 {max} 度之间,以百万分之一度的整数填写。请检查经纬度是否填反。",
    ),
    "posts_are_too_many": (
        "An activity has at most {max} posts. Put like ones together.",
        "每项活动最多设 {max} 个岗位,请合并同类岗位。",
    ),
    "post_repeats": (
        "Two posts have the same name. Put them together, or call one otherwise.",
        "岗位名称重复。请合并,或改用其他名称。",
    ),
    "planned_is_out_of_bounds": (
        "The number wanted for a post is between 1 and {max}. Correct it.",
        "岗位计划人数应在 1 至 {max} 之间,请更正。",
    ),
    "sign_points_are_too_many": (
        "An activity has at most {max} places to sign in and out. Leave some out.",
        "每项活动最多设 {max} 个签到/退点,请删减。",
    ),
    "sign_point_repeats": (
        "The same place to sign in or out stands twice. Leave it once.",
        "签到/退点重复,请只保留一个。",
    ),
    "radius_is_out_of_bounds": (
        "The radius of a place to sign in is between 0, anywhere, and {max} metres. Correct it.",
        "签到/退范围应在 0(不限)至 {max} 米之间,请更正。",
    ),
    "paper_is_missing": (
        "For dangerous service and large events the law wants this named before they begin "
        "(Regulations on Volunteer Service, Art. 12 to 17; Beijing regulations, Art. 18). Name "
        "the paper.",
        "有危险的服务和大型活动,法规要求事先具备此项"
        "(《志愿服务条例》第十二至十七条、《北京市志愿服务促进条例》第十八条)。请填写。",
    ),
    "training_is_wanted": (
        "Dangerous service is for trained volunteers (Regulations on Volunteer Service, "
        "Art. 16). Say that training is required.",
        "有危险的服务须由经过培训的志愿者承担(《志愿服务条例》第十六条)。请注明须经培训。",
    ),
    "head_count_is_out_of_bounds": (
        "The number of volunteers who took part is between 1 and {max}. Correct it.",
        "参加志愿者总人数应在 1 至 {max} 之间,请更正。",
    ),
    "head_count_is_below_recorded": (
        "{min} different volunteers are recorded already. Enter at least that number, or have "
        "wrong records voided first.",
        "已记录 {min} 名志愿者,总人数不得少于此数。请更正,或先作废有误的记录。",
    ),
    "records_lie_outside": (
        "There is a record of {day}, which would lie outside. Keep that day, or have the record "
        "amended first.",
        "{day} 已有服务记录,不能排除在活动日期之外。请保留该日,或先更正该记录。",
    ),
    "choice_is_missing": (
        "Choose at least one from the table.",
        "请至少选择一项。",
    ),
    "choice_repeats": (
        "The same choice stands twice. Leave it once.",
        "同一选项重复,请只保留一次。",
    ),
    "choices_are_too_many": (
        "At most {max} may be chosen. Leave out the least important.",
        "最多选择 {max} 项,请删减。",
    ),
    "evidence_digest_is_malformed": (
        "Evidence is named by the SHA-256 of its file: 64 digits and small letters a to f. "
        "Compute it again from the file.",
        "佐证材料以文件的 SHA-256 值标识(64 位数字和小写字母 a 至 f)。请重新计算。",
    ),
    "evidence_is_too_much": (
        "At most {max} files support one entry. Put several pages into one file.",
        "每条记录最多附 {max} 份佐证材料。请将多页合并为一个文件。",
    ),
    "evidence_repeats": (
        "The same file stands twice among the evidence. Leave it once.",
        "佐证材料中有重复的文件,请只保留一份。",
    ),
    "back_entry_reason_is_missing": (
        "This is a back entry. Say why it was not entered in time.",
        "此为补录,请说明未及时录入的原因。",
    ),
    "back_entry_evidence_is_missing": (
        "This is a back entry. Add at least one piece of evidence, such as a stamped list of "
        "names or the sign-in sheet.",
        "此为补录,请至少附一份佐证材料,例如盖章名册或签到表。",
    ),
    "organization_does_not_record": (
        "Another organization records this activity. Enter it in the name of that one, or leave "
        "it to its recorders.",
        "该活动由其他组织负责记录。请以该组织名义录入,或交由其记录人录入。",
    ),
    "organization_does_not_answer": (
        "Your organization neither recorded this nor stands above the one that did. Leave it to "
        "a person of those organizations.",
        "您所在的组织既非记录单位,也非其上级。请由记录单位或其上级的人员办理。",
    ),
    "actor_has_no_such_role": (
        "You have none of the roles that this needs ({roles}) in the organization for which you "
        "act. Ask its responsible person for an appointment, or leave it to who has the role.",
        "您在该组织中没有所需的角色({roles})。请由负责人任命,或交由具备该角色的人员办理。",
    ),
    "key_is_not_in_force": (
        "The key that signed this is revoked, expired or unknown, or its organization is not in "
        "force. Sign with a key in force, or have a new one added.",
        "签署所用的密钥已撤销、过期或未登记,或其组织未获授权。请使用有效密钥签署,或登记新密钥。",
    ),
    "amendment_is_open": (
        "Amendment {amendment} is not decided yet, and there is one at a time. Have it accepted "
        "or rejected first.",
        "更正 {amendment} 尚未审定,同一时间只能有一项更正。请先接受或驳回该更正。",
    ),
    "amendment_is_not_open": (
        "This amendment is not open: it was decided meanwhile, or another one was proposed. "
        "Read the history again.",
        "该更正当前不待审定:可能已有结论,或已另行提出更正。请重新查看变更历史。",
    ),
    "reviewer_is_proposer": (
        "Whoever proposes an amendment does not decide about it. Leave it to another reviewer.",
        "更正的提出人不得审定该更正。请由其他审核人办理。",
    ),
}
