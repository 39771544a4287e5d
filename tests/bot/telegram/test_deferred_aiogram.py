"""aiogram's models are built at their first use, and every one of them can be."""

import subprocess
import sys

DEFERRED = """
from bot.telegram.deferred import import_aiogram
import_aiogram()
import aiogram.methods, aiogram.types
from pydantic import BaseModel
models = [
    model
    for module in (aiogram.methods, aiogram.types)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
]
"""


def run(words: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", DEFERRED + words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_hardly_a_model_is_built_by_importing_aiogram():
    built = run("print(sum(model.__pydantic_complete__ for model in models) / len(models))")

    assert float(built) < 0.25  # those that name no other type


def test_every_model_is_built_when_it_is_used():
    unbuilt = run(
        "broken = [model.__name__ for model in models if model.model_rebuild(_parent_namespace_depth=0) is False]\n"
        "print(broken)"
    )

    assert unbuilt == "[]"


def test_an_update_is_read_and_a_message_written_as_ever():
    said = run(
        """
person = {"id": 1, "first_name": "An", "is_bot": False}
message = {"message_id": 1, "date": 1, "from": person, "chat": {"id": 1, "type": "private"}, "text": "xong"}
update = aiogram.types.Update.model_validate({"update_id": 1, "message": message})
request = aiogram.methods.SendMessage(chat_id=update.message.chat.id, text=update.message.text)
print(update.event_type, request.model_dump(exclude_none=True)["text"])
"""
    )

    assert said == "message xong"


def test_an_answer_is_read_before_anything_else_was():
    said = run(
        """
from aiogram.methods.base import Response
sent = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "xong"}
print(Response[aiogram.types.Message].model_validate({"ok": True, "result": sent}).result.message_id)
"""
    )

    assert said == "7"


def test_a_message_with_buttons_is_written_before_anything_else_was():
    said = run(
        """
key = aiogram.types.InlineKeyboardButton(text="Đã xong", callback_data="xong 12")
keys = aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[key]])
print(aiogram.methods.SendMessage(chat_id=1, text="?", reply_markup=keys).reply_markup.inline_keyboard[0][0].text)
"""
    )

    assert said == "Đã xong"
