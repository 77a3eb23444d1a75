// A stock socket.io-client that says on its output what it sees, a line of JSON for each, and does what its input says.
//
//   node stock_client.mjs <server> <room> <token> <name> [transport …]
//
// Input: "talk <from> <count>" sends numbered messages, each until it has its answer; "quit" ends.

import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [server, room, token, name, ...transports] = process.argv.slice(2);
const PASSING = ["unavailable", "internal", "rate_limited"];
const say = (kind, data) => process.stdout.write(JSON.stringify([kind, data]) + "\n");
const seen = {};
const socket = io(server, {
  auth: (give) => give({ room, token, ...(Object.keys(seen).length && { since: seen }) }),
  ...(transports.length && { transports }),
  reconnectionDelay: 50,
  reconnectionDelayMax: 400,
});

async function certain(event, payload) {
  for (;;) {
    try {
      const answer = await socket.timeout(10_000).emitWithAck(event, payload);
      if (answer.ok) return;
      if (!PASSING.includes(answer.code)) return say("fault", { event, answer });
      await new Promise((done) => setTimeout(done, 1000 * (answer.retry_after ?? 0.1)));
    } catch {
      // No answer, and no knowing whether it was done: the same again.
    }
  }
}

socket.on("connect", () => {
  const { engine } = socket.io;
  const carried = () => say("carried", { by: engine.transport.name });
  carried();
  engine.once("upgrade", carried);
});
socket.on("connect_error", (error) => say("refused_connection", error.data ?? { message: error.message }));
socket.on("disconnect", (reason) => say("lost", { reason }));
socket.on("lobby", () => certain("people.join", { id: "join", name }));
socket.on("snapshot", (data) => {
  Object.assign(seen, data.seqs);
  say("snapshot", data);
});
socket.on("event", (data) => {
  seen[data.stream] = data.seq;
  say("event", data);
});
for (const kind of ["resumed", "signal"]) socket.on(kind, (data) => say(kind, data));

createInterface({ input: process.stdin }).on("line", async (line) => {
  const [word, from, count] = line.split(" ");
  if (word === "quit") process.exit(0);
  for (let each = Number(from); each < Number(from) + Number(count); each++) {
    await certain("chat.send", { id: `${name}-${each}`, body: `${name} ${each}` });
  }
  say("talked", {});
});
