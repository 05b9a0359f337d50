"""Texts of imports: what is wrong with a file, its header, a cell or a row, and what to do."""

TEXTS: dict[str, tuple[str, str]] = {
    "file_is_empty": (
        "The file holds nothing. Choose the file with the records.",
        "文件为空。请选择含有服务记录的文件。",
    ),
    "file_is_too_large": (
        "The file has more than {max} MiB. Part it into several files.",
        "文件超过 {max} MiB。请拆分为多个文件。",
    ),
    "file_is_no_table": (
        "This is neither an Excel workbook (.xlsx) nor text in rows (CSV), whatever it is called. "
        "Open it in Excel or WPS and save it as .xlsx.",
        "该文件不是 Excel 工作簿(.xlsx)或 CSV 文本,与扩展名无关。请用 Excel 或 WPS 打开后另存为 .xlsx。",
    ),
    "file_is_old_excel": (
        "This is a workbook of Excel 97-2003 (.xls), or one with a password. Open it and save it "
        "as .xlsx without a password.",
        "该文件是 Excel 97-2003 格式(.xls)或加密的工作簿。请打开后另存为不加密的 .xlsx。",
    ),
    "file_is_protected": (
        "The file has a password. Save it without one.",
        "文件已加密。请取消密码后保存。",
    ),
    "file_is_damaged": (
        "The file is damaged: it cannot be read to its end. Open it in Excel or WPS, save it anew "
        "and import it again; rows that were accepted are not entered twice.",
        "文件已损坏,无法完整读取。请用 Excel 或 WPS 打开并重新保存后再次导入;已接受的行不会重复录入。",
    ),
    "file_unpacks_to_too_much": (
        "The workbook unpacks to more than is read here ({max} MiB, or far more than tables do). "
        "Copy the rows with records into a new workbook.",
        "工作簿解压后超出限制({max} MiB,或压缩比异常)。请将服务记录复制到新的工作簿。",
    ),
    "file_has_too_many_rows": (
        "The file has more than {max} rows. Delete blank rows, or part it into several files.",
        "文件超过 {max} 行。请删除空行或拆分为多个文件。",
    ),
    "file_digest_differs": (
        "The file that came is not the one whose SHA-256 was named. Send it again.",
        "收到的文件与所报 SHA-256 摘要不符。请重新发送。",
    ),
    "header_is_not_found": (
        "No header was found in the first {rows} rows of any sheet. Name the columns as the template "
        "does.",
        "各工作表前 {rows} 行未找到表头。请按模板填写列名。",
    ),
    "column_is_missing": (
        "The column {column} is missing, or has a name that is not known. Add it under this name.",
        "缺少列“{column}”,或列名无法识别。请以该名称添加此列。",
    ),
    "column_is_repeated": (
        "There are two columns {column}. Rename or delete the one that is not meant.",
        "列“{column}”出现两次。请改名或删除多余的一列。",
    ),
    "activity_is_not_named": (
        "Nothing says to which activity the rows belong. Name it when you import, or add the "
        "template's column for the activity's number.",
        "未说明各行属于哪个活动。请在导入时指定活动,或添加“活动编号”列。",
    ),
    "activity_is_unclear": (
        "There is no activity with this number. Copy it from the list of activities.",
        "没有该编号的活动。请从活动列表复制编号。",
    ),
    "activity_is_another": (
        "The row names another activity than the whole file. Correct it, or import without naming one.",
        "该行的活动与导入时指定的活动不同。请更正,或导入时不指定活动。",
    ),
    "cell_is_blank": (
        "The cell is blank. Fill it in; of merged cells, only the first one holds the value.",
        "单元格为空,请填写;合并单元格仅第一格有值,请取消合并后逐行填写。",
    ),
    "cell_is_no_day": (
        "This is no day. Write it like 2026-03-01.",
        "不是有效日期。请填写如 2026-03-01 或 2026年3月1日。",
    ),
    "day_lacks_its_year": (
        "The day has no year of four digits. Write it like 2026-03-01.",
        "日期缺少四位年份。请填写如 2026-03-01。",
    ),
    "cell_is_no_time": (
        "This is no time of the clock. Write it like 9:00 or 14:30.",
        "不是有效时刻。请填写如 9:00 或 下午2:30。",
    ),
    "cell_is_no_span": (
        "This says no begin and end. Write it like 9:00-11:30.",
        "无法识别起止时间。请填写如 9:00-11:30 或 上午9点-11点半。",
    ),
    "span_is_no_text": (
        "The table program has made a date or number of this. Format the cell as text and write "
        "9:00-11:30.",
        "该内容已被表格软件转为日期或数字。请将单元格设为文本格式后填写,如 9:00-11:30。",
    ),
    "span_is_unclear": (
        "It is not clear whether the begin is in the morning or in the afternoon. Write it like "
        "14:00-16:00.",
        "开始时间是上午还是下午不明确。请填写如 14:00-16:00。",
    ),
    "start_is_not_said": (
        "When it began is not said: a duration alone is no record. Add the time from the sign-in sheet.",
        "缺少开始时间,仅有时长不能形成记录。请按签到表补充。",
    ),
    "cell_is_no_duration": (
        "This is no duration. Write hours like 2.5, or 2:30.",
        "不是有效时长。请填写小时数如 2.5,或 2小时30分。",
    ),
    "duration_is_out_of_bounds": (
        "A session lasts longer than nothing and at most {max} hours. Correct it.",
        "单次服务时长应大于 0 且不超过 {max} 小时。请更正。",
    ),
    "duration_is_no_whole_minute": (
        "This does not come to whole minutes. Give the end as well, or write it like 2:20.",
        "时长不是整分钟。请填写结束时间,或写作 2小时20分。",
    ),
    "duration_disagrees": (
        "The duration is not what lies between start and end, less the break. Compare all three with "
        "the sign-in sheet.",
        "时长与起止时间(扣除休息)不符。请对照签到表核对。",
    ),
    "cell_is_no_break": (
        "This is no break in minutes. Write it like 30.",
        "不是有效的休息分钟数。请填写如 30。",
    ),
    "cell_is_no_rating": (
        "Ratings are 1 to 5. Correct it.",
        "评价应为 1 至 5。请更正。",
    ),
    "id_type_is_unknown": (
        "There is no such kind of document. Write its Chinese name as in the template.",
        "无法识别证件类型。请按模板填写,如 居民身份证、护照。",
    ),
    "id_number_was_ruined": (
        "The table program kept this number as a number and lost its last digits. Format the column "
        "as text and type the number again from the card; it cannot be restored.",
        "该号码被表格软件当作数值保存,末几位已丢失且无法恢复。请将该列设为文本格式,并对照证件重新填写。",
    ),
    "row_names_no_volunteer": (
        "Nobody is registered with this number and this name. Compare both with the document; who is "
        "not registered yet is registered first, with her consent.",
        "没有以该证件号码和姓名登记的志愿者。请对照证件核对;尚未登记的,请先征得本人同意并登记。",
    ),
    "registration_has_another_number": (
        "The registration is not that of who has this document. Correct one of the two, or leave one out.",
        "登记编号与证件号码不是同一人。请更正其中一项,或只填一项。",
    ),
    "evaluator_is_unclear": (
        "Nobody of your organization, or more than one, has this name. Write the id of the person, or "
        "leave it blank: then it is who imports.",
        "本组织没有或有多名同名工作人员。请填写人员编号,或留空(即导入人)。",
    ),
    "row_overlaps_row": (
        "The same volunteer has another session at this time in row {row} of sheet {sheet}. One of the two "
        "is wrong.",
        "同一志愿者在第 {sheet} 个工作表第 {row} 行已有重叠的服务时间。请核对其中一行。",
    ),
    "row_overlaps_record": (
        "The same volunteer has a record at this time already: {record}. Compare the two.",
        "该志愿者在此时间已有服务记录 {record}。请核对。",
    ),
    "row_differs_from_record": (
        "This session is recorded already with another end: {record}. Propose an amendment of that "
        "record instead.",
        "该次服务已有记录 {record},但结束时间不同。请对该记录提出更正。",
    ),
    "import_is_done": (
        "{rows} rows: {accepted} accepted, {duplicates} known already, {refused} refused.",
        "共 {rows} 行:接受 {accepted} 行,已有记录 {duplicates} 行,拒绝 {refused} 行。",
    ),
    "import_was_dry": (
        "A dry run of {rows} rows, nothing is recorded: {accepted} would be accepted, {duplicates} are "
        "known already, {refused} would be refused.",
        "试运行共 {rows} 行,未录入任何内容:可接受 {accepted} 行,已有记录 {duplicates} 行,将拒绝 {refused} 行。",
    ),
    "import_row_accepted": (
        "sheet {sheet} row {row}: accepted, record {record}",
        "第 {sheet} 表第 {row} 行:已接受,记录 {record}",
    ),
    "import_row_duplicate": (
        "sheet {sheet} row {row}: known already, record {record}",
        "第 {sheet} 表第 {row} 行:已有记录 {record}",
    ),
    "import_row_refused": (
        "sheet {sheet} row {row}, cell {cell}: {text} ({reason})",
        "第 {sheet} 表第 {row} 行,单元格 {cell}:{text}({reason})",
    ),
    "import_head_count": (
        "Activity {activity}: head count {head_count}, recorded {recorded}, in this file {in_file}.",
        "活动 {activity}:总人数 {head_count},已记录 {recorded} 人,本文件 {in_file} 人。",
    ),
    "import_left_out": (
        "Not read, and not kept: {what}.",
        "未读取且未保存:{what}。",
    ),
    "import_organization_is_unknown": (
        "No organization has the credit code or id {what}. Copy it from the registration.",
        "没有统一社会信用代码或编号为 {what} 的组织。请对照登记信息填写。",
    ),
    "import_is_not_by_staff": (
        "{what} signs in for no staff of an organization. Name a recorder of the organization.",
        "{what} 不是组织工作人员的登录名。请指定本组织的记录人。",
    ),
}
