# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is « plus tard » understood as people type it, and nothing taken for it that is about something else?"""

from __future__ import annotations

from datetime import time

import pytest

from bot.talk import commands
from bot.talk.delays import Delay, delay_of
from bot.talk.topics import COMMANDS

READ = {
    Delay(): [
        *(
            "plus tard",
            "Plus tard !",
            "plustard",
            "/plustard",
            "later",
            "later please",
            "Un peu plus tard, merci",
        ),
        *("pas maintenant", "Pas maintenant, plus tard", "not now", "not right now", "Pas tout de suite svp"),
        *("je n'ai pas le temps maintenant", "I have no time right now", "plus tard dans la journée"),
        *(
            "ask me again later",
            "remind me",
            "rappelle-moi",
            "snooze",
            "reporte la leçon",
            "plus tard aujourd’hui",
        ),
        *("je le ferai plus tard", "Je répondrai plus tard.", "je verrai ça plus tard", "on verra plus tard"),
        *(
            "I'll do it later",
            "I will read it later",
            "je préfère répondre plus tard",
            "plus tard tout à l'heure",
        ),
        *("je n'ai pas le temps", "Pas le temps", "j’ai pas le temps", "no time", "plus tards", "plutard"),
        *("ok plus tard", "non, plus tard", "finalement plus tard", "maybe later", "Peut-être plus tard"),
        *("je suis en réunion, plus tard", "I'm busy, later", "Plus tard, s’il vous plaît"),
    ],
    Delay(hour=time(12), at_least=True): [
        *("pas ce matin", "not this morning", "plus tard, pas ce matin", "je n'ai pas le temps ce matin"),
    ],
    Delay(minutes=1): ["dans une minute"],
    Delay(minutes=10): ["plus tard dans quelques minutes"],
    Delay(minutes=15): ["dans un quart d'heure"],
    Delay(minutes=17): ["dans dix-sept minutes"],
    Delay(minutes=20): [
        "reviens dans 20 min",
        "can you remind me in 20 minutes",
        "dans environ vingt minutes",
    ],
    Delay(minutes=1000): ["plus tard dans 1000 minutes"],
    Delay(minutes=30): [
        *("décale de 30 minutes", "plus tard 30 minutes", "snooze 30 minutes", "30 minutes plus tard"),
        *("dans 30 minutes", "dans une demi-heure", "in half an hour", "/later in 30 minutes"),
    ],
    Delay(minutes=45): ["in 45 min", "dans trois quarts d’heure"],
    Delay(minutes=60): [
        *(
            "dans une heure",
            "plus tard dans une heure",
            "in an hour",
            "Dans 1 h",
            "plus tard dans soixante minutes",
        ),
        *(
            "d’ici une heure",
            "je le fais dans une heure",
            "Bonjour, plus tard dans une heure s’il vous plaît",
        ),
        *(
            "snooze for 1 hour",
            "delay by 1 hour",
            "later 1 hour",
            "plus tard 1 heure",
            "rappelle-moi après une heure",
            "je le ferai d’ici une heure",
        ),
        *("une heure plus tard", "1 hour later", "repousse d’une heure", "reporte la leçon d’1 heure"),
    ],
    Delay(minutes=75): ["plus tard dans 1 heure 15", "dans une heure et quart"],
    Delay(minutes=90): [
        "dans 1h30",
        "dans une heure et demie",
        "in 1 hour and 30 minutes",
        "in an hour and a half",
    ],
    Delay(minutes=120): [
        "rappelle-moi dans 2 heures",
        "remind me in two hours",
        "Rappelez-moi dans deux heures",
        *(
            "plus tard 2 heures",
            "repousse de 2 heures",
            "repousse de 2 h",
            "decale de 2h00",
            "rappelle-moi d’ici 2 heures",
        ),
        *("snooze for 2 hours", "later after 2 hours", "rappelle moi ds 2h", "2 h plus tard"),
    ],
    Delay(hour=time(14), exact=False): [
        *(
            "plus tard à 14 h",
            "Plus tard, à 14h",
            "plus tard vers 14 h",
            "plus tard 14h",
            "renvoie la leçon à 14 h",
        ),
        *("rappelle-moi à 14 heures", "Peux-tu me rappeler à 14h ?", "plus tard, à partir de 14h"),
        "plus tard entre 14h et 15h",
    ],
    Delay(hour=time(10), exact=False): [
        *(
            "rappelle-moi après 10h",
            "remind me after 10",
            "rappelle-moi d'ici 10 h",
            "plus tard après 10 heures",
        ),
    ],
    Delay(hour=time(15), exact=False): ["plus tard après 15 heures", "plus tard 15 heures"],
    Delay(hour=time(16), exact=False): ["finalement plus tard à 16h", "snooze until 16:00"],
    Delay(hour=time(1), exact=False): ["plus tard à 1 heure", "plus tard vers 1 heure"],
    Delay(hour=time(18, 30), exact=False): ["plus tard à 18h30 plutôt"],
    Delay(hour=time(14, 30), exact=False): ["plus tard à 14h30", "later at 14:30", "plus tard à 14 h 30"],
    Delay(hour=time(2), exact=False): ["plus tard à 2 h", "later at 2"],
    Delay(hour=time(2)): ["plus tard à 2 h du matin", "later at 2 am"],
    Delay(hour=time(14)): [
        *(
            "later at 2 pm",
            "plus tard cet après-midi",
            "je regarderai ça dans l’après-midi",
            "later this afternoon",
        ),
        *("plus tard cet aprem", "rappelle-moi cet aprèm", "plus tard cet aprem à 2h"),
        *("plus tard à 2 h de l’après-midi", "plus tard cet après-midi à 2 h"),
    ],
    Delay(hour=time(12)): ["je réponds à midi", "plus tard à midi", "plus tard ce midi"],
    Delay(hour=time(13, 30)): ["plus tard après le déjeuner", "later after lunch"],
    Delay(hour=time(17)): ["rappelez-moi en fin de journée", "postpone to 5pm", "later by 5pm"],
    Delay(hour=time(18)): ["repose-moi la question ce soir", "later this evening"],
    Delay(hour=time(19)): ["plus tard ce soir à 7h"],
    Delay(other_day=True): [
        *(
            "plus tard demain",
            "rappelle-moi demain matin",
            "rappelle-moi lundi à 9h",
            "later tomorrow",
            "remind me Monday",
        ),
        *(
            "je le ferai demain",
            "plus tard la semaine prochaine",
            "plus tard dans 2 jours",
            "plus tard ce week-end",
        ),
        *("demain", "tomorrow", "Pas aujourd’hui", "not today", "je n'ai pas le temps aujourd'hui"),
    ],
    Delay(unread=True): [
        *(
            "plus tard après ma réunion",
            "rappelle-moi à la pause",
            "plus tard 25h",
            "rappelle-moi avant midi",
        ),
        *("plus tard quand j'aurai fini", "later after my meeting", "remind me when I am back"),
    ],
}
NOT_READ = [
    *(
        "la réunion est plus tard",
        "à plus tard",
        "plus tard que prévu",
        "La réunion a été repoussée à plus tard",
    ),
    *(
        "la leçon vient-elle plus tard",
        "see you later",
        "sooner or later",
        "rappelle-moi ton nom",
        "maintenant",
    ),
    *(
        "dans un service public",
        "dans 2 jours",
        "à 14 h",
        "14h",
        "tout à l’heure",
        "ce soir",
        "cet aprem",
        "à demain",
        "je lis une heure",
        "2 heures",
    ),
    *(
        "je lis 2 heures",
        "in 5",
        "plus tard blabla",
        "oui plus tard",
        "je fais une pause plus tard",
        "in public",
    ),
    *(
        "renvoie la leçon",
        "repose-moi la question",
        "je n'ai plus le temps",
        "pas le temps ce soir",
        "je n'ai pas le temps cet après-midi",
        "reviens",
        "demande",
    ),
    *(
        "plus tard les IA seront partout",
        "Plus tard, les IA écriront",
        "Plus tard, dans dix ans, les IA écriront",
        "Plus tard dans le texte, l’auteur dit le contraire de ce qu’il a dit avant",
        "rappelle-moi à qui écrire",
        "je suis d'accord, plus tard que prévu",
        "pas maintenant je suis en réunion",
        "",
        "?",
        "plus",
        "tard",
        "plus tard" * 40,
    ),
]


@pytest.mark.parametrize(("delay", "texts"), READ.items(), ids=str)
def test_a_delay_is_read_as_people_type_it(delay: Delay, texts: list[str]) -> None:
    assert {text: delay_of(text) for text in texts} == dict.fromkeys(texts, delay)
    names = {text: commands.command_of(text, COMMANDS, ()) for text in texts}
    assert set(names.values()) <= {"plustard", "later"}, names


@pytest.mark.parametrize("text", NOT_READ)
def test_a_text_about_something_else_is_no_delay(text: str) -> None:
    assert delay_of(text) is None
    assert commands.command_of(text, COMMANDS, ()) not in ("plustard", "later")


HEARD = [
    "Pas maintenant, je suis en réunion",
    "Plus tard ! Je suis en réunion",
    "Not now, I am in a meeting.",
]
UNHEARD = [
    *(
        "Plus tard, les IA seront partout",
        "La réunion ? Plus tard.",
        "Ils l’ont fait plus tard, et pas maintenant",
    ),
    *("Je ne sais pas. Pas maintenant.", "C’est pour plus tard, la réunion"),
]


def test_a_request_in_the_first_words_of_a_text_is_heard_and_no_other() -> None:
    assert [commands.nearly(text, COMMANDS) for text in HEARD] == ["plustard"] * len(HEARD)
    assert [commands.nearly(text, COMMANDS) for text in UNHEARD] == [""] * len(UNHEARD)
