"""Pictures people send by Zalo, as its updates describe them."""

from bot.evidence_in import SentFile
from bot.zalo.updates import Kind, read_update

NAMELESS = "anh"


def sent_file(body: str) -> SentFile | None:
    """The picture of a private message of a person to the bot; None for whatever else an update may be."""
    update = read_update(body)
    if update is None or update.kind is not Kind.PHOTO or update.is_echo or update.is_group:
        return None
    if update.chat is None or update.sender != update.chat or update.photo_url is None:
        return None
    return SentFile(update.chat, update.photo_url, "", NAMELESS, 0)
