"""Texts of the sandbox against which organizations try their systems."""

TEXTS: dict[str, tuple[str, str]] = {
    "sandbox_ready": (
        "A sandbox: nothing in it counts, and no other ledger takes what is signed for it.\n"
        "Nobody in it is real. It waits for nothing: a record is entered and confirmed within a minute.\n"
        "Serve it:   ledger sandbox --serve, or LEDGER_DATA_DIR={folder} ledger serve --port 8001\n"
        "Keep this:  it is told once. A shell can read it. Everybody signs in with PASSWORD.\n"
        "Begin anew: stop the service, remove the folder, run ledger sandbox again.",
        "沙箱账本:其中一切均不作数,为其签名的内容其他账本一概不收。\n"
        "其中没有真实人员;无需等待公示和答复,一条记录一分钟内即可走完录入到确认。\n"
        "启动服务:ledger sandbox --serve,或 LEDGER_DATA_DIR={folder} ledger serve --port 8001\n"
        "请妥善保存:以下内容只显示一次,可供 shell 直接读取。所有人登录均用 PASSWORD。\n"
        "重新开始:停止服务,删除该文件夹,再次运行 ledger sandbox。",
    ),
    "sandbox_exists": (
        "There is a sandbox in {folder} already; nothing was changed. Its password was told when "
        "it was made. To begin anew, remove the folder and run this again.",
        "{folder} 中已有沙箱,未作任何改动。其密码已在建立时显示。如需重新开始,请删除该文件夹后再次运行。",
    ),
    "sandbox_has_the_ledgers_name": (
        "A sandbox must not be named {origin}: that is the ledger itself, which would take what is "
        "signed for the sandbox. Choose another --origin.",
        "沙箱不能命名为 {origin}:这是正式账本的名称,正式账本会接收为沙箱签名的内容。请换一个 --origin。",
    ),
}
"""Every text by its code; a code never changes its meaning."""
