"""Texts of service records: what stands in the way of entering, reviewing or amending one."""

TEXTS: dict[str, tuple[str, str]] = {
    "record_is_known": (
        "A record with this id is entered already. Open it instead of entering it again.",
        "该编号的服务记录已录入。请打开该记录,不要重复录入。",
    ),
    "record_is_missing": (
        "There is no such record. Choose it from the list.",
        "没有该服务记录。请从列表中选择。",
    ),
    "record_is_submitted": (
        "This record is entered but not shown yet. Open its publicity first.",
        "该记录已提交,尚未公示。请先开始公示。",
    ),
    "record_is_publicized": (
        "This record is in publicity. Wait until it is over and have it confirmed, or have it "
        "returned.",
        "该记录正在公示。请待公示结束后确认,或予以退回。",
    ),
    "record_is_returned": (
        "This record was returned. Its recorder enters it anew first.",
        "该记录已退回。请先由记录人重新录入。",
    ),
    "record_is_held": (
        "This record is confirmed and awaits the approval of a body above. Have it approved or "
        "returned first.",
        "该记录已确认,待上级复核。请先复核通过或退回。",
    ),
    "record_is_confirmed": (
        "This record is confirmed and counts. What is wrong with it is set right by an "
        "amendment: propose one.",
        "该记录已确认并计入。如有错误,请提出更正。",
    ),
    "record_is_voided": (
        "This record was voided, and nothing follows that. If the service took place, enter a "
        "new record.",
        "该记录已作废,不可再变更。如确有服务,请另行录入新记录。",
    ),
    "recorder_is_another_person": (
        "Who enters a record answers for it. Enter it in your own name, or let that person "
        "enter it.",
        "记录由录入者本人负责。请以本人名义录入,或由该人员自行录入。",
    ),
    "recorder_is_not_appointed": (
        "The person named is no recorder of this organization today. Name one who is, or have "
        "her appointed.",
        "所填记录人目前不是本组织的记录人。请填写已任命的记录人,或先行任命。",
    ),
    "recorder_is_volunteer": (
        "Nobody records her own service. Let another recorder enter it.",
        "不得记录本人的服务。请由其他记录人录入。",
    ),
    "time_is_no_whole_minute": (
        "Times are given to the minute. Leave out seconds.",
        "时间精确到分钟。请去掉秒。",
    ),
    "service_ends_before_start": (
        "The end does not lie after the start. Correct the times.",
        "结束时间不晚于开始时间,请更正。",
    ),
    "service_is_not_over": (
        "The end lies in the future. Enter the record when the service is over.",
        "结束时间尚未到。请在服务结束后录入。",
    ),
    "service_crosses_midnight": (
        "A session does not last over midnight (24:00 belongs to the next day). Enter one record "
        "for each day, the first until 23:59.",
        "一次服务不得跨越零点(24:00 属于次日)。请按日分别录入,前一日至 23:59 止。",
    ),
    "break_is_negative": (
        "A break is 0 minutes or more. Correct it.",
        "休息时间应为 0 分钟或以上,请更正。",
    ),
    "breaks_leave_no_time": (
        "The breaks are as long as the service. Correct the times or the breaks.",
        "扣除休息后没有服务时间。请更正时间或休息时长。",
    ),
    "day_outside_activity": (
        "The activity lasts from {first} to {last}. Correct the day, choose the right activity, "
        "or have its dates amended.",
        "活动日期为 {first} 至 {last}。请更正服务日期、选择正确的活动,或更正活动日期。",
    ),
    "evaluation_precedes_service": (
        "A service is evaluated once it was served. Correct the date of the evaluation.",
        "评价日期早于服务日期,请更正。",
    ),
    "evaluation_is_in_future": (
        "The date of the evaluation lies in the future. Correct it.",
        "评价日期尚未到,请更正。",
    ),
    "rating_is_out_of_bounds": (
        "A rating is between 1 and {max}. Correct it.",
        "评分应在 1 至 {max} 之间,请更正。",
    ),
    "objector_is_another_person": (
        "A volunteer objects in her own name. Sign in as that person, or let an organization "
        "write the objection down.",
        "志愿者只能以本人名义提出异议。请以该人员身份登录,或由组织代为登记。",
    ),
    "objection_is_not_open": (
        "This objection is not open: it was decided, or never raised. Read the history again.",
        "该异议当前不待处理:可能已有结论或并未提出。请重新查看变更历史。",
    ),
    "objection_is_open": (
        "Objection {objection} is not decided yet. Decide it first.",
        "异议 {objection} 尚未处理。请先作出处理决定。",
    ),
    "decider_is_objector": (
        "Whoever objects, or wrote the objection down, does not decide about it, in whichever "
        "capacity. Leave it to another reviewer.",
        "异议提出人及代为登记人,无论以何种身份,均不得处理该异议。请由其他审核人办理。",
    ),
    "publicity_is_not_over": (
        "The publicity lasts up to and including {last}. Confirm the record from the day after.",
        "公示至 {last}(含当日)。请于次日起确认。",
    ),
    "reviewer_is_recorder": (
        "Who entered a record, now or before it was returned, does not decide about it. Leave "
        "it to another reviewer.",
        "录入过该记录的人员不得审核该记录。请由其他审核人办理。",
    ),
    "reviewer_is_volunteer": (
        "Nobody decides about her own service. Leave it to another reviewer.",
        "不得审核本人的服务记录。请由其他审核人办理。",
    ),
    "approver_is_reviewer": (
        "The second approval is another person's than the confirmation. Leave it to a colleague.",
        "复核人不得与确认人为同一人。请由其他人员复核。",
    ),
    "approver_is_not_above": (
        "What is held is approved by an organization above the one that recorded it. Hand it on "
        "to the association or the bureau.",
        "待复核的记录须由记录单位的上级复核。请交由协会或民政部门办理。",
    ),
    "actor_is_not_the_volunteer": (
        "Only the volunteer herself replies. Sign in as that volunteer, or wait until the time "
        "for the reply is over.",
        "仅志愿者本人可以答复。请以其本人身份登录,或等待答复期届满。",
    ),
    "reply_is_given": (
        "The volunteer has replied already, and replies once. Go on to the decision.",
        "志愿者已答复,每项更正只答复一次。请进入审定。",
    ),
    "reply_is_awaited": (
        "The volunteer may reply up to and including {last}. Decide after the reply, or from "
        "the day after.",
        "志愿者可在 {last}(含当日)前答复。请在其答复后或次日起审定。",
    ),
    "amendment_is_a_voiding": (
        "This proposal is to void the record, not to change it. Void it or reject the proposal.",
        "该项提议是作废记录,而非修改。请作废该记录或驳回提议。",
    ),
    "amendment_is_no_voiding": (
        "This proposal is to change the record, not to void it. Accept or reject it.",
        "该项提议是修改记录,而非作废。请接受或驳回。",
    ),
    "amendment_needs_body_above": (
        "This amendment exceeds the daily limit, or the record was held when it was confirmed. "
        "Hand it on to the association or the bureau to decide.",
        "该更正超出单日上限,或原记录曾待复核。请交由上级协会或民政部门审定。",
    ),
}
