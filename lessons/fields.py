# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Fields of lessons: texts, dates, numbers and addresses as authors write them, refused in French.

A value comes from YAML, where every scalar is text, or from the JSON that was stored.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import core_schema

from lessons import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidatorFunctionWrapHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

# Control characters but the line break, other line breaks, marks that turn the direction of text; and surrogates, which no
# JSON has: the schema does not name them.
_UNFIT_MARKS = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
_UNFIT = re.compile(rf"[{_UNFIT_MARKS}\ud800-\udfff]")
# Category says of others that nothing is seen of them: spaces, controls and joiners.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HOST = re.compile(r"https://(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(?::[0-9]{1,5})?(?=[/?#]|$)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATED = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_DIGITS = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
_MOST = 10**12
"""No number of `_DIGITS` reaches it."""


def is_blank(text: str) -> bool:
    """Tell whether nothing of a text is seen: it is empty, or of spaces, joiners and fillers only."""
    return all(
        unicodedata.category(mark) in ("Cc", "Cf", "Zs", "Zl", "Zp") for mark in _FILLERS.sub("", text)
    )


def _seen(value: str) -> str:
    if is_blank(value):
        raise ValueError("texte vide")
    return value


def _fit(value: str) -> str:
    if match := _UNFIT.search(value):
        raise ValueError(f"caractère interdit (U+{ord(match[0]):04X}) : l’enlever")
    return value


def _one_line(value: str) -> str:
    if "\n" in value:
        raise ValueError("une seule ligne attendue")
    return value


@dataclass(frozen=True, slots=True)
class at_most:  # noqa: N801 - written beside a type, like a function of it
    """The bound of a text: at most so many UTF-16 units. The schema counts characters, of which none has fewer units."""

    most: int

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core), "maxLength": self.most}

    def _check(self, value: str) -> str:
        if (length := markup.units(value)) > self.most:
            raise ValueError(f"trop long : {length} caractères, {self.most} au plus")
        return value


@dataclass(frozen=True, slots=True)
class items:  # noqa: N801 - written beside a type, like a function of it
    """The bounds of a list."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core), "minItems": self.least, "maxItems": self.most}

    # Too many is refused before any item is validated: the errors of 50,000 take seconds. Too few is refused
    # once all are valid: pydantic's own bound does not count the items with errors.
    def _check(self, value: object, validate: ValidatorFunctionWrapHandler) -> object:
        if isinstance(value, (list, tuple)) and len(value) > self.most:
            raise ValueError(f"liste trop longue : {self.most} au plus, pas {len(value)}")
        validated = validate(value)
        if len(validated) < self.least:
            raise ValueError(f"liste trop courte : {self.least} au moins, pas {len(validated)}")
        return validated


def distinct(what: str, values: Iterable[Hashable]) -> None:
    """Refuse a value given twice; `what` names it.

    Raises:
        ValueError: in French, with the first such value.
    """
    seen: set[Hashable] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what} en double : « {value} »")
        seen.add(value)


def _day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise ValueError("date attendue, comme 2026-03-01")


def first_day(of: str) -> date:
    """Return the first day of a year, a month or a day, as in `Dated`.

    Raises:
        ValueError: there is no such day.
    """
    return date.fromisoformat(f"{of}-01-01"[:10])


def _dated(value: object) -> object:
    text = value.isoformat() if isinstance(value, date) else value
    if isinstance(text, str) and _DATED.fullmatch(text):
        try:
            first_day(text)
        except ValueError:
            pass
        else:
            return text
    raise ValueError("date attendue, comme 2026-03-01, ou 2026-03 ou 2026 quand le jour n’est pas connu")


def _truth(value: object) -> object:
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise ValueError("true ou false attendu")  # noqa: TRY004 - pydantic reports ValueError only
    return value


def _figure(value: object) -> object:
    # A float is not what was written; as text, True has no digits.
    if isinstance(value, float) or not _DIGITS.fullmatch(str(value)):
        raise ValueError("nombre attendu, comme 45 ou 45.5 (12 chiffres, 6 décimales au plus)")
    return value


def _shortest(value: Decimal) -> Decimal:
    """45.50 and 45.5 are one number and must make one version."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Decimal("0" if text == "-0" else text)


def _https(value: str) -> str:
    if not value.isascii() or not markup.linkable(value) or not _HOST.match(value):
        raise ValueError("adresse complète en https:// attendue, sans espace, guillemet ni crochet")
    return value


def _text(**rule: object) -> Callable[[JsonSchemaValue], None]:
    """Return what puts a rule of a text into its schema, besides the marks that no text may have."""

    def put(schema: JsonSchemaValue) -> None:
        schema |= {"not": {"pattern": f"[{_UNFIT_MARKS}]"}, **rule}

    return put


_ONE_LINE = r"^\s*\S[^\n]*\s*$"
_BARE_LINE = r"^\s*[^\n]*\s*$"

Text = Annotated[
    str,
    Field(min_length=1, json_schema_extra=_text(pattern=r"\S")),
    AfterValidator(_fit),
    AfterValidator(_seen),
]
"""Plain or Markdown, on any number of lines."""
Line = Annotated[Text, AfterValidator(_one_line), Field(json_schema_extra=_text(pattern=_ONE_LINE))]
Bare = Annotated[
    str,
    AfterValidator(_fit),
    AfterValidator(_one_line),
    Field(json_schema_extra=_text(pattern=_BARE_LINE)),
]
"""A line that may be empty."""
Url = Annotated[
    Line, AfterValidator(_https), Field(json_schema_extra=_text(pattern=f"^{_HOST.pattern}", format="uri"))
]
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
Fact = Annotated[str, Field(pattern=r"^[A-Z]{1,4}-[0-9]{1,4}$")]
"""The number of a fact in the reviewers' sheet: DP-02."""
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DATE.pattern}$"}),
]
"""A date, written 2026-03-01."""
# An editor reads 2026 as a number.
Dated = Annotated[
    str,
    BeforeValidator(_dated),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{_DATED.pattern}$"},
                {"type": "integer", "minimum": 1000, "maximum": 9999},
            ]
        }
    ),
]
"""A date as precise as it is known: 2026-03-01, 2026-03 or 2026. Text: a day that nobody knows is not made up."""
Truth = Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]


def _number(least: dict[str, int], sign: str) -> WithJsonSchema:
    """Return the schema of a number, also of one between quotes."""
    digits = _DIGITS.pattern.replace("[+-]?", sign)
    return WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", **least, "exclusiveMaximum": _MOST},
                {"type": "string", "pattern": f"^{digits}$"},
            ]
        }
    )


# Text in JSON: a float would not come back as the number that was written.
_Figure = Annotated[
    Decimal, BeforeValidator(_figure), AfterValidator(_shortest), PlainSerializer(str, when_used="json")
]
Number = Annotated[_Figure, _number({"exclusiveMinimum": -_MOST}, "[+-]?")]
Positive = Annotated[_Figure, _number({"minimum": 0}, "[+]?")]
"""In the schema at least zero; with `Field(ge=0)` in the model too."""
ONCE = Field(json_schema_extra={"uniqueItems": True})
"""Of a list: no item stands in it twice. `distinct` holds the model to it."""
