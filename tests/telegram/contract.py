# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What aiogram says of a request: its typed models, made from the Bot API's documentation, as a second opinion."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aiogram.methods
import pydantic
from aiogram.methods import TelegramMethod

if TYPE_CHECKING:
    from tests.telegram.requests import Request

_MODELS: dict[str, type[TelegramMethod[object]]] = {
    model.__api_method__.lower(): model
    for model in vars(aiogram.methods).values()
    if isinstance(model, type) and issubclass(model, TelegramMethod) and model is not TelegramMethod
}


_IN_JSON: dict[type[TelegramMethod[object]], set[str]] = {}


def objections(request: Request) -> list[str]:
    """What is wrong with the names and types of a request's parameters; nothing when all is well."""
    model = _MODELS.get(request.method.lower())
    if model is None:
        return [f"{request.method}: no such method"]
    params: dict[str, object] = {**request.params, **dict.fromkeys(request.files, "a file")}
    attached = {value.removeprefix("attach://") for value in request.params.values() if "attach://" in value}
    unknown = [name for name in params if name not in model.model_fields and name not in attached]
    found = [f"{request.method}: unknown parameter {name!r}" for name in unknown]
    known = {name: value for name, value in params.items() if name in model.model_fields}
    return found + [f"{request.method}: {objection}" for objection in _typed(model, known)]


def _typed(model: type[TelegramMethod[object]], params: dict[str, object]) -> list[str]:
    # What is not a string, number or boolean travels as JSON; which parameters those are is learned from the model.
    in_json = _IN_JSON.setdefault(model, set())
    while True:
        decoded = dict(params)
        for name in in_json & params.keys():
            try:
                decoded[name] = json.loads(str(params[name]))
            except ValueError:
                return [f"{name} is neither what is documented nor JSON: {params[name]!r}"]
        try:
            return _extras(model.model_validate(decoded))
        except pydantic.ValidationError as error:
            wrong = {str(each["loc"][0]) for each in error.errors() if each["loc"]} & params.keys()
            if wrong <= in_json or not all(_looks_like_json(params[name]) for name in wrong):
                return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            in_json |= wrong


def _looks_like_json(value: object) -> bool:
    return str(value).startswith(("{", "["))


def _extras(value: object, path: str = "") -> list[str]:
    """The fields of nested objects that the documentation does not know."""
    if isinstance(value, list):
        return [extra for each in value for extra in _extras(each, path)]
    if not isinstance(value, pydantic.BaseModel):
        return []
    found = [f"unknown field {path}{name}" for name in value.model_extra or ()]
    for name in value.model_fields_set - (value.model_extra or {}).keys():
        found += _extras(getattr(value, name), f"{path}{name}.")
    return found
