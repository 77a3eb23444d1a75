"""Socket.IO v5 over Engine.IO v4: the wire itself, without any knowledge of rooms.

Why it is our own is in ``docs/decisions/0006-own-engine.md``: a broadcast is framed once and written to each
connection's transport, and an idle connection has no task and no queue.

- :mod:`frames`: WebSocket frames (RFC 6455)
- :mod:`packets`: Socket.IO packets
- :mod:`session`: one client from handshake to end, whatever carries it
- :mod:`websocket` (with :mod:`handshake`), :mod:`polling`: the two transports
- :mod:`pace`: how fast a client may speak
- :mod:`http`: limits for requests and answers that uvicorn does not have
- :mod:`server`: all sessions, heartbeats and limits
"""
