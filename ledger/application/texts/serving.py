"""Texts of the service's answers."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_such_tile": (
        "No tile has this path. Paths follow C2SP tlog-tiles.",
        "没有此路径的瓦片。路径格式见 C2SP tlog-tiles。",
    ),
    "not_found": (
        "There is nothing at this address.",
        "此地址没有内容。",
    ),
    "method_not_allowed": (
        "This address can only be read, with GET.",
        "此地址只能用 GET 读取。",
    ),
    "request_refused": (
        "The request cannot be answered as it stands. Correct it and try again.",
        "无法处理该请求。请更正后重试。",
    ),
    "tile_beyond_checkpoint": (
        "The newest checkpoint does not reach this tile. Read the checkpoint again.",
        "最新检查点尚未覆盖此瓦片。请重新读取检查点。",
    ),
}
