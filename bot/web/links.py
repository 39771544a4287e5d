"""The addresses of a letter's page."""

from urllib.parse import urlsplit


def page_path(letter_id: int) -> str:
    return f"/van-ban/{letter_id}"


def opening_path(letter_id: int, secret: str) -> str:
    return f"{page_path(letter_id)}/mo/{secret}"


def page_address(base_url: str, letter_id: int, secret: str) -> str:
    """The one-time link as it is sent: `base_url` is PUBLIC_URL, with or without a slash at its end."""
    return f"{base_url.rstrip('/')}{opening_path(letter_id, secret)}"


def root_path(base_url: str) -> str:
    """What stands before our paths where the address has a path of its own: "" or "/nhac-viec"."""
    return urlsplit(base_url).path.rstrip("/")


def origin_of(base_url: str) -> str:
    """As browsers write it in `Origin`: scheme, host, and the port unless it is the usual one."""
    parts = urlsplit(base_url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, usual} else "")
