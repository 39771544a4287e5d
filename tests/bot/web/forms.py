"""A page as a browser without scripts has it: its forms with what stands in their fields."""

from html.parser import HTMLParser

import httpx

from tests.bot.web.world import World


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._text: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "form":
            self._form = {"action": facts.get("action", "")}
        elif self._form is None:
            return
        elif tag == "input" and "name" in facts:
            self._form[facts["name"]] = facts.get("value", "")
        elif tag == "textarea":
            self._text, self._form[facts["name"]] = facts["name"], ""
        elif tag == "select":
            self._select = facts["name"]
        elif tag == "option" and self._select and "selected" in facts:
            self._form[self._select] = facts["value"]

    def handle_data(self, data):
        if self._form is not None and self._text:
            self._form[self._text] += data

    def handle_endtag(self, tag):
        if tag == "form" and self._form is not None:
            self.forms[self._form.get("form") or self._form["action"].rpartition("/")[2]] = self._form
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None


def forms_of(page: str) -> dict[str, dict[str, str]]:
    """By the name of each form; without one, by the end of its address."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


async def post(world: World, form: dict[str, str], **typed: str) -> httpx.Response:
    """As a browser sends it: all that stands in the form, and what was typed or pressed (`dong_y` is "dong-y")."""
    fields = {name: value for name, value in form.items() if name != "action"}
    fields |= {name.replace("_y", "-y"): value for name, value in typed.items()}
    return await world.http.post(form["action"], data=fields)
