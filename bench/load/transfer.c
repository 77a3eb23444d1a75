/*
 * transfer PORT
 *
 * Fetches and sends files over HTTP, on one thread, with as little work of its own as can be: what comes is read into
 * one piece of memory and forgotten, what goes is sent by the system. Reads one order a line, and answers each, when it
 * is done, with one line of JSON. HEAD is a file with the head of a request, as it goes over the wire.
 *
 *   get CONNECTIONS HEAD             each fetches once
 *   keep CONNECTIONS HEAD SECONDS RATE
 *                                    each fetches again and again, all together at most RATE bytes a second (0: as fast
 *                                    as it goes); at the end of the time they break off
 *   put HEAD BODY                    sends the file BODY behind the head
 *
 * "bytes" are those of bodies; "complete" counts the answers that came wholly, "refused" those with another status than
 * 200, 206 and 204.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define MOST 1000
#define PIECE (256 * 1024)
#define LONGEST 16384
#define PATIENCE_MS 60000
#define NAP_US 500

typedef struct {
    int fd;
    bool in_body;
    char head[LONGEST];
    size_t length;
    uint64_t left;
} Fetch;

static Fetch all[MOST];
static char piece[PIECE], request[LONGEST];
static size_t request_length;
static int port, ready;
static uint64_t bytes, complete, refused, least, most, begun_at[MOST];

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void read_request(const char *name) {
    FILE *file = fopen(name, "r");
    if (!file) fail(name);
    request_length = fread(request, 1, sizeof request, file);
    fclose(file);
}

static int connected(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
    return fd;
}

static void write_all(int fd, const char *from, size_t length) {
    while (length) {
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        from += sent;
        length -= (size_t)sent;
    }
}

static void begin(Fetch *f) {
    f->in_body = false;
    f->length = 0;
    begun_at[f - all] = now_ns();
    write_all(f->fd, request, request_length);
}

static void start(Fetch *f) {
    f->fd = connected();
    begin(f);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = f};
    if (epoll_ctl(ready, EPOLL_CTL_ADD, f->fd, &event) < 0) fail("epoll_ctl");
}

/* Returns the status once the head is here, or 0. What has come of the body is counted. */
static int take_head(Fetch *f) {
    ssize_t got = recv(f->fd, f->head + f->length, sizeof f->head - 1 - f->length, 0);
    if (got <= 0) return -1;
    f->length += (size_t)got;
    f->head[f->length] = 0;
    char *end = strstr(f->head, "\r\n\r\n");
    if (!end) return f->length < sizeof f->head - 1 ? 0 : -1;
    *end = 0;
    const char *size = strcasestr(f->head, "\r\ncontent-length:");
    f->left = size ? strtoull(size + 17, NULL, 10) : 0;
    size_t more = f->length - (size_t)(end + 4 - f->head);
    f->left -= more < f->left ? more : f->left;
    bytes += more;
    f->in_body = true;
    return atoi(f->head + 9);
}

/* Returns whether this answer is over, for good or ill. */
static bool go_on(Fetch *f) {
    if (!f->in_body) {
        int status = take_head(f);
        if (status == 0) return false;
        if (status != 200 && status != 206 && status != 204) {
            refused++;
            return true;
        }
    } else {
        size_t room = f->left < PIECE ? (size_t)f->left : PIECE;
        ssize_t got = recv(f->fd, piece, room, 0);
        if (got <= 0) return true;
        bytes += (uint64_t)got;
        f->left -= (uint64_t)got;
    }
    if (f->left) return false;
    complete++;
    uint64_t took = now_ns() - begun_at[f - all];
    if (took > most) most = took;
    if (took < least) least = took;
    return true;
}

static void report(const char *what, uint64_t began) {
    printf("{\"phase\":\"%s\",\"seconds\":%.6f,\"bytes\":%" PRIu64 ",\"complete\":%" PRIu64 ",\"refused\":%" PRIu64
           ",\"fastest\":%.6f,\"slowest\":%.6f}\n",
           what, (double)(now_ns() - began) / SECOND, bytes, complete, refused, complete ? (double)least / SECOND : 0,
           (double)most / SECOND);
    fflush(stdout);
}

/* Whether so many bytes have come that it is somebody else's turn. */
static bool is_ahead(uint64_t began, double rate) {
    return rate > 0 && (double)bytes > rate * (double)(now_ns() - began) / SECOND;
}

static void get(const char *what, int count, double seconds, double rate) {
    uint64_t began = now_ns(), until = began + (uint64_t)(seconds * SECOND);
    int busy = count;
    for (int at = 0; at < count; at++) start(&all[at]);
    while (busy && (!seconds || now_ns() < until)) {
        struct epoll_event events[64];
        if (is_ahead(began, rate)) {
            usleep(NAP_US);
            continue;
        }
        int found = epoll_wait(ready, events, 64, seconds ? 100 : PATIENCE_MS);
        if (found < 0 && errno != EINTR) fail("epoll_wait");
        if (found == 0 && !seconds) break;
        for (int at = 0; at < found; at++) {
            Fetch *f = events[at].data.ptr;
            if (!go_on(f)) continue;
            if (seconds && f->in_body && !f->left) {
                begin(f);
                continue;
            }
            close(f->fd);
            f->fd = -1;
            busy--;
        }
    }
    report(what, began);
    for (int at = 0; at < count; at++)
        if (all[at].fd >= 0) close(all[at].fd);
}

static void put(const char *name) {
    int file = open(name, O_RDONLY);
    struct stat about;
    if (file < 0 || fstat(file, &about) < 0) fail(name);
    Fetch *f = &all[0];
    uint64_t began = now_ns();
    f->fd = connected();
    begin(f);
    off_t at = 0;
    while (at < about.st_size)
        if (sendfile(f->fd, file, &at, (size_t)(about.st_size - at)) <= 0) break;
    while (!go_on(f)) {}
    bytes = (uint64_t)at;
    report("put", began);
    close(f->fd);
    close(file);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    port = atoi(argv[1]);
    ready = epoll_create1(0);
    char line[8192], head[4096], body[4096];
    while (fgets(line, sizeof line, stdin)) {
        int count = 0;
        double seconds = 0, rate = 0;
        bytes = complete = refused = most = 0;
        least = UINT64_MAX;
        if (sscanf(line, "get %d %4095s", &count, head) == 2 && count <= MOST) {
            read_request(head);
            get("get", count, 0, 0);
        } else if (sscanf(line, "keep %d %4095s %lf %lf", &count, head, &seconds, &rate) == 4 && count <= MOST) {
            read_request(head);
            get("keep", count, seconds, rate);
        } else if (sscanf(line, "put %4095s %4095s", head, body) == 2) {
            read_request(head);
            put(body);
        } else {
            fprintf(stderr, "not understood: %s", line);
            return 2;
        }
    }
    return 0;
}
