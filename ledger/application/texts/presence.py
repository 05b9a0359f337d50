"""Texts of signing in and out on the spot."""

TEXTS: dict[str, tuple[str, str]] = {
    "sign_in_code_is_wrong": (
        "This is not the code that is shown now. Codes change every minute: scan or type the "
        "one on the screen again, at the right sign point.",
        "动态码不正确。动态码每分钟更换,请在对应签到点重新扫描或输入屏幕上的动态码。",
    ),
    "sign_in_code_is_slowed_down": (
        "Too many wrong codes. Wait {seconds} seconds, or ask a recorder to sign you in.",
        "动态码错误次数过多。请等待 {seconds} 秒后重试,或请记录人代为签到。",
    ),
    "sign_point_is_missing": (
        "This activity has sign points: name the number of the one where you are, from 1. "
        "Without sign points, name none.",
        "本活动设有签到点,请填写所在签到点的序号(从 1 开始);未设签到点的活动请勿填写。",
    ),
    "sign_point_is_another": (
        "There is no such sign point for this. Use one that is for signing in, or for signing "
        "out, as it is named in the activity.",
        "没有用于该操作的签到点。请按活动信息使用相应的签到点或签退点。",
    ),
    "sign_time_is_missing": (
        "A time that was taken offline is told: send taken_at.",
        "离线签到须填写签到时间(taken_at)。",
    ),
    "sign_time_is_ahead": (
        "This time has not come yet. Check the clock of the device, and the time zone.",
        "该时间尚未到来。请检查设备时钟和时区。",
    ),
    "sign_time_is_too_old": (
        "Times taken offline are uploaded within {max} days. Enter the service as a record on "
        "paper instead, with the sheet as evidence.",
        "离线签到应在 {max} 天内上传。请改为按纸质记录录入,并以签到表为佐证。",
    ),
    "activity_is_not_today": (
        "The activity does not take place on {day}. Sign in on one of its days, or have its "
        "dates changed first.",
        "活动不在 {day} 举行。请在活动日期内签到,或先变更活动日期。",
    ),
    "presence_is_open": (
        "She is signed in already (session {session}). Sign out first.",
        "该志愿者已签到(第 {session} 场),请先签退。",
    ),
    "presence_is_not_open": (
        "She is not signed in today. Sign in first; who forgot to is entered by a recorder.",
        "该志愿者今日尚未签到。请先签到;忘记签到的由记录人录入。",
    ),
    "sign_out_is_too_early": (
        "Signing out comes after signing in, by a minute at least. Wait, or correct the times.",
        "签退应晚于签到至少一分钟。请稍候,或更正时间。",
    ),
    "signed_in_too_often": (
        "Nobody signs in more than {max} times a day in one activity. Have a recorder amend a "
        "session instead.",
        "每人每日在同一活动最多签到 {max} 次。请由记录人补签已有场次。",
    ),
    "presence_overlaps": (
        "This lies within another of her sessions. Check the times of both.",
        "该时间与其另一场次重叠。请核对两场时间。",
    ),
    "presence_session_is_unknown": (
        "She has no session of this number. Look at the list of those who signed in.",
        "没有该序号的场次。请查看签到名单。",
    ),
    "volunteer_is_not_named": (
        "Say who signs in: name the volunteer, or sign in by her own account.",
        "请填写签到的志愿者,或由志愿者本人登录签到。",
    ),
    "sign_in_is_incomplete": (
        "She has not signed in and out that day, so nothing was signed in. Have the session "
        "amended with a reason, or enter the record as typed or from paper.",
        "该志愿者当日没有完整的签到签退,不能按签到录入。请说明原因补签,或按录入、纸质方式录入。",
    ),
    "service_exceeds_sign_in": (
        "The service lies partly outside the times at which she signed in and out. Shorten it "
        "to them, or enter it as typed; it is then held for a second approval.",
        "服务时间超出签到签退时间。请改为签到签退时间以内,或按录入方式提交,届时须经上级复核。",
    ),
}
