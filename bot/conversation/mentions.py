"""In a group a message to the bot begins with its name, which is not part of what is said. Pure."""

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from bot.conversation.understand import Intent, invite_code, understand

LONGEST_NAME_WORDS = 6
_SPACE = re.compile(r"[\s\u00a0]+")


def without_mention(text: str, names: Collection[str]) -> str:
    """What is said after a leading "@name", and without a trailing one of ours.

    Not every platform marks where the name ends, and it may hold spaces. A name that is known ends it. Else it is
    taken for as many words in capitals as leave something that means more than a number, for a name such as "Bot Nhắc
    Việc" must not be heard as a wish.
    """
    text = text.strip()
    for name in sorted(names, key=len, reverse=True):
        text = _without(text, name)
    if not text.startswith("@"):
        return text
    words = _SPACE.split(text)
    rests = [" ".join(words[count:]) for count in range(_name_words(words), 0, -1)]
    meant = [(rest, understand(rest).intent) for rest in rests]
    wish = next((rest for rest, intent in meant if intent not in _NO_WISH or _is_code(rest)), None)
    number = next((rest for rest, intent in meant if intent is Intent.NUMBER), None)
    return wish or number or rests[-1]


_NO_WISH = frozenset({Intent.UNKNOWN, Intent.NUMBER})


def _name_words(words: Sequence[str]) -> int:
    """How many words the name may have: the one with "@", and those in capitals after it."""
    after = takewhile(lambda word: word[:1].isupper(), words[1:LONGEST_NAME_WORDS])
    return 1 + sum(1 for _ in after)


def _without(text: str, name: str) -> str:
    if not name:
        return text
    spaced = r"[\s\u00a0]+".join(re.escape(word) for word in _SPACE.split(name.strip()))
    text = re.sub(rf"^@{spaced}(?=\W|$)[\s,:]*", "", text, count=1, flags=re.IGNORECASE)
    return re.sub(rf"(?<!\S)@{spaced}$", "", text, count=1, flags=re.IGNORECASE).strip()


def _is_code(words: str) -> bool:
    """By chance a code may have no digit; then it is told from a word by standing alone in capitals, as it is given."""
    return invite_code(words) is not None and (any(letter.isdigit() for letter in words) or words.isupper())
