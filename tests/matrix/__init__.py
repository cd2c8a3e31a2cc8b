# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The other end of Matrix in tests and benches: a real Synapse, and people who talk to the bot.

Synapse runs from its wheel, in an environment of its own, as a process that dies with this one:

    synapse = Synapse(folder); synapse.start()    # 1.6 s; or the fixture `synapse`, one for the whole test run
    synapse.url, synapse.port
    await synapse.stops(); await synapse.starts(); await synapse.restarts()    # same data, same port
    synapse.kill()                                # without a goodbye

    account = synapse.account("bot")              # a new one each time: @bot-3:test.local
    account.user_id, account.password, account.access_token, account.device_id
    await synapse.call("GET", "/_matrix/client/v3/…", token=account.access_token)   # (status, answer)
    await synapse.revokes(account)                # every token of the account is refused from now on

A learner is a client of their own, with keys of their own, who listens in the background. Times are seconds;
every wait is bounded and fails with what the screen shows.

    ann = await Learner.arrives(synapse, "ann")   # encrypted=False: rooms without encryption
                                                  # only_signed=True: excludes devices that their owner did not sign
    try: ...
    finally: await ann.closes()                   # `async with await Learner.arrives(…) as ann` does it

    await ann.opens_room(bot)                     # a direct room; waits until the bot (an `Account` or id) joined
    await ann.invites(bot)                        # the same without waiting; returns the room's id
    await ann.met(bot)                            # waits for the join
    group = await ann.invites(bot, "@bob:test.local", direct=False)
    ann.room                                      # the newest room's id; each action takes room=…
    await ann.encrypts_room()                     # from now on
    await ann.says("!lecon")                      # returns the event id; reply_to=…, notice=True
    await ann.edits(event, "autre"); await ann.redacts(event)
    await ann.votes(shown, "2")                   # by label or answer id; several; stable=True: the final type
    await ann.sends_file("cours.yaml", b"…")      # encrypted where the room is; size=… : what it claims
    await ann.sends("m.sticker", {…})             # any event; ann.forges(type, content) goes in clear whatever the room

    lesson = await ann.next_message()             # the next *new* message of the bot since the last next_message()
    shown = await ann.sees("Bonne réponse")       # newest message holding it, edits applied; or a predicate
    await ann.sees_nothing_new(0.2)
    await ann.messages()                          # [Shown], oldest first, edits applied
    shown.id, .text, .html, .reply_to, .edits, .poll, .file, .wire_type, .notice, .readable, .shield
    shown.poll.question, .answers ({id: label}), .most
    shown.file.name, .content, .media_type, .size   # decrypted; `size` of a picture: (width, height)

    await ann.wire()                              # [Wire(id, type, sender, content, transaction)]: what the server
                                                  # keeps of the room, oldest first; `wire(sender=bot)` of one sender
    await ann.leaves()
    await ann.again()                             # the same person on one more device, as a learner of its own
    await ann.changes_device()                    # logs out and in again: another device, an empty store
    await ann.goes_offline()                      # hears and sends nothing any more
    await ann.upgrades_room()                     # the room has a successor
    await ann.asks("POST", f"rooms/{room}/kick", {…})    # any request of the client-server API, which must succeed

The same person with another client: matrix-js-sdk, which Element Web and Tchap Web stand on. It shares nothing with the
bot's, so it is what says whether the bot is understood; it does less, and takes a second and 110 MB.

    zoe = await WebLearner.arrives(synapse, synapse.account("zoe"))    # only_signed=True: MSC4153
    await zoe.opens_room(bot); await zoe.says("!lecon"); await zoe.votes(shown, label)
    shown.shield, .reason                             # as that client judges it
    await zoe.trusts(bot)                             # once it was told that the bot's device is signed
    await zoe.makes_recovery_key()                    # Secret Storage, as in Tchap Web
    await again.recovers(recovery_key)                # on another device of the account, arrived with identity=False

Who signed what, checked with code that is not the bot's:

    identity = await signatures(synapse, token=ann.account.access_token, of=bot)
    identity.master, .self_signing, .user_signing       # public keys or None; a bad signature is an AssertionError
    identity.signed                                     # {device ids that the owner signed}
    identity.devices                                    # every device with keys
    recovery_key = await makes_identity(synapse, account)   # as a person in Element does: keys, Secret Storage
    owner = await Owner.of(synapse, ann.account)        # a new identity in the place of the one before
    await owner.signs(ann.device_id); owner.identity    # the public key
"""

from tests.matrix.identity import Identity, Owner, makes_identity, signatures
from tests.matrix.learner import Learner
from tests.matrix.screens import File, Poll, Shown, Wire
from tests.matrix.synapse import Account, Synapse
from tests.matrix.webclient import WebLearner

__all__ = [
    "Account",
    "File",
    "Identity",
    "Learner",
    "Owner",
    "Poll",
    "Shown",
    "Synapse",
    "WebLearner",
    "Wire",
    "makes_identity",
    "signatures",
]
