# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command that a text is: its name, with polite words around it, or people's own word for leaving."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.messages import Event
from bot.talk import clauses, delays, pausing, phrases, verifying
from lessons import typed

LONGEST = 200
"""Characters of a text that is looked through for a command without a mark."""
ANNOUNCE = ("annonce", "announce")
"""Commands of admins that take what stands behind them, also without a mark."""
_END = r"[\n!?;…]+|\.(?=\s|$)"
_SENTENCES = re.compile(_END)
_CLAUSES = re.compile(rf"{_END}|[,()]+|\s[-–—/]+\s|\b(?:car|parce que?|puisque?|because)\b", re.IGNORECASE)
_CLAUSE, _WORD = 2, 5
"""Words of a clause that asks to erase, and letters of a word that may have a wrong one."""
_BESIDE = {
    "stop": "stop",
    **dict.fromkeys(("oublier", "effacer", "forget", "erase"), "oublier"),
    **dict.fromkeys(("mesdonnees", "mydata"), "mesdonnees"),
    **dict.fromkeys(("aide", "help"), "aide"),
    **dict.fromkeys(delays.NAMES, delays.NAMES[0]),
}
"""Commands that are heard in a part of a text, by one name each: all show something, ask first, or can be undone."""
_PLAIN = re.compile(
    "arret|stop|desinscri|desabonn|unsubscri|donnees|data|compte|oubli|efface|forget|erase|aide|help"
    "|plus tard|later|maintenant|not now|rappel|remind"
)
"""Words that make such a part unmistakable: « je dois partir » and « assez » may be about anything else."""
_SPELLED = {
    **dict.fromkeys(("aide", "help", "lecon", "lesson", "quiz", "progression", "progress", "reglages"), ""),
    **dict.fromkeys(("settings", "mesdonnees", "stop"), ""),
    **dict.fromkeys(("arreter", "desinscription", "desinscrire", "desabonnement", "unsubscribe"), "stop"),
}
"""Words that may be one letter off: of commands that show something or ask first."""
_ENDING = ("pause", "reprendre", "resume")
"""The commands that may have a date behind them."""
HEARD = frozenset({*_BESIDE, *_ENDING})
"""Names of commands that are heard in a part of a text."""
_ASKS = re.compile(
    r"(?:merci de|veuillez|j'aimerais|je (?:veux|voudrais|souhaite|demande)|(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu)"
    r"|please|(?:can|could) (?:you|i)|i(?:'d| would)? (?:want|like|need)|delete|erase|forget|show|send|(?:j'ai )?besoin"
    r"|(?:efface|supprime|montre|envoie|envoye|donne|oublie)z?|aidez)\b"
)
"""How a clause begins that asks for something, and lists nothing: « supprimer mes données »."""
_OTHER, _HOUR = re.compile(r"\brésum[ée]s?\b"), "a la pause"
"""A summary, which is no `resume`, and an hour."""
_SUBJECT = re.compile(r"\b(?:je|j|i|on|nous|vous|c|ca|cela|it|this)\b")
"""What makes a sentence of a clause, and no item of a list."""
_ITEM = 3
"""Words of the longest item of a list."""
_AROUND = (typed.COURTESY, typed.ARTICLES, ["a"])


def command_of(text: str, names: Collection[str], admin_names: Collection[str]) -> str:
    """Return the command that a text is, of the names that its sender may use; empty when it is none.

    A name stands alone, or after `/` or `!` with anything behind: then, when nobody knows it, it is `?`.
    """
    if not text:
        return ""
    name = _name_of(text, names, admin_names)
    if name == "stop" and is_marked(text) and pausing.command(text, alone=True):
        return pausing.PAUSE  # « /stop 2 semaines »
    return name or (asked if (asked := pausing.command(text, alone=True)) in names else "")


def _name_of(text: str, names: Collection[str], admin_names: Collection[str] = ()) -> str:
    marked = is_marked(text)
    first, _, rest = typed.clean(text[:LONGEST]).lstrip("/! ").replace(":", " ", 1).partition(" ")
    if marked:
        said = [typed.fold(first)]
    elif rest and (name := typed.fold(first)) in ANNOUNCE and name in admin_names:
        return name
    elif rest and verifying.NAMES[0] in names and verifying.names_code(text[:LONGEST]):
        return verifying.NAMES[0]
    elif len(text) > LONGEST:
        said = []
    elif clauses.is_labelled(text):
        said = [typed.fold(text)]
    else:
        said = [typed.fold(text), typed.bare(text, *_AROUND)]
    if _OTHER.search(typed.fold(first if marked else text[:LONGEST], accents=True)):
        return "?" if marked else ""
    for name in said:
        if (name in names or name in admin_names) and not typed.fold(text).startswith(_HOUR):
            return name
    asked = phrases.asks_for(f"{first} {rest}" if marked else text)
    if asked in names:
        return asked
    if delays.NAMES[0] in names and delays.delay_of(text) is not None:
        return delays.NAMES[0]
    return "?" if marked else ""


def asks_to_pause(text: str) -> bool:
    """Tell whether a text asks to pause, or to resume, and says nothing else: not « pause à partir du »."""
    said = typed.bare(text, typed.COURTESY).lstrip("/!")
    return said in _ENDING or phrases.asks_for(text) in _ENDING


def says_more_than_pause(event: Event) -> bool:
    """Tell whether an event that was read asks for a pause, or its end, and says more: until when, it may be."""
    return event.command in _ENDING and not asks_to_pause(event.text)


def nearly(text: str, names: Collection[str]) -> str:
    """Return the command in one part of a text, or the command that its only word misspells; empty for none, or for two.

    People sign what they write, and say why: « Je pars à la retraite, merci de me désinscrire. Cordialement, Jean ».
    Only for a text that means nothing else.
    """
    looked = "\n".join(clauses.first_lines(text))
    sentences = set(_SENTENCES.split(looked))
    found = {asked} if (asked := pausing.command(text)) in names else set()
    for part in parts(looked):
        name = _BESIDE.get(_name_of(part, names), "") if _PLAIN.search(typed.fold(part)) else ""
        if (
            name in delays.NAMES
        ):  # « Plus tard, l’IA … » is a text; « Pas maintenant, je suis en réunion » is none
            first = text.strip().startswith(part.strip())
            heard = first and (part in sentences or typed.words(part)[0] in ("pas", "not"))
        else:
            heard = name == "stop" or bool(name and _asks(looked, part, name, sentence=part in sentences))
        if heard:
            found.add(name)
    if found:
        found -= {"oublier"} if "stop" in found else set()  # the menu of `stop` erases too
        return found.pop() if len(found) == 1 else ""
    said = typed.bare(text, *_AROUND)
    near = {name or word for word, name in _SPELLED.items() if _is_nearly(said, word)}
    return near.pop() if len(near) == 1 else ""


def _asks(text: str, part: str, name: str, *, sentence: bool) -> bool:
    """Tell whether a clause asks for something: « masquer, effacer » and « mon nom, mes données, ma photo » list things."""
    short = name == "oublier" and len(typed.words(part)) < _CLAUSE
    if not short and _ASKS.match(typed.led(typed.fold(part), ["et", "and"], typed.GREETINGS)):
        return True
    before, _, after = text.partition(part)
    begins = (
        not short and not typed.bare(before, typed.COURTESY) and (name == "aide" or not after.startswith(","))
    )
    return (sentence or begins) and not _lists(before, after)


def _lists(before: str, after: str) -> bool:
    """Tell whether a clause stands in a list: two items beside it, or one behind a comma. One line may be a title.

    No thanks, no sentence and no name is an item; what stands behind a name belongs to it: « Jean Dupont, mairie de X ».
    """
    items = sum(map(_is_item, _CLAUSES.split(before)))
    for said in _CLAUSES.split(after):
        if clauses.is_name(clauses.words_of(said)[:-1]):
            break
        items += _is_item(said)
    parted = before.rstrip(" ").endswith((",", ";", ":")) or after.lstrip(" ").startswith((",", ";"))
    return items > 1 or (items == 1 and parted)


def _is_item(said: str) -> bool:
    """Tell whether a clause may be an item of a list: « ma photo »."""
    bare = typed.bare(said, typed.COURTESY)
    greets = typed.led(typed.fold(said), typed.GREETINGS) != typed.fold(said)
    return 0 < len(typed.words(bare)) <= _ITEM and not (
        greets or _SUBJECT.search(bare) or _PLAIN.search(bare)
    )


def parts(text: str) -> list[str]:
    """Return the sentences, lines and clauses of the first lines of a text, cleaned, without those that it quotes."""
    said = "\n".join(clauses.first_lines(text))
    each = (
        *_SENTENCES.split(said, clauses.MOST)[: clauses.MOST],
        *_CLAUSES.split(said, clauses.MOST)[: clauses.MOST],
    )
    return [part for part in dict.fromkeys(each) if typed.fold(part)]


def _is_nearly(said: str, word: str) -> bool:
    """Tell whether one letter is missing, too many, another one, or has changed places with its neighbour."""
    if len(said) < _WORD and sorted(said) != sorted(word):
        return False  # « vide » is not `aide`; « stpo » is `stop`
    same = next(
        (at for at, (mine, its) in enumerate(zip(said, word, strict=False)) if mine != its),
        min(len(said), len(word)),
    )
    mine, its = said[same:], word[same:]
    return (
        its in (mine[1:], mine[1::-1] + mine[2:]) or mine == its[1:] or (mine[1:] == its[1:] and said != word)
    )


def is_marked(text: str) -> bool:
    """Tell whether a text begins with the mark of a command. « !! » alone marks none."""
    said = typed.clean(text[:LONGEST])
    return said[:1] == "/" or (said[:1] == "!" and bool(said.strip("!? ")))
