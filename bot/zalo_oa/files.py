"""Files and pictures people send to an Official Account, as its events describe them."""

from bot.evidence_in import SentFile
from bot.zalo_oa.updates import Kind, read_update

NAMELESS = {"image": "anh", "file": "tep"}


def sent_file(body: str) -> SentFile | None:
    """The file of a person's message; None for whatever else an event may be, and in groups."""
    update = read_update(body)
    if update is None or update.kind is not Kind.FILE or update.is_group:
        return None
    if update.chat is None or update.file_url is None:
        return None
    return SentFile(update.chat, update.file_url, update.file_name, NAMELESS[update.what], update.file_size)
