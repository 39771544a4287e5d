"""Telegram's HTML: what a text says once its markup is taken off, and which markup Telegram refuses to take."""

import re
from dataclasses import dataclass

PLAIN_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link", "span": "spoiler",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_START = re.compile(r"<([^\s>/]*)([^>]*)>")
_END = re.compile(r"</([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


class CannotParseError(ValueError):
    """Carries Telegram's own words."""


@dataclass
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[dict]]:
    """The text without markup and its entities, offsets in UTF-16 as Telegram counts."""
    text: list[str] = []
    entities: list[dict] = []
    nested: list[_Open] = []
    position = 0
    length = 0

    def say(piece: str) -> None:
        nonlocal length
        text.append(piece)
        length += utf16_length(piece)

    while position < len(source):
        rest = source[position:]
        at = len(source[:position].encode())
        if character := _CHARACTER.match(rest):
            say(_decode(character))
            position += character.end()
        elif rest.startswith("</"):
            end = _END.match(rest)
            if end is None:
                raise CannotParseError(f"Unclosed end tag at byte offset {at}")
            entities += _close(end[1].strip().lower(), nested, length, at)
            position += end.end()
        elif rest.startswith("<"):
            start = _START.match(rest)
            if start is None:
                raise CannotParseError(f"Unclosed start tag at byte offset {at}")
            nested.append(_open(start, length, at))
            position += start.end()
        else:
            say(rest[0])
            position += 1
    if nested:
        raise CannotParseError(f'Can\'t find end tag corresponding to start tag "{nested[-1].tag}"')
    return _trimmed("".join(text), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def _decode(character: re.Match[str]) -> str:
    decimal, hexadecimal, name = character.groups()
    if name:
        return NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= 0x10FFFF else character[0]


def _open(start: re.Match[str], length: int, at: int) -> _Open:
    tag = start[1].lower()
    attributes = {name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(start[2])}
    if tag not in PLAIN_TAGS:
        raise CannotParseError(f'Unsupported start tag "{tag}" at byte offset {at}')
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise CannotParseError(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    return _Open(tag, length, attributes)


def _close(tag: str, nested: list[_Open], length: int, at: int) -> list[dict]:
    if not nested:
        raise CannotParseError(f"Unexpected end tag at byte offset {at}")
    opened = nested.pop()
    if tag and tag != opened.tag:
        raise CannotParseError(f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{tag}>"')
    if length == opened.offset:
        return []
    entity = {"type": PLAIN_TAGS[opened.tag], "offset": opened.offset, "length": length - opened.offset}
    if opened.tag == "a":
        if "href" not in opened.attributes:
            return []
        entity["url"] = opened.attributes["href"]
    return [entity]


def _trimmed(text: str, entities: list[dict]) -> tuple[str, list[dict]]:
    """Telegram drops white space at both ends of a message."""
    before = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    after = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - before)
        end = min(after, entity["offset"] + entity["length"] - before)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept
