"""Texts of what was copied from paper: its scans, its check, why it does not count yet."""

TEXTS: dict[str, tuple[str, str]] = {
    "import_is_missing": (
        "There is no such import. Look it up in the list of imports.",
        "没有该导入批次。请在导入列表中核对编号。",
    ),
    "import_is_of_another_organization": (
        "Another organization imported this file. Act for that organization, if you work there.",
        "该文件由其他组织导入。如您在该组织任职,请以该组织名义操作。",
    ),
    "import_is_not_of_paper": (
        "This file was not imported as copied from paper, so it has no scan and no check. How it "
        "stands to its records and head count is told by its reconciliation.",
        "该文件导入时未声明为纸质录入,无需扫描件和核对。其记录与总人数情况见核对情况查询。",
    ),
    "import_carrier_is_another": (
        "This very file was imported before as {carrier}. Import it in the same way again.",
        "该文件此前以“{carrier}”载体导入。请以相同方式再次导入。",
    ),
    "import_is_unfinished": (
        "The import of this file was cut off. Import the same file again; nothing is entered twice.",
        "该文件的导入曾中断。请再次导入同一文件;不会重复录入。",
    ),
    "paper_has_no_scan": (
        "What was copied from paper rests on a scan of it. Keep the scan as a file of evidence of "
        "this activity (sign_in_sheet, stamped_roll or paper_record), and name its SHA-256 in "
        "evidence.",
        "由纸质材料录入的记录须有扫描件。请先将扫描件作为本活动的佐证文件保存"
        "(签到表、盖章名册或纸质记录扫描件),并在佐证中填写其 SHA-256。",
    ),
    "evidence_is_no_scan": (
        "Only scans of paper are attached here: sign_in_sheet, stamped_roll, paper_record. Name "
        "the kind that it is.",
        "此处只关联纸质材料的扫描件:签到表、盖章名册或纸质记录扫描件。请填写相应种类。",
    ),
    "scan_is_of_another_activity": (
        "The scan is kept of another activity than the import is of. Name the activity of the "
        "import.",
        "扫描件所属活动与导入批次的活动不同。请填写导入批次的活动。",
    ),
    "scan_is_attached": (
        "This scan is attached already; nothing has to be done.",
        "该扫描件已关联,无需重复操作。",
    ),
    "scans_are_too_many": (
        "An import takes at most {max} scans. Put several sheets into one PDF.",
        "一个导入批次最多关联 {max} 个扫描件。请将多页合并为一个 PDF。",
    ),
    "pages_are_out_of_bounds": (
        "A scan shows from 1 to {max} sheets. Correct the number, or leave it out.",
        "扫描件页数应为 1 至 {max}。请更正或不填。",
    ),
    "scan_is_missing": (
        "No scan is attached to this import. Attach one first: POST imports/ID/scans",
        "该导入批次尚无扫描件。请先上传扫描件:POST imports/ID/scans",
    ),
    "scan_is_erased": (
        "Somebody whom the scan {evidence} shows was erased, so nobody can open it any more. Cover her "
        "line, keep that copy with redacted_from, and attach it.",
        "扫描件 {evidence} 所涉人员的个人信息已删除,无法再打开。请遮盖其所在行,以 redacted_from 保存副本后关联。",
    ),
    "scan_was_not_looked_at": (
        "Who checks looks at the paper first. Open the scan: GET evidence/{evidence}?purpose=inspection",
        "核对前须查看扫描件。请先打开:GET evidence/{evidence}?purpose=inspection",
    ),
    "scan_lacks_volunteers": (
        "{count} volunteers of these records are named by no scan. Scan the page that shows them anew "
        "and attach it, so that it is erased with them.",
        "有 {count} 名志愿者未在任何扫描件中登记。请重新扫描其所在页并上传关联,以便随其个人信息一并删除。",
    ),
    "checker_is_keyer": (
        "Who keyed the rows or imported them does not check them. Let another recorder or reviewer "
        "compare them with the paper.",
        "录入或导入该批次的人员不得自行核对。请由其他记录人或审核人对照纸质材料核对。",
    ),
    "as_of_is_ahead": (
        "The log has {size} entries so far as it can be read. Take as_of from the "
        "reconciliation that you read.",
        "目前可读取到第 {size} 条。as_of 请填写所查看的核对情况中的数值。",
    ),
    "records_were_entered_since": (
        "{count} records of this import were entered after you had read it. Read them again, and then "
        "check.",
        "您读取之后,该批次有 {count} 条记录重新录入。请重新读取后再核对。",
    ),
    "count_is_out_of_bounds": (
        "Count again: rows on the paper from 0, persons from 1 to {max}.",
        "请重新清点:纸上行数不小于 0,人数为 1 至 {max}。",
    ),
    "check_contradicts_itself": (
        "{records} records were made from the file, {rows} rows with those known before; the paper shows "
        "{rows_on_paper}. They agree if that lies between the two and no record differs; otherwise they "
        "do not. Count again.",
        "本文件形成 {records} 条记录,连同已有记录共 {rows} 行;纸上有 {rows_on_paper} 行。"
        "行数在两者之间且无不符记录时为相符,否则为不符。请重新清点。",
    ),
    "check_leaves_rows_unexplained": (
        "{records} records were made from the file, and the paper shows only {rows_on_paper} rows. Name "
        "each record that is not on the paper, with not_on_paper.",
        "本文件形成 {records} 条记录,纸上只有 {rows_on_paper} 行。请逐条列出纸上没有的记录(not_on_paper)。",
    ),
    "differences_are_too_many": (
        "At most {max} records are named in one check. Return the records, and key the file anew.",
        "一次核对最多列出 {max} 条不符记录。请退回记录并重新录入。",
    ),
    "record_is_named_twice": (
        "A record is named twice. Name each one once, with the difference that weighs most.",
        "同一记录列出了两次。请每条只列一次,并选择最主要的不符之处。",
    ),
    "record_is_of_another_import": (
        "The record {record} was not made from this file. Name records of this import only.",
        "记录 {record} 不是由本文件形成。请只列出本批次的记录。",
    ),
    "paper_is_not_checked": (
        "Nobody else has compared this entry with its paper yet. Attach the scan to the import "
        "{import}, let a person who did not key it check it, then confirm.",
        "该录入尚未由他人对照纸质材料核对。请为导入批次 {import} 上传扫描件,由非录入人员核对后再确认。",
    ),
    "record_differs_from_paper": (
        "The check of the import {import} found that this record is not as its paper says "
        "({difference}). Return it to its recorder, and let the import be checked again.",
        "导入批次 {import} 的核对发现该记录与纸质材料不符({difference})。请退回记录人更正后重新核对。",
    ),
    "import_of_paper_waits": (
        "Copied from paper: attach the scan to import {id}, then let another person check it.",
        "纸质录入:请为导入批次 {id} 上传扫描件,并由他人核对。",
    ),
    "import_reconciled": (
        "{standing}: {rows} rows in the file, {rows_in_force} of them records in force, {confirmed} "
        "confirmed, {voided} voided; {scans} scans; on paper {rows_on_paper} rows, {persons_on_paper} "
        "persons.",
        "{standing}:文件 {rows} 行,其中有效记录 {rows_in_force} 行,已确认 {confirmed} 条,已作废 {voided} 条;"
        "扫描件 {scans} 个;纸上 {rows_on_paper} 行、{persons_on_paper} 人。",
    ),
    "import_discrepancy": (
        "Differs: {what} ({reason}).",
        "差异:{what}({reason})。",
    ),
}
