/*
 * load PORT salon|peer|bare [TEXT [SAMPLE]]
 *
 * Reads one order a line, and answers each, when it is done, with one line of JSON: what happened meanwhile.
 *
 *   connect FILE AT_ONCE               a connection for each line of FILE: auth <tab> group <tab> HTTP headers
 *   rate PER_SECOND SECONDS SENDERS    evenly spaced commands, from the first SENDERS connections in turn
 *   saturate SECONDS SENDERS EACH      each sender always has EACH commands on their way
 *   votes FILE SECONDS SENDERS         each sender votes once, evenly spaced; FILE has what to vote for, in turn
 *   watch EVENTS SECONDS               wait for so many events, at most so long
 *   settle MILLISECONDS                wait until no event has come for so long
 *   close                              close all connections
 *
 * rate and saturate end when every command is answered and every event of an acknowledged command has reached every
 * connection of its group; "complete" is false when that stood still for PATIENCE.
 *
 * TEXT is the size of a message's text in bytes. Delivery latency is taken on every SAMPLEth connection.
 */
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define PATIENCE (5 * SECOND)
#define READY 64
#define NAP 200000

Load load;

/* The order that is being carried out. */
static struct {
    char kind[16];
    uint64_t began, until, every, due, stepped, seen, quiet;
    uint32_t senders, turn, at_once, opened;
    uint64_t wanted;
    bool ending;
} phase;

static int timer;

static void sleep_until(uint64_t due) {
    struct itimerspec at = {.it_value = {.tv_sec = (time_t)(due / SECOND), .tv_nsec = (long)(due % SECOND)}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void read_people(const char *name) {
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    if (!file) {
        perror(name);
        exit(1);
    }
    load.count = 0;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        load.all = realloc(load.all, (load.count + 1) * sizeof *load.all);
        Connection *c = &load.all[load.count];
        *c = (Connection){.fd = -1, .index = load.count++};
        char *rest = line;
        c->auth = strdup(strsep(&rest, "\t"));
        c->group = rest ? (uint32_t)atoi(strsep(&rest, "\t")) : 0;
        c->headers = strdup(rest ? rest : "");
        if (c->group >= load.groups) {
            load.group_live = realloc(load.group_live, (c->group + 1) * sizeof *load.group_live);
            for (; load.groups <= c->group; load.groups++) load.group_live[load.groups] = 0;
        }
    }
    free(line);
    fclose(file);
}

static void close_all(void) {
    for (uint32_t i = 0; i < load.count; i++) {
        close_connection(&load.all[i]);
        free(load.all[i].auth);
        free(load.all[i].headers);
        free(load.all[i].sent_at);
    }
    load.count = 0;
}

static Connection *next_sender(void) {
    for (uint32_t tried = 0; tried < phase.senders; tried++) {
        Connection *c = &load.all[phase.turn++ % phase.senders];
        if (c->state == LIVE && c->outstanding < MAX_OUTSTANDING) return c;
    }
    return NULL;
}

/* Anything that moves; when nothing has for PATIENCE, the phase is given up. */
static uint64_t progress(void) {
    const Stats *s = &load.stats;
    return s->acked + s->delivered + s->sent + s->lost + s->turned_away + load.live;
}

static bool stands_still(uint64_t now) {
    if (progress() != phase.seen) {
        phase.seen = progress();
        phase.stepped = now;
    }
    return now - phase.stepped > PATIENCE;
}

static void finish(bool complete) {
    load.answer_with_next = false;
    sleep_until(0);
    print_report(phase.kind, (double)(now_ns() - phase.began) / SECOND, complete);
    phase.kind[0] = 0;
}

static void go_on_connecting(uint64_t now) {
    while (phase.opened < load.count && load.starting < phase.at_once) open_connection(&load.all[phase.opened++]);
    if (phase.opened == load.count && load.starting == 0) finish(true);
    else if (stands_still(now)) finish(false);
}

static void go_on_sending(uint64_t now) {
    if (!phase.ending && phase.every) {
        for (; phase.due <= now && phase.due < phase.until; phase.due += phase.every) {
            Connection *c = next_sender();
            if (c) send_command(c);
        }
        sleep_until(phase.due);
        phase.ending = phase.due >= phase.until;
    }
    if (!phase.ending && !phase.every && now >= phase.until) {
        phase.ending = true;
        load.answer_with_next = false;
    }
    if (phase.ending && load.outstanding == 0 && load.stats.delivered >= load.stats.expected) finish(true);
    else if (stands_still(now)) finish(false);
}

static void go_on(uint64_t now) {
    if (!strcmp(phase.kind, "connect")) go_on_connecting(now);
    else if (!strcmp(phase.kind, "rate") || !strcmp(phase.kind, "saturate") ||
             !strcmp(phase.kind, "votes"))
        go_on_sending(now);
    else if (!strcmp(phase.kind, "watch")) {
        if (load.stats.delivered >= phase.wanted || now >= phase.until) finish(load.stats.delivered >= phase.wanted);
    } else if (!strcmp(phase.kind, "settle")) {
        if (now - (load.last_event > phase.began ? load.last_event : phase.began) >= phase.quiet) finish(true);
    }
}

static bool take_order(char *line) {
    char kind[16], file[1024];
    double rate, seconds, amount;
    unsigned each;
    uint64_t now = now_ns();
    if (sscanf(line, "%15s", kind) != 1) return false;
    memset(&load.stats, 0, sizeof load.stats);
    memset(&phase, 0, sizeof phase);
    phase.began = phase.stepped = now;
    if (sscanf(line, "connect %1023s %u", file, &phase.at_once) == 2) {
        close_all();
        read_people(file);
    } else if (sscanf(line, "rate %lf %lf %u", &rate, &seconds, &phase.senders) == 3) {
        phase.every = (uint64_t)((double)SECOND / rate);
        phase.due = now + phase.every;
        phase.until = now + (uint64_t)(seconds * (double)SECOND);
    } else if (sscanf(line, "votes %1023s %lf %u", file, &seconds, &phase.senders) == 3) {
        if (!phase.senders || !read_votes(file)) return false;
        phase.every = (uint64_t)(seconds * (double)SECOND / phase.senders);
        phase.due = now + phase.every;
        phase.until = phase.due + phase.every * phase.senders - phase.every / 2;
    } else if (sscanf(line, "saturate %lf %u %u", &seconds, &phase.senders, &each) == 3) {
        phase.until = now + (uint64_t)(seconds * (double)SECOND);
        load.answer_with_next = true;
        for (unsigned i = 0; i < each * phase.senders; i++) {
            Connection *c = next_sender();
            if (c) send_command(c);
        }
    } else if (sscanf(line, "watch %lf %lf", &amount, &seconds) == 2) {
        phase.wanted = (uint64_t)amount;
        phase.until = now + (uint64_t)(seconds * (double)SECOND);
    } else if (sscanf(line, "settle %lf", &amount) == 1) {
        phase.quiet = (uint64_t)(amount * 1e6);
    } else if (!strcmp(kind, "close")) {
        close_all();
        strcpy(phase.kind, kind);
        finish(true);
        return true;
    } else {
        return false;
    }
    if (phase.senders > load.count) return false;
    strcpy(phase.kind, kind);
    go_on(now_ns());
    return true;
}

/*
 * Instead of sleeping until something comes: whoever sleeps on a socket of the same machine is woken by the server's
 * own `send`, at 1 to 3 microseconds of the server's time for each, which people on a network do not cost.
 */
static void nap(void) {
    struct timespec t = {.tv_nsec = NAP};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}

static void read_order(void) {
    char line[2048];
    size_t length = 0;
    while (length < sizeof line - 1 && read(0, line + length, 1) == 1 && line[length] != '\n') length++;
    line[length] = 0;
    if (length == 0) exit(0); /* whoever gave the orders is gone */
    if (!take_order(line)) {
        fprintf(stderr, "not an order: %s\n", line);
        exit(2);
    }
}

static void serve_ready(struct epoll_event *ready, int count) {
    for (int i = 0; i < count; i++) {
        Connection *c = ready[i].data.ptr;
        if (!c || c->state == CLOSED) continue;
        if (ready[i].events & EPOLLOUT) flush_out(c);
        if (ready[i].events & ~(uint32_t)EPOLLOUT) on_readable(c);
    }
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "load PORT salon|peer|bare [TEXT [SAMPLE]]\n");
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    load.port = atoi(argv[1]);
    load.dialect = !strcmp(argv[2], "bare") ? BARE : !strcmp(argv[2], "peer") ? PEER : SALON;
    load.text = argc > 3 ? (uint32_t)atoi(argv[3]) : 120;
    load.sample = argc > 4 && atoi(argv[4]) > 0 ? (uint32_t)atoi(argv[4]) : 1;
    load.poll = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event wake = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
    epoll_ctl(load.poll, EPOLL_CTL_ADD, timer, &wake);

    struct epoll_event ready[READY];
    struct epoll_event orders = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = &phase};
    epoll_ctl(load.poll, EPOLL_CTL_ADD, 0, &orders);
    bool awaited = true;
    for (;;) {
        int count = epoll_wait(load.poll, ready, READY, phase.kind[0] ? 0 : -1);
        if (count == 0 && phase.kind[0]) nap();
        bool asked = false;
        for (int i = 0; i < count; i++) asked |= ready[i].data.ptr == &phase;
        if (asked) {
            awaited = false;
            read_order(); /* it may free connections that are ready: those that are left are told again */
        } else {
            serve_ready(ready, count);
        }
        if (phase.kind[0]) go_on(now_ns());
        if (!phase.kind[0] && !awaited) {
            awaited = true;
            epoll_ctl(load.poll, EPOLL_CTL_MOD, 0, &orders);
        }
    }
}
