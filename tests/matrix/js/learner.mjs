// SPDX-FileCopyrightText: 2026 IAventure contributors
// SPDX-License-Identifier: MIT

// What does a person see in Element or Tchap Web? The library that both stand on, without the screen. A line on stdin is
// a command, a line on stdout its answer or a message that was shown; the program ends when stdin does.

import { Console } from "node:console";
import { createInterface } from "node:readline";

globalThis.console = new Console(process.stderr); // where the library logs; it takes hold of it when it is imported

const { ClientEvent, createClient, MatrixEventEvent, RoomStateEvent } = await import("matrix-js-sdk");
const { CryptoEvent, decodeRecoveryKey, EventShieldColour, EventShieldReason, OnlySignedDevicesIsolationMode } =
    await import("matrix-js-sdk/lib/crypto-api/index.js");
const { M_POLL_START } = await import("matrix-js-sdk/lib/@types/polls.js");
const { Attachment, EncryptedAttachment } = await import("@matrix-org/matrix-sdk-crypto-wasm");
const { PollResponseEvent } = await import("matrix-js-sdk/lib/extensible_events_v1/PollResponseEvent.js");

const ENCRYPTION = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };

let client;
const opened = new Map(); // keys of the Secret Storage, by their ids
let telling = Promise.resolve(); // messages are told one after the other, in the order in which they came

const commands = {
    /** Logs in on a device of its own, whose keys are published. */
    async arrives({ url, user, password, only_signed }) {
        const login = await createClient({ baseUrl: url }).loginRequest({
            type: "m.login.password",
            identifier: { type: "m.id.user", user },
            password,
        });
        client = createClient({
            baseUrl: url,
            userId: login.user_id,
            deviceId: login.device_id,
            accessToken: login.access_token,
            cryptoCallbacks: {
                cacheSecretStorageKey: (id, _, key) => opened.set(id, key),
                getSecretStorageKey: async ({ keys }) => Object.keys(keys)
                    .filter((id) => opened.has(id))
                    .map((id) => [id, opened.get(id)])[0] ?? null,
            },
        });
        await client.initRustCrypto({ useIndexedDB: false });
        if (only_signed) client.getCrypto().setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
        // Not the timeline: what comes may come before its key.
        client.on(MatrixEventEvent.Decrypted, (event) => {
            telling = telling.then(() => tell(event));
        });
        const prepared = new Promise((resolve, reject) => {
            client.once(ClientEvent.Sync, (state) => (state === "PREPARED" ? resolve() : reject(new Error(state))));
        });
        await client.startClient();
        await prepared;
    },

    /** Makes the account's identity, which signs this device; a password is not asked for before there is one. */
    async makes_identity() {
        await client.getCrypto().bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(null) });
    },

    /** Puts the identity into a new Secret Storage, with a backup of message keys; what opens it, as it is shown. */
    async makes_recovery_key() {
        const key = await client.getCrypto().createRecoveryKeyFromPassphrase();
        await client.getCrypto().bootstrapSecretStorage({
            createSecretStorageKey: async () => key,
            setupNewSecretStorage: true,
            setupNewKeyBackup: true,
        });
        return key.encodedPrivateKey;
    },

    /** Takes the identity from the Secret Storage, as whoever types their recovery key on a new device. */
    async recovers({ recovery_key }) {
        opened.set(await client.secretStorage.getDefaultKeyId(), decodeRecoveryKey(recovery_key));
        await client.getCrypto().userHasCrossSigningKeys(client.getUserId(), true); // asks the homeserver for them
        await client.getCrypto().bootstrapCrossSigning({});
        const { privateKeysCachedLocally } = await client.getCrypto().getCrossSigningStatus();
        return privateKeysCachedLocally;
    },

    /** A new direct room; its id, once whoever was invited is in. */
    async opens_room({ whom }) {
        const { room_id } = await client.createRoom({
            preset: "trusted_private_chat",
            is_direct: true,
            invite: [whom],
            initial_state: [ENCRYPTION],
        });
        const isIn = () => client.getRoom(room_id)?.getMember(whom)?.membership === "join";
        await new Promise((resolve) => {
            const look = () => isIn() && resolve();
            client.on(RoomStateEvent.Members, look);
            look();
        });
        return room_id;
    },

    /** Once the homeserver has told that a device of somebody is signed by its owner. */
    async trusts({ whom }) {
        const crypto = client.getCrypto();
        for (;;) {
            const change = new Promise((resolve) => client.once(CryptoEvent.DevicesUpdated, resolve));
            for (const id of (await crypto.getUserDeviceInfo([whom])).get(whom)?.keys() ?? []) {
                if ((await crypto.getDeviceVerificationStatus(whom, id))?.signedByOwner) return;
            }
            await change;
        }
    },

    async says({ room, text }) {
        return (await client.sendTextMessage(room, text)).event_id;
    },

    async votes({ room, poll, answers }) {
        const { type, content } = PollResponseEvent.from(answers, poll).serialize();
        return (await client.sendEvent(room, type, content)).event_id;
    },
};

/** A message of somebody else, or why it is not one: whenever more is known of it. */
async function tell(event) {
    if (event.getSender() === client.getUserId()) return;
    const content = event.getContent();
    const trust = await client.getCrypto().getEncryptionInfoForEvent(event);
    const poll = M_POLL_START.matches(event.getType()) ? event.unstableExtensibleEvent : null;
    write({
        shown: {
            id: event.getId(),
            room: event.getRoomId(),
            text: poll ? poll.question.text : content.body,
            html: content.formatted_body ?? "",
            reply_to: event.replyEventId ?? null,
            failure: event.decryptionFailureReason,
            shield: trust && EventShieldColour[trust.shieldColour],
            reason: (trust && EventShieldReason[trust.shieldReason]) ?? null,
            file: content.file ? await download(content) : null,
            poll: poll && { answers: poll.answers.map(({ id, text }) => [id, text]), most: poll.maxSelections },
            at: event.getTs() / 1000,
        },
    });
}

/** A file or a picture as it is saved, and the size at which a picture is shown before it is there. */
async function download({ body, file, filename, info }) {
    const address = client.mxcUrlToHttp(file.url, undefined, undefined, undefined, false, true, true);
    const response = await fetch(address, { headers: { Authorization: `Bearer ${client.getAccessToken()}` } });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    const sealed = new EncryptedAttachment(new Uint8Array(await response.arrayBuffer()), JSON.stringify(file));
    const content = Buffer.from(Attachment.decrypt(sealed)).toString("base64");
    return { name: filename ?? body, media_type: info.mimetype, size: info.w ? [info.w, info.h] : null, content };
}

function write(value) {
    process.stdout.write(`${JSON.stringify(value)}\n`);
}

createInterface({ input: process.stdin })
    .on("line", async (line) => {
        const { id, does, how } = JSON.parse(line);
        try {
            write({ id, answer: (await commands[does](how)) ?? null });
        } catch (error) {
            write({ id, error: error.stack ?? String(error) });
        }
    })
    .on("close", () => process.exit());
