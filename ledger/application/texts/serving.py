"""Texts of the service's answers."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_such_tile": (
        "No tile has this path. Paths follow C2SP tlog-tiles.",
        "没有此路径的瓦片。路径格式见 C2SP tlog-tiles。",
    ),
    "not_found": (
        "There is nothing at this address. The log is at /log/<division>/checkpoint.",
        "此地址没有内容。日志位于 /log/<division>/checkpoint。",
    ),
    "method_not_allowed": (
        "This address can only be read, with GET or HEAD.",
        "此地址只能用 GET 或 HEAD 读取。",
    ),
    "request_refused": (
        "The request cannot be answered as it stands. Correct it and try again.",
        "无法处理该请求。请更正后重试。",
    ),
    "head_too_large": (
        "The request's address and headers are too long. Send at most 16 KiB of them.",
        "请求的地址和标头过长。请不要超过 16 KiB。",
    ),
    "request_too_slow": (
        "The request did not arrive in time. Send it again at once and whole.",
        "请求未及时到达。请重新一次性完整发送。",
    ),
    "not_http": (
        "This is no request of HTTP/1.1. Correct the client, then send it again.",
        "这不是有效的 HTTP/1.1 请求。请更正客户端后重新发送。",
    ),
    "too_many_connections": (
        "There are too many connections at the moment. Try again in a few seconds.",
        "当前连接过多。请几秒后重试。",
    ),
    "tile_beyond_checkpoint": (
        "The newest checkpoint does not reach this tile. Read the checkpoint again.",
        "最新检查点尚未覆盖此瓦片。请重新读取检查点。",
    ),
    "tile_damaged": (
        "What is stored for this tile does not add up to the log, so it is not handed out. "
        "Take it from a mirror; the operator runs: ledger audit verify",
        "该瓦片的存储内容与日志不符,故不提供。请从镜像获取;运维人员请运行:ledger audit verify",
    ),
    "disk_full": (
        "The disk is full. Nothing was appended or signed; reading goes on. Free space, then "
        "try again.",
        "磁盘已满,未追加也未签名,读取不受影响。请腾出空间后重试。",
    ),
    "disk_nearly_full": (
        "Less than {want} bytes are free where the log is kept ({got}). Free space before "
        "appends are refused.",
        "日志所在磁盘的可用空间不足 {want} 字节(现为 {got})。请在追加被拒绝之前腾出空间。",
    ),
    "storage_lost": (
        "A write did not reach the disk ({what}), so this service writes no more and ends. "
        "What was acknowledged was durable before. Check the disk, then start it again and run: "
        "ledger audit verify",
        "一次写入未能到达磁盘({what}),本服务已停止写入并即将退出。此前确认的内容均已持久保存。"
        "请检查磁盘后重新启动,并运行:ledger audit verify",
    ),
    "wrong_key": (
        "The key that {what} names is not this ledger's (want {want}, got {got}). Nothing was "
        "started or signed. Name the ledger's own key file, or the data folder the key belongs to.",
        "{what} 指定的密钥不属于此账本(应为 {want},实为 {got}),未启动服务,也未签名。"
        "请指定该账本自己的密钥文件,或该密钥所属的数据文件夹。",
    ),
}
