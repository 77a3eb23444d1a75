// A bot that joins a room and answers "ping" with "pong". A stock socket.io-client, nothing of Salon's own.
//
//   npm install socket.io-client
//   node bot.mjs http://127.0.0.1:8000 <PIN or link> [name]

import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const [server, where, name = "Bot"] = process.argv.slice(2);

async function post(path, body, token) {
  const response = await fetch(server + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}

const { token } = await post("/api/session", { bearer: true });
let link = where.split("/").at(-1);
if (/^\d+$/.test(where)) {
  const found = await post("/api/pin", { pin: where }, token);
  if (found.outcome === "knock") throw new Error("Too many wrong PINs were tried: use the link.");
  link = found.link;
}

const seen = {};
let me = "";
// After a cut, everything that was missed comes first, in order and once.
const auth = (give) => give({ room: link, token, ...(Object.keys(seen).length && { since: seen }) });
const socket = io(server, { auth, transports: ["websocket"] });
// The id makes a repeat harmless: send the same again when no answer came.
const command = (event, payload) => socket.emitWithAck(event, { id: randomUUID(), ...payload });

socket.on("connect_error", (error) => console.log("refused:", error.data?.code ?? error.message));
socket.on("lobby", async () => console.log("join:", await command("people.join", { name, about: "I answer ping." })));
socket.on("snapshot", ({ features, seqs }) => {
  me = features.people.me;
  Object.assign(seen, seqs);
  console.log("in the room");
});
socket.on("event", async ({ stream, seq, type, data }) => {
  seen[stream] = seq;
  if (type !== "chat.sent" || data.message.author === me) return;
  console.log(`${data.message.name}: ${data.message.body}`);
  if (data.message.body.trim().toLowerCase() === "ping") {
    await command("chat.send", { body: "pong", reply_to: data.message.id, peer: data.peer });
  }
});
