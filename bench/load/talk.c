/* Engine.IO 4 and Socket.IO 5, as far as a load needs it: texts are searched, not parsed. */
#define _GNU_SOURCE
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STARTS(text, length, with) ((length) >= sizeof(with) - 1 && memcmp(text, with, sizeof(with) - 1) == 0)
#define FIND(text, length, what) ((const char *)memmem(text, length, what, sizeof(what) - 1))

/* Ids of commands are never used twice, also not by the next run against the same data. */
static uint32_t salt(void) {
    static uint32_t value = 0;
    if (!value) {
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        value = (uint32_t)(t.tv_nsec ^ t.tv_sec << 20) | 1;
    }
    return value;
}

static void say(Connection *c, const char *text, size_t length) { send_frame(c, 1, text, length); }

void on_live(Connection *c) {
    if (c->state == LIVE) return;
    c->state = LIVE;
    load.starting--;
    load.live++;
    load.group_live[c->group]++;
    note(&load.stats.live, (now_ns() - c->began) / 1000);
}

static void join(Connection *c) {
    char text[256];
    int length;
    if (load.dialect == SALON)
        length = snprintf(text, sizeof text, "420[\"people.join\",{\"id\":\"join-%08" PRIx32 "-%04" PRIu32 "\",\"name\":\"Person %04" PRIu32 "\"}]",
                          salt(), c->index, c->index);
    else
        length = snprintf(text, sizeof text, "420[\"join\",{\"room\":\"room-%" PRIu32 "\",\"name\":\"Person %04" PRIu32 "\"}]",
                          c->group, c->index);
    say(c, text, (size_t)length);
}

/* `chat.send` with a text that begins with the time, by which every receiver knows how long it took. */
void send_command(Connection *c) {
    static const char filler[] = "and so it goes on, a sentence as people write it, neither short nor long; ";
    static uint64_t commands = 0;
    char text[2048], body[1024];
    uint64_t now = now_ns();
    size_t used = (size_t)snprintf(body, sizeof body, "t=%019" PRIu64 " ", now);
    while (used < load.text && used < sizeof body - 1) {
        body[used] = filler[used % (sizeof filler - 1)];
        used++;
    }
    if (body[used - 1] == ' ') body[used - 1] = '.'; /* a text is trimmed */
    body[used] = 0;
    char id[32];
    snprintf(id, sizeof id, "%08" PRIx32 "-%012" PRIu64, salt(), ++commands);
    int length = votes() ? write_vote(c, text, sizeof text, id) : snprintf(text, sizeof text, "42%" PRIu64 "[\"chat.send\",{\"id\":\"%s\",\"body\":\"%s\"}]",
                          c->next_id, id, body);
    if (!c->sent_at) c->sent_at = calloc(MAX_OUTSTANDING, sizeof *c->sent_at);
    c->sent_at[c->next_id % MAX_OUTSTANDING] = now;
    c->next_id++;
    c->outstanding++;
    load.outstanding++;
    load.stats.sent++;
    say(c, text, (size_t)length);
}

static void note_refusal(const char *text, size_t length) {
    char code[32] = "unknown";
    const char *found = FIND(text, length, "\"code\":\"");
    if (found) {
        const char *from = found + 8, *end = memchr(from, '"', (size_t)(text + length - from));
        if (end && (size_t)(end - from) < sizeof code) {
            memcpy(code, from, (size_t)(end - from));
            code[end - from] = 0;
        }
    }
    for (int i = 0; i < REFUSALS; i++) {
        if (load.stats.refused[i].count && strcmp(load.stats.refused[i].code, code) != 0) continue;
        strcpy(load.stats.refused[i].code, code);
        load.stats.refused[i].count++;
        return;
    }
}

/* A new beginning: {…,"seqs":{…,"room":7,…}} says from where on the numbers must follow one another. */
static void note_seqs(Connection *c, const char *text, size_t length) {
    const char *seqs = FIND(text, length, "\"seqs\":{");
    const char *room = seqs ? FIND(seqs, (size_t)(text + length - seqs), "\"room\":") : NULL;
    c->seq = room ? strtoll(room + 7, NULL, 10) : -1;
}

static void on_ack(Connection *c, const char *text, size_t length) {
    char *rest;
    uint64_t id = strtoull(text, &rest, 10);
    length -= (size_t)(rest - text);
    bool ok = FIND(rest, length, "\"ok\":true") != NULL;
    if (!ok) note_refusal(rest, length);
    if (id == 0) {
        if (ok && load.dialect == PEER) {
            note_seqs(c, rest, length);
            on_live(c);
        }
        return;
    }
    if (c->outstanding == 0) {
        load.stats.strange++;
        return;
    }
    c->outstanding--;
    load.outstanding--;
    if (ok) {
        load.stats.acked++;
        if (!votes()) load.stats.expected += load.group_live[c->group];
        note(&load.stats.ack, (now_ns() - c->sent_at[id % MAX_OUTSTANDING]) / 1000);
    }
    if (load.answer_with_next) send_command(c);
}

/* 42["event",{"stream":"room","seq":41,"at":…,"type":"chat.sent","data":…}] */
static void on_event(Connection *c, const char *text, size_t length) {
    size_t head = length < 160 ? length : 160;
    if (!FIND(text, head, "\"stream\":\"room\"")) {
        load.stats.others++;
        return;
    }
    const char *seq = FIND(text, head, "\"seq\":");
    int64_t number = seq ? strtoll(seq + 6, NULL, 10) : -1;
    if (c->seq >= 0 && number <= c->seq) load.stats.repeats++;
    if (c->seq >= 0 && number > c->seq + 1) load.stats.gaps++;
    if (number > c->seq) c->seq = number;
    if (!FIND(text, head, "\"chat.sent\"")) {
        if (FIND(text, head, "\"polls.changed\"") && note_final(text, length)) load.stats.delivered++;
        else load.stats.others++;
        return;
    }
    Stats *s = &load.stats;
    s->delivered++;
    uint64_t payload = length + 1, bytes = payload + (payload < 126 ? 2 : payload < 65536 ? 4 : 10); /* with the "4" */
    s->frame_bytes += bytes;
    if (!s->frame_min || bytes < s->frame_min) s->frame_min = bytes;
    if (bytes > s->frame_max) s->frame_max = bytes;
    if (c->index % load.sample == 0) {
        const char *body = FIND(text, length, "\"body\":\"t=");
        if (body) note(&s->delivery, (now_ns() - strtoull(body + 10, NULL, 10)) / 1000);
    }
}

static void on_socketio(Connection *c, const char *text, size_t length) {
    if (STARTS(text, length, "2[\"event\",")) {
        load.last_event = now_ns();
        on_event(c, text, length);
    } else if (STARTS(text, length, "2[\"signal\",{\"type\":\"polls.tally\"")) {
        load.stats.tallies++;
    } else if (STARTS(text, length, "3")) {
        on_ack(c, text + 1, length - 1);
    } else if (STARTS(text, length, "2[\"lobby\",")) {
        join(c);
    } else if (STARTS(text, length, "2[\"snapshot\",")) {
        note_seqs(c, text, length);
        on_live(c);
    } else if (STARTS(text, length, "0")) {
        c->state = ARRIVING;
        if (load.dialect == PEER) join(c);
    } else if (STARTS(text, length, "4")) {
        note_refusal(text, length);
        load.stats.turned_away++;
        close_connection(c);
    } else if (STARTS(text, length, "1")) {
        load.stats.lost++;
        close_connection(c);
    } else {
        load.stats.others++;
    }
}

/* The text has a bracket, comma or quote after each number, and thus strtoll an end, before its own. */
void on_message(Connection *c, const char *text, size_t length) {
    if (length == 0) {
        load.stats.strange++;
    } else if (text[0] == '4') {
        on_socketio(c, text + 1, length - 1);
    } else if (text[0] == '2') {
        load.stats.pings++;
        say(c, "3", 1);
    } else if (text[0] == '0' && c->state == OPENING) {
        char connect[1024];
        int size = snprintf(connect, sizeof connect, "40%s", c->auth);
        c->state = CONNECTING;
        say(c, connect, (size_t)size);
    } else {
        load.stats.strange++;
    }
}
