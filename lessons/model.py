# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Model of a course: lessons with questions and sources, in themes, and a path for each role.

Lengths are in UTF-16 units, which is what Telegram counts: the longest lesson and its longest question fit
one message of 4,096. A lesson's body is Markdown in the subset of `lessons.markup`; every other text is
plain. What these models refuse, they refuse in French: authors read it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from lessons import markup
from lessons.fields import (
    ONCE,
    Bare,
    Dated,
    Day,
    Fact,
    Id,
    Language,
    Line,
    Number,
    Positive,
    Text,
    Truth,
    Url,
    at_most,
    distinct,
    first_day,
    items,
)

BODY = 900
"""Longest visible text of a lesson's body."""
FEWEST_CHOICES = 2
FEWEST_RIGHT = 2
"""Right choices of a `Kind.MULTIPLE`, beside which at least one is wrong."""
TRUE_FALSE = (("Vrai", "Faux"), ("True", "False"))
"""The choices of a true-or-false question, in their order."""

ADDED = {"Source": ("seen",)}
"""Fields added after the first release, by model. They are left out of the JSON while they have their default: with them
every published lesson would get a new version, and answers and reviews hang on versions."""

_LONGEST_SOURCE = 3_000  # of a body, with its markers and addresses


class Audience(StrEnum):
    """Whom a lesson is for."""

    AGENT = "agent"
    ELU = "elu"


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    """One choice, and one is right."""
    MULTIPLE = "multiple"
    """Any number of choices; at least two are right."""
    TRUE_FALSE = "true_false"
    NUMBER = "number"
    """A number is typed."""


class _Content(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )

    @model_serializer(mode="wrap")
    def _without_added_defaults(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = serialize(self)
        for name in ADDED.get(type(self).__name__, ()):
            if getattr(self, name) == type(self).model_fields[name].default:
                content.pop(name, None)
        return content


class _Published(_Content):
    def canonical(self) -> str:
        """Return the one JSON text of this content: keys sorted, no spaces, every field present but defaults in `ADDED`."""
        content = self.model_dump(mode="json")
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def version(self) -> str:
        """Names the content: 32 hexadecimal digits, the same wherever the content is the same.

        For what is about to be published. A stored lesson is named by its row: its hash is not computed again.
        """
        return hashlib.sha256(self.canonical().encode()).hexdigest()[:32]


class Seen(StrEnum):
    """How a source was read when a lesson was compared with it; from the strongest to the weakest."""

    PAGE = "page"
    """The page itself was opened."""
    COPY = "copy"
    """A stored copy of the page was read."""
    QUOTED = "quoted"
    """Only others who quote it were read."""


class Source(_Content):
    """What a lesson rests on, shown under it."""

    title: Annotated[Line, at_most(160)]
    publisher: Annotated[Line, at_most(80)]
    url: Annotated[Url, at_most(400)]
    date: Dated
    """Of the source itself, as precise as it is known."""
    checked: Day
    """When its content was last compared with the lesson."""
    seen: Seen | None = None
    """How it was read on that day; nothing where the author does not say."""

    @field_validator("checked")
    @classmethod
    def _not_before_the_source(cls, checked: Day, info: ValidationInfo) -> Day:
        if "date" in info.data and checked < first_day(info.data["date"]):
            raise ValueError(f"vérification antérieure à la source ({info.data['date']})")
        return checked


class Authorship(_Content):
    """How a lesson was made, shown to the learner."""

    ai_assisted: Truth
    reviewed_by: Annotated[Line, at_most(80)] | None = None
    reviewed_on: Day | None = None

    @model_validator(mode="after")
    def _a_review_has_a_person_and_a_day(self) -> Authorship:
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise ValueError("la personne qui a relu et le jour vont ensemble : donner les deux ou aucun")
        return self


class Choice(_Content):
    """One possible answer, and why it is right or wrong."""

    text: Annotated[Line, at_most(120)]
    correct: Truth = False
    feedback: Annotated[Line, at_most(200)]


class Question(_Content):
    """Something a lesson asks. A `NUMBER` has an answer and no choices; other kinds the reverse."""

    id: Id
    kind: Kind
    text: Annotated[Text, at_most(300)]
    choices: Annotated[tuple[Choice, ...], items(0, 6), Field(validate_default=True)] = ()
    answer: Annotated[Number | None, Field(validate_default=True)] = None
    tolerance: Annotated[Positive, Field(ge=0)] = Decimal(0)
    """Absolute, in the unit. Up to it an answer is right; up to twice it, partly right."""
    unit: Annotated[Bare, at_most(20)] = ""
    explanation: Annotated[Text, at_most(400)]

    def keyed(self) -> tuple[tuple[str, Choice], ...]:
        """Return the choices with their keys: "a", "b"… by their place in the file, so stable within a version."""
        return tuple(zip("abcdef", self.choices, strict=False))

    @field_validator("choices")
    @classmethod
    def _choices_of_its_kind(cls, choices: tuple[Choice, ...], info: ValidationInfo) -> tuple[Choice, ...]:
        kind = info.data.get("kind")
        right = sum(choice.correct for choice in choices)
        if kind is Kind.NUMBER and choices:
            raise ValueError("une question de nombre n’a pas de choix : les enlever")
        if kind in (None, Kind.NUMBER):
            return choices
        if len(choices) < FEWEST_CHOICES:
            raise ValueError(f"au moins deux choix attendus, pas {len(choices)}")
        distinct("choix", (choice.text.casefold() for choice in choices))
        if kind is Kind.TRUE_FALSE and tuple(choice.text for choice in choices) not in TRUE_FALSE:
            raise ValueError("les choix doivent être Vrai puis Faux")
        if kind is Kind.MULTIPLE and not FEWEST_RIGHT <= right < len(choices):
            raise ValueError(
                f"au moins deux choix justes et un faux attendus ({right} juste sur {len(choices)})"
            )
        if kind is not Kind.MULTIPLE and right != 1:
            raise ValueError(f"un seul choix juste attendu, pas {right}")
        return choices

    @field_validator("answer")
    @classmethod
    def _an_answer_for_a_number(cls, answer: Decimal | None, info: ValidationInfo) -> Decimal | None:
        kind = info.data.get("kind")
        if kind is Kind.NUMBER and answer is None:
            raise ValueError("champ obligatoire pour une question de nombre")
        _only_for_numbers(kind, given=answer is not None)
        return answer

    @field_validator("tolerance", "unit")
    @classmethod
    def _a_measure_for_a_number(cls, value: Decimal | str, info: ValidationInfo) -> Decimal | str:
        _only_for_numbers(info.data.get("kind"), given=bool(value))
        return value


def _only_for_numbers(kind: Kind | None, *, given: bool) -> None:
    if given and kind not in (None, Kind.NUMBER):
        raise ValueError("réservé aux questions de nombre : l’enlever")


class Lesson(_Published):
    """Two minutes of reading, and questions that bring it back later."""

    id: Id
    title: Annotated[Line, at_most(100)]
    theme: Id
    audience: Annotated[tuple[Audience, ...], items(1, 2), ONCE]
    level: Annotated[int, Field(ge=1, le=3)]
    objective: Annotated[Line, at_most(200)]
    body: Annotated[Text, at_most(_LONGEST_SOURCE)]
    takeaway: Annotated[Line, at_most(160)]
    facts: Annotated[tuple[Fact, ...], items(0, 20), ONCE] = ()
    """What the lesson rests on in the sheet of facts; for reviewers, not shown."""
    sources: Annotated[tuple[Source, ...], items(1, 4)]
    review_by: Day
    """The last day on which it is taught unless a person renews it."""
    authorship: Authorship
    questions: Annotated[tuple[Question, ...], items(2, 6)]

    @property
    def checked(self) -> date:
        """The oldest day on which one of its sources was compared with it."""
        return min(source.checked for source in self.sources)

    @property
    def seen(self) -> Seen | None:
        """The weakest way in which one of its sources was read; nothing when one does not say."""
        ways = {source.seen for source in self.sources}
        if None in ways:
            return None
        return max((way for way in ways if way is not None), key=list(Seen).index)

    def question(self, question_id: str) -> Question:
        """Return the question of that id.

        Raises:
            LookupError: the lesson has no such question.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise LookupError(f"lesson {self.id} has no question {question_id}")

    @field_validator("audience")
    @classmethod
    def _audiences_once(cls, audience: tuple[Audience, ...]) -> tuple[Audience, ...]:
        distinct("public", audience)
        return tuple(sorted(audience))

    @field_validator("body")
    @classmethod
    def _body_in_our_markdown(cls, body: str) -> str:
        if (length := markup.length(body)) > BODY:
            raise ValueError(f"trop long : {length} caractères, {BODY} au plus")
        if mistakes := markup.problems(body):
            raise ValueError(" ; ".join(mistakes))
        return body

    @field_validator("review_by")
    @classmethod
    def _reviewed_after_the_last_check(cls, review_by: Day, info: ValidationInfo) -> Day:
        newest = max((source.checked for source in info.data.get("sources", ())), default=None)
        if newest is not None and review_by <= newest:
            raise ValueError(f"doit être après la dernière vérification d’une source ({newest})")
        return review_by

    @field_validator("facts")
    @classmethod
    def _facts_once(cls, facts: tuple[str, ...]) -> tuple[str, ...]:
        distinct("fait", facts)
        return facts

    @field_validator("questions")
    @classmethod
    def _question_ids_once(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        distinct("id de question", (question.id for question in questions))
        return questions


class Theme(_Content):
    """A group of lessons; the files' numbers give their order in it."""

    id: Id
    title: Annotated[Line, at_most(100)]
    summary: Annotated[Line, at_most(200)]


class LearningPath(_Content):
    """A role's own way through the lessons; its id is that role."""

    id: Id
    title: Annotated[Line, at_most(100)]
    lessons: Annotated[tuple[Id, ...], items(1, 500)]

    @field_validator("lessons")
    @classmethod
    def _lessons_once(cls, lessons: tuple[str, ...]) -> tuple[str, ...]:
        distinct("leçon", lessons)
        return lessons


class Course(_Published):
    """The themes in their order, and the paths."""

    id: Id
    title: Annotated[Line, at_most(100)]
    language: Language
    themes: Annotated[tuple[Theme, ...], items(1, 50)]
    paths: Annotated[tuple[LearningPath, ...], items(0, 10)] = ()

    @field_validator("themes", "paths")
    @classmethod
    def _ids_once(cls, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        distinct("id", (part.id for part in parts))
        return parts
