"""Channels as people call them; a channel that is not here goes by its own name."""

_NAMES = {
    "telegram": "Telegram",
    "zalo": "Zalo",
    "zalo-oa": "Zalo OA",
    "local": "trang thử",
    "command-line": "dòng lệnh",
}


def channel_name(channel: str) -> str:
    return _NAMES.get(channel, channel)


def known_channel_name(channel: str | None) -> str | None:
    """None for what nobody would recognise."""
    return _NAMES.get(channel) if channel is not None else None
