/* TCP and websocket frames of the load client. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TEXT = 1, BYE = 8, PING = 9, PONG = 10 };

static uint8_t taken[1 << 18]; /* what one read brings, for whichever connection is read */

void reserve(Buffer *buffer, size_t more) {
    if (buffer->length + more <= buffer->room) return;
    size_t room = buffer->room ? buffer->room : 1024;
    while (room < buffer->length + more) room *= 2;
    buffer->bytes = realloc(buffer->bytes, room);
    if (!buffer->bytes) abort();
    buffer->room = room;
}

static void append(Buffer *buffer, const void *bytes, size_t length) {
    reserve(buffer, length);
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static void release(Buffer *buffer) {
    free(buffer->bytes);
    *buffer = (Buffer){0};
}

static void listen_to(Connection *c, int operation) {
    struct epoll_event event = {.events = EPOLLIN | (c->wants_out ? EPOLLOUT : 0), .data.ptr = c};
    if (epoll_ctl(load.poll, operation, c->fd, &event)) {
        perror("epoll_ctl");
        exit(1);
    }
}

void send_raw(Connection *c, const void *bytes, size_t length) {
    if (c->state == CLOSED) return;
    ssize_t done = 0;
    if (c->out.length == 0) {
        done = send(c->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (done < 0) done = 0; /* a broken connection is told by the next read */
    }
    if ((size_t)done < length) append(&c->out, (const uint8_t *)bytes + done, length - (size_t)done);
    if (c->out.length && !c->wants_out) {
        c->wants_out = true;
        listen_to(c, EPOLL_CTL_MOD);
    }
}

void flush_out(Connection *c) {
    ssize_t done = send(c->fd, c->out.bytes, c->out.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done > 0) {
        c->out.length -= (size_t)done;
        memmove(c->out.bytes, c->out.bytes + done, c->out.length);
    }
    if (c->out.length == 0) {
        c->wants_out = false;
        listen_to(c, EPOLL_CTL_MOD);
    }
}

/* Frames of a client are masked; a mask of its own for each, as a browser's. */
void send_frame(Connection *c, int opcode, const char *payload, size_t length) {
    static uint32_t mask = 0x9e3779b9;
    uint8_t frame[4096];
    if (length + 8 > sizeof frame) abort();
    size_t at = 2;
    frame[0] = (uint8_t)(0x80 | opcode);
    frame[1] = (uint8_t)(0x80 | (length < 126 ? length : 126));
    if (length >= 126) {
        frame[at++] = (uint8_t)(length >> 8);
        frame[at++] = (uint8_t)length;
    }
    mask = mask * 1664525 + 1013904223;
    uint8_t key[4];
    memcpy(key, &mask, 4);
    memcpy(frame + at, key, 4);
    at += 4;
    for (size_t i = 0; i < length; i++) frame[at + i] = (uint8_t)payload[i] ^ key[i & 3];
    send_raw(c, frame, at + length);
}

void open_connection(Connection *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to)) {
        perror("connect");
        exit(1);
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    c->state = UPGRADING;
    c->began = now_ns();
    c->seq = -1;
    c->next_id = 1;
    c->outstanding = 0;
    load.starting++;
    listen_to(c, EPOLL_CTL_ADD);
    if (load.dialect == BARE) {
        on_live(c);
        return;
    }
    char request[4096];
    int length = snprintf(request, sizeof request,
                          "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                          "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n%s%s\r\n",
                          load.port, c->headers, *c->headers ? "\r\n" : "");
    if (length < 0 || (size_t)length >= sizeof request) abort();
    send_raw(c, request, (size_t)length);
}

void close_connection(Connection *c) {
    if (c->state == CLOSED) return;
    if (c->state == LIVE) {
        load.live--;
        load.group_live[c->group]--;
    } else {
        load.starting--;
    }
    load.outstanding -= c->outstanding;
    c->outstanding = 0;
    c->state = CLOSED;
    c->wants_out = false;
    close(c->fd);
    release(&c->in);
    release(&c->out);
}

/* The answer to the upgrade request. Returns how many bytes it took, 0 when it is not whole yet. */
static size_t take_upgrade(Connection *c, const uint8_t *bytes, size_t length) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (length < 12 || memcmp(bytes, "HTTP/1.1 101", 12) != 0) {
        load.stats.turned_away++;
        close_connection(c);
        return length;
    }
    c->state = OPENING;
    return (size_t)(end + 4 - (const char *)bytes);
}

/* One frame. Returns how many bytes it took, 0 when it is not whole yet. */
static size_t take_frame(Connection *c, const uint8_t *bytes, size_t length) {
    if (length < 2) return 0;
    size_t head = 2, size = bytes[1] & 127;
    if (size == 126) {
        if (length < 4) return 0;
        size = (size_t)bytes[2] << 8 | bytes[3];
        head = 4;
    } else if (size == 127) {
        if (length < 10) return 0;
        size = 0;
        for (int i = 2; i < 10; i++) size = size << 8 | bytes[i];
        head = 10;
    }
    bool plain = (bytes[0] & 0xf0) == 0x80 && !(bytes[1] & 0x80); /* whole, not masked, not compressed */
    if (!plain || size > FRAME_LIMIT) {
        load.stats.strange++;
        load.stats.lost++;
        close_connection(c);
        return length;
    }
    if (length < head + size) {
        reserve(&c->in, head + size);
        return 0;
    }
    int opcode = bytes[0] & 15;
    const char *payload = (const char *)bytes + head;
    if (opcode == TEXT) {
        on_message(c, payload, size);
    } else if (opcode == PING) {
        send_frame(c, PONG, payload, size);
    } else if (opcode == BYE) {
        load.stats.lost++;
        close_connection(c);
    } else if (opcode != PONG) {
        load.stats.strange++;
    }
    return head + size;
}

/* Takes all whole frames. Returns how many bytes they were. */
static size_t take_all(Connection *c, const uint8_t *bytes, size_t length) {
    size_t at = 0;
    while (at < length && c->state != CLOSED) {
        size_t took = c->state == UPGRADING && load.dialect != BARE ? take_upgrade(c, bytes + at, length - at)
                                                                    : take_frame(c, bytes + at, length - at);
        if (took == 0) break;
        at += took;
    }
    return at;
}

void on_readable(Connection *c) {
    ssize_t got = recv(c->fd, taken, sizeof taken, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        load.stats.lost++;
        close_connection(c);
        return;
    }
    load.stats.reads++;
    load.stats.bytes += (uint64_t)got;
    if (c->in.length == 0) { /* the usual case: whole frames, taken where they lie */
        size_t at = take_all(c, taken, (size_t)got);
        if (c->state != CLOSED && at < (size_t)got) append(&c->in, taken + at, (size_t)got - at);
        return;
    }
    append(&c->in, taken, (size_t)got);
    size_t at = take_all(c, c->in.bytes, c->in.length);
    if (c->state == CLOSED) return;
    c->in.length -= at;
    memmove(c->in.bytes, c->in.bytes + at, c->in.length);
    if (c->in.length == 0 && c->in.room > (1 << 14)) release(&c->in);
}
