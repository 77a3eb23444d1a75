// What Salon is measured beside: Node's socket.io as its makers ship it, doing the same in memory and nothing else.
// No sessions, no rights, no numbering that survives, no database. Compression is off, as it is in Salon.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
const rooms = new Map()

const newId = () => randomBytes(12).toString('base64url')

/** The same event as Salon's, of the same size. */
function sent(room, socket, { id, body }) {
  const at = Date.now()
  const message = {
    id: newId(),
    n: ++room.n,
    key: id,
    author: socket.data.id,
    name: socket.data.name,
    body,
    at,
    edited_at: null,
    reply_to: null,
    mentions: [],
    reactions: [],
    pinned: false,
  }
  const data = { peer: null, peer_name: '', message }
  return { stream: 'room', seq: room.n, at, type: 'chat.sent', data }
}

io.on('connection', (socket) => {
  socket.on('join', ({ room: name, name: person }, answer) => {
    if (!rooms.has(name)) rooms.set(name, { name, n: 0 })
    socket.data = { id: newId(), name: person, room: rooms.get(name) }
    socket.join(name)
    answer({ ok: true, seqs: { room: socket.data.room.n } })
  })
  socket.on('chat.send', (message, answer) => {
    const { room } = socket.data
    const event = sent(room, socket, message)
    io.to(room.name).emit('event', event)
    answer({ ok: true, message: event.data.message.id, n: event.data.message.n })
  })
})

http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: http.address().port })))
process.stdin.on('end', () => process.exit(0)).resume()
