# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What stands in for Telegram in tests and benches: a strict Bot API, and people who talk to the bot.

Two ways to run it, one way to drive it:

    async with Emulator() as telegram:                    # in this process and event loop
    async with EmulatorProcess(light=True) as telegram:   # a process of its own: benches, killing things

Both are a `Telegram`. Give the bot `telegram.token`, `telegram.base_url` ("http://127.0.0.1:PORT/bot") and
`telegram.base_file_url`. Everything else is asynchronous and goes through a control port, which stays up when
the Bot API is down. Times are seconds; every wait is bounded and fails with what the screen shows.

    ann = await telegram.person(4711, "Ann", language="fr")   # has started the bot; started=False: a stranger
    await ann.starts("invitation")                # /start invitation
    await ann.says("/lecon")
    await ann.says("2", reply_to=12)
    lesson = await ann.next_message()             # the next *new* message since the last next_message()
    shown = await ann.sees("Bonne réponse")       # a message, new or edited, holding it; or a predicate
    shown.text, .photo, .document, .content       # the caption; (width, height) of a picture; a file's name; the bytes
    await ann.sees_nothing_new(0.2)
    query = await ann.presses(lesson.id, "2")     # by label, else by callback data; `Impossible` if not there
    notice = await ann.notice(query)              # what answerCallbackQuery showed
    await ann.sends_file("cours.zip", b"...")     # size=30 * 2**20: what Telegram says of it
    await ann.blocks()
    await ann.unblocks()
    await ann.deactivates()
    await ann.messages()                          # all that the bot wrote, as it is now: [Shown], oldest first
    await ann.forges("data", message_id=3)        # a press with data that no button has; chat=… of anybody
    room = await telegram.group(-100, "Mairie")
    await room.adds_bot(ann)
    await room.hears(ann, "bonjour")
    await room.messages()

    await telegram.inject({"message": {...}})     # a raw update; gets an update_id when it has none
    await telegram.repeats(update_id)             # the same update, same id, once more; None: the newest
    await telegram.updates()                      # those not confirmed yet
    await telegram.route("https://bot.example.org", "http://127.0.0.1:8080")    # DNS and reverse proxy of a webhook
    port = await telegram.free_address()          # the same for `PUBLIC`, to a port that nobody uses
    await telegram.webhook()                      # what getWebhookInfo says
    await telegram.deliveries()                   # every attempt to post an update: [Delivery]
    await telegram.expire_queries()               # every press so far is too old to be answered
    await telegram.renumber()                     # update ids jump to another random start
    await telegram.lose_messages(4711, 12)        # messages are deleted: edits no longer find them
    await telegram.refuses(4711, description="Bad Request: PEER_ID_INVALID")    # `errors` has the server's sentences
    await telegram.limit_rates(account=30, chat=1)    # per second; None: off, as at the start
    await telegram.goes_down()                    # connections are refused
    await telegram.comes_up()                     # the same port again

    await telegram.fault(Fault(Kind.THROTTLE, method="sendMessage", chat=4711, times=1, seconds=3))
    await telegram.fault(Fault(Kind.CUT, recorded=True))      # the message is shown, the answer is lost
    await telegram.fault(Fault(Kind.REFUSED, "sendPhoto", description="Bad Request: IMAGE_PROCESS_FAILED"))
    await telegram.fault(Fault(Kind.CUT, "webhook", recorded=True))    # a post arrives, its answer is lost
    await telegram.clear_faults()                 # `Kind` lists what can go wrong

    await telegram.calls("sendMessage", chat=4711)    # the journal: [Call]
    await telegram.violations()                   # [str]; assert that it is empty at the end of a test
    await telegram.unanswered()                   # callback queries that nobody answered
    await telegram.waits()                        # seconds from each press to its notice and to its message's change
    await telegram.profile()                      # commands and descriptions as they were set
    await telegram.counters()                     # {method: Counter}, in light mode too
    await telegram.forget()                       # empties journal, violations and counters

For benches: `await telegram.crowd(100_000, first=1)` makes people without objects, and
`await telegram.together([{"do": "says", "chat": 1, "text": "2"}, …])` does many actions in one request
(`control.py` has them all). Light mode keeps no journal, parses no entities, asks for no second opinion and
remembers the last 20 messages of a chat; the rest is as strict.
"""

from tests.telegram.driver import PUBLIC, Emulator, EmulatorProcess, Impossible, Telegram
from tests.telegram.faults import Fault, Kind
from tests.telegram.journal import Call, Counter, Delivery
from tests.telegram.screens import Group, Person, Shown

__all__ = [
    "PUBLIC",
    "Call",
    "Counter",
    "Delivery",
    "Emulator",
    "EmulatorProcess",
    "Fault",
    "Group",
    "Impossible",
    "Kind",
    "Person",
    "Shown",
    "Telegram",
]
