# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an author is advised of, lesson by lesson and over a collection.

Advice is no limit: a lesson that follows none of it is valid, is published, and keeps its version (ADR 0038).
It is said in French, in the infinitive, with the place in the file that `lessons.source.Problem` would give.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lessons import addresses, markup
from lessons.model import Kind, Lesson, Question, Seen
from lessons.words import subjects

ENOUGH = 3
"""Questions of a lesson from which it can come back on other days with another case."""
MANY_SINGLE = 20
"""Single-choice questions from which the lengths of right answers say something."""
LONGEST = (1 / 6, 1 / 3)
"""Share of single-choice questions whose right answer may be the longest of all. With four choices chance gives a quarter;
above, "the longest" is a winning guess, and below, "anything but the longest" is one."""
MANY_MULTIPLE = 10
"""Several-answer questions from which the number of right choices says something."""
TWO_OF_FOUR = 0.6
"""Share of several-answer questions that may have two right choices of four."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Where, like `questions[1].text`, and what to do about it; French."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def on_lesson(lesson: Lesson) -> tuple[Advice, ...]:
    """Return the advice on one lesson, rule by rule; empty when there is none."""
    return tuple(advice for rule in _RULES for advice in rule(lesson))


def on_collection(lessons: Iterable[Lesson]) -> tuple[Advice, ...]:
    """Return the advice that only several lessons together give: what a guess without reading would win."""
    questions = [question for lesson in lessons for question in lesson.questions]
    return (*_lengths(questions), *_counts(questions))


def unopened(lessons: Iterable[Lesson]) -> dict[str, dict[str, dict[tuple[str, Seen | None], list[str]]]]:
    """Return the sources whose page was not opened: host → address → (title, how it was read) → ids of lessons.

    Hosts and addresses are sorted; an address stands once, whoever cites it.
    """
    cited = sorted(
        (addresses.host(source.url), source.url, place, source, lesson.id)
        for place, (lesson, source) in enumerate(
            (lesson, source) for lesson in lessons for source in lesson.sources
        )
        if source.seen is not Seen.PAGE
    )
    hosts: dict[str, dict[str, dict[tuple[str, Seen | None], list[str]]]] = {}
    for host, url, _, source, lesson_id in cited:
        lines = hosts.setdefault(host, {}).setdefault(url, {})
        lines.setdefault((source.title, source.seen), []).append(lesson_id)
    return hosts


def prose(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Everything a learner reads of a lesson, with its place; the titles of sources are others' words."""
    yield "title", lesson.title
    yield "objective", lesson.objective
    yield "body", visible(lesson.body)
    yield "takeaway", lesson.takeaway
    for at, question in enumerate(lesson.questions):
        place = f"questions[{at}]"
        yield f"{place}.text", question.text
        for number, choice in enumerate(question.choices):
            yield f"{place}.choices[{number}].text", choice.text
            yield f"{place}.choices[{number}].feedback", choice.feedback
        yield f"{place}.explanation", question.explanation


def visible(body: str) -> str:
    """Return the text of a body without its marks; a link is its label."""
    return "".join(span.text for span in markup.parse(body))


def right_is_longest(question: Question) -> bool:
    """Whether length alone points at the right choice: it is longer than every wrong one."""
    right = max(len(choice.text) for choice in question.choices if choice.correct)
    return right > max(len(choice.text) for choice in question.choices if not choice.correct)


def _sources(lesson: Lesson) -> Iterator[Advice]:
    for at, source in enumerate(lesson.sources):
        place = f"sources[{at}]"
        if source.seen is None:
            yield Advice(f"{place}.seen", "dire comment la source a été lue : page, copy ou quoted")
        if message := _address(source.title, source.publisher, source.url):
            yield Advice(f"{place}.url", message)


def _address(title: str, publisher: str, url: str) -> str | None:
    if not addresses.is_public(url):
        return "donner une adresse que tout le monde peut ouvrir"
    if addresses.is_a_way_to_another(url):
        return "donner l’adresse de la page elle-même, pas un lien raccourci ou de passage"
    if addresses.is_law(title, publisher) and addresses.copies_law(url):
        return (
            f"le droit se lit chez qui le publie, pas sur {addresses.host(url)} : "
            "donner la page de Légifrance, d’EUR-Lex ou de l’autorité"
        )
    if addresses.is_forge(url) and not addresses.is_pinned(url):
        return (
            "donner un fichier à une version fixe (…/blob/<40 chiffres du commit>/…), pas un dépôt qui change"
        )
    if addresses.is_a_view(url):
        return "donner la page d’origine, pas une vue imprimable, traduite, comparée ou propre à une visite"
    if addresses.is_whole_code(title, url):
        return "donner la page de l’article, pas un code entier où personne ne le retrouve"
    return None


# Praise whatever follows, and words that praise only when they stand alone: « Juste après… » and « Bien-être » do not.
_PRAISE = re.compile(
    r"[^\w«\"“'’]*(?:"
    r"(?:(?:eh|et|ah|mais|he)(?: bien)? )?(?:oui|ouais)\b|bravo\b|felicitations\b|en effet\b(?! de)|"
    r"c'est (?:(?:exact|correct)|(?:bien )?le bon choix)\b|"
    r"(?:c'est )?bien (?:vu|joue|repondu|trouve|raisonne)\b|(?:c'est (?:bien )?la )?(?:tres )?bonne reponse\b|"
    r"(?:tres )?(?:bonn?e?|excellente?) (?:idee|deduction|analyse|intuition|reflexe|choix)\b(?! recue)|"
    r"reponse (?:exacte|juste|correcte)\b(?! (?:a|au|aux)\b)|"
    r"vous (?:avez|aviez|voyez) (?:raison|juste(?! (?:une?|l[ae]s?|de|du|\d))|vu juste|bien (?:vu|repondu|fait))\b|"
    r"well done\b|yes\b|"
    r"(?:exact(?:ement)?|(?:tout |tres )?juste|tout a fait|parfait(?:ement)?|absolument|effectivement|precisement|"
    r"affirmatif|correct|excellent|gagne|super|genial|voila|vrai|chapeau|(?:tres[ -])?bien|bien[ -]sur|impeccable|ok|"
    r"c'est (?:bien |tout a fait )?(?:juste|vrai|ca|cela|bon|bien|parfait)|"
    r"evidemment|exactly|perfect|great|right|that's right|indeed|true|good)(?!-\w)\s*(?:[,.;:!…–—-]|$))(?!-\w)"
)


def _praise(lesson: Lesson) -> Iterator[Advice]:
    for at, question in enumerate(lesson.questions):
        for number, choice in enumerate(question.choices):
            if choice.correct and (praise := _PRAISE.match(addresses.folded(choice.feedback))):
                said = choice.feedback[: praise.end()].strip(" \u00a0\u202f,.;:!…–—-")
                yield Advice(
                    f"questions[{at}].choices[{number}].feedback",
                    f"ne pas commencer par « {said} » : qui s’est trompé le lit aussi. Dire pourquoi ce choix est juste",
                )


def _title(lesson: Lesson) -> Iterator[Advice]:
    """Words of the title that stand in the right choice and in no wrong one: the question is won by reading the title.

    One word is enough where the title states something (« L’IA cite ses sources : vérifiez quand même »). Where it asks, or
    names its subject before a colon, a right answer on that subject has a word of it by chance: two are needed, or all.
    With several right choices a word must stand in each. Words are compared by their stems, without those that any
    lesson on this subject has (`lessons.words`). True-or-false and number questions have no choices to compare.

    Measured on the 65 lessons of November 2026: 12 questions of 11 lessons are marked, and a reader agrees with each. With
    one word in any title it would be 16 lessons: two more rightly, three wrongly. With two words always, 4 lessons. A
    title that gives the answer in other words is for a reader to see.
    """
    title, stated = subjects(lesson.title), subjects(_statement(lesson.title)).keys()
    for at, question in enumerate(lesson.questions):
        if question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
            continue
        right = [set(subjects(choice.text)) for choice in question.choices if choice.correct]
        wrong = {stem for choice in question.choices if not choice.correct for stem in subjects(choice.text)}
        told = set(title) & set.intersection(*right) - wrong
        if set(title) & wrong - set().union(*right):
            continue  # the title names a wrong choice as well
        if told & stated or (told and len(told) >= min(2, len(title))):
            words = ", ".join(f"« {title[stem]} »" for stem in title if stem in told)
            yield Advice(
                f"questions[{at}]",
                f"le titre donne la réponse ({words}) : changer le titre, ou mettre le mot dans un choix faux aussi",
            )


def _statement(title: str) -> str:
    after = re.split(r"\s?:\s", title)[-1]
    return " ".join(part for part in re.split(r"(?<=[.!?…])\s+", after) if not part.endswith("?"))


_DAY = r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
_WHEN = rf"(?:{_DAY}(?:(?:, | et ){_DAY})*|(?:demain|lundi) ou {_DAY})(?: prochain)?(?: (?:matin|midi|après-midi|soir)\b)?"
_BY = r"dès |ce |le |chaque |avant |pour |d'ici (?:à |au )?"
_ORDER = r"(?:(?!(?:chez|assez|nez|rez)\b)[^\W\d_]{2,}ez|dites|faites)\b"
_THEN = r"(?:(?:d'abord|puis|ensuite|alors)\b,? )?"
_WITH = r"(?:à|au|en|dans|avec|avant|après|chez|lors|pour|sans)\b[^,:;]{1,30}"
_ITS = r"(?:l[ae]s?|l'|une?|vos|votre|deux|trois|chaque|ces?|cette|s[ao]n?|ses)\b"
_TASK = rf"{_THEN}(?:{_ORDER}|[^\W\d_]{{2,}}(?:er|ir|re) {_ITS})"
_BUT = r"(?: (?:que|qui|où|quand|si|car|puisque)\b|qu')"
# « la réunion de mardi », « pour mardi », « publié lundi », « ouvert lundi et mardi » date something else.
_DATES = r"(?<! du)(?<! de)(?<! pour)(?<! un)(?<! au)(?<! et)(?<![:,é])(?<![^a]u)(?<!ée)(?<!és)(?<!ue)(?<!us)"
_ACTION_DAYS = (
    # « Dès mardi : listez », « Jeudi, en équipe, ouvrez », « Le vendredi : relire la liste »
    rf"^(?:[-•] ?)?(?:{_BY}|{_WITH}(?<! de)(?<! du) )?{_WHEN} ?(?:[:,] ?|, {_WITH}, ){_TASK}",
    # « À faire vendredi : », « Votre geste de lundi : »
    rf"\b(?:à faire|action|geste|exercice|défi|tâche)s? (?:dès |le |ce |de |du |pour )*{_DAY}",
    # « Notez-les avant vendredi », but not « Dites que l'on ferme le lundi »
    rf"(?:^|[:,] ?|\bet |\bpuis ){_THEN}{_ORDER}(?:(?!{_BUT}).)*?{_DATES} (?:le )?{_DAY}(?! [0-9])",
)
_DAY_OF_ACTION = re.compile("|".join(_ACTION_DAYS))
# Neither a timetable, « la permanence du lundi matin », nor a scene: « Lundi matin, l’équipe ouvre un dossier ».
_MONDAY_MORNING = re.compile(
    r"^\W*(?:dès |pour )?lundi matin\W*(?:$|:)|\b(?:faire|ferez|faites)(?:-vous)? (?:dès |pour )?lundi matin\b"
)
_NAMED = re.compile(r"(?<=, )[A-ZÀ-ÖØ-Þ][\w-]*")
"""Who does something in a scene. In small letters, « Lundi, Olivier les lit » would begin like « relire les »."""
_QUOTED = re.compile(r"«[^»\n]*»")
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


def _days(lesson: Lesson) -> Iterator[Advice]:
    for place, text in prose(lesson):
        said = _QUOTED.sub(
            "x", unicodedata.normalize("NFKC", text)
        )  # what to write may have a day: « Fermé mardi »
        read = _NAMED.sub("x", said).casefold().replace("’", "'")
        for sentence in _ENDS.split(read):
            asks = sentence.endswith("?")
            if _MONDAY_MORNING.search(sentence) or (not asks and _DAY_OF_ACTION.search(sentence)):
                yield Advice(
                    place, "enlever le jour de la semaine : la leçon peut arriver n’importe quel jour"
                )
                break


def _enough(lesson: Lesson) -> Iterator[Advice]:
    if (count := len(lesson.questions)) < ENOUGH:
        yield Advice("questions", f"en écrire {ENOUGH} au moins, sur des cas différents, pas {count}")


def _lengths(questions: Iterable[Question]) -> Iterator[Advice]:
    single = [question for question in questions if question.kind is Kind.SINGLE]
    longest = sum(map(right_is_longest, single))
    low, high = (share * len(single) for share in LONGEST)
    if len(single) >= MANY_SINGLE and not low <= longest <= high:
        what = "raccourcir des réponses justes" if longest > high else "allonger des réponses justes"
        yield Advice(
            "ensemble: questions à un choix",
            f"la réponse juste est la plus longue dans {longest} sur {len(single)}, "
            f"attendu d’un sixième à un tiers : {what}",
        )


def _counts(questions: Iterable[Question]) -> Iterator[Advice]:
    multiple = [question for question in questions if question.kind is Kind.MULTIPLE]
    usual = sum(
        (sum(choice.correct for choice in question.choices), len(question.choices)) == (2, 4)
        for question in multiple
    )
    if len(multiple) >= MANY_MULTIPLE and usual > TWO_OF_FOUR * len(multiple):
        yield Advice(
            "ensemble: questions à plusieurs choix",
            f"« deux sur quatre » dans {usual} sur {len(multiple)}, six sur dix au plus : varier le nombre de choix justes",
        )


_RULES: tuple[Callable[[Lesson], Iterator[Advice]], ...] = (_sources, _praise, _title, _days, _enough)
