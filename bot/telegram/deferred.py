"""aiogram without building all its models on import: each is built when it is first used.

aiogram describes the whole Bot API, some six hundred models, and completes every one as it is imported: two thirds of
the time to start and a hundred megabytes, for the twenty that are met here.
"""

import sys
from typing import Any

from pydantic import BaseModel


def import_aiogram() -> None:
    """Call it before anything else imports aiogram; where that has happened already, nothing changes."""
    if "aiogram" in sys.modules:
        return
    names: dict[str, Any] = {}

    def build_later(cls: type[BaseModel], *, _types_namespace: dict[str, Any] | None = None, **_how: Any) -> None:
        names.update(_types_namespace or {})
        cls.__pydantic_parent_namespace__ = names

    build_now = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(build_later)  # type: ignore[method-assign, assignment, arg-type]
    try:
        from aiogram import methods
        from aiogram.methods import base
    finally:
        BaseModel.model_rebuild = build_now  # type: ignore[method-assign]
    # a method meets types that are not built yet, and must find the names that they are written with
    for model in (*vars(methods).values(), *vars(base).values()):
        if isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel:
            model.__pydantic_parent_namespace__ = names
