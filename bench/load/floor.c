/*
 * floor FRAME
 *
 * The barest server there can be: it takes connections and writes frames of FRAME bytes, made beforehand, to each by
 * `send`. No protocol, no answers, no check of anything: what is left is what the kernel takes for the bytes.
 *
 * Prints its port, then reads one order a line and answers each with an empty object when it is done.
 *
 *   accept CONNECTIONS
 *   rate PER_SECOND SECONDS    evenly spaced events
 *   flood EVENTS JOINED        as fast as it goes, so many events in one `send`
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define SECOND 1000000000ull
#define MOST 20000
#define LONGEST 4096

static int sockets[MOST];
static int count;
static size_t frame;
static uint64_t seq;

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* One event as a websocket frame that is just so long, with its number and the time. */
static void write_frame(char *into) {
    size_t head = frame - 2 < 126 ? 2 : 4, size = frame - head;
    into[0] = (char)0x81;
    into[1] = (char)(head == 2 ? size : 126);
    if (head == 4) {
        into[2] = (char)(size >> 8);
        into[3] = (char)size;
    }
    char text[LONGEST];
    int used = snprintf(text, sizeof text,
                        "42[\"event\",{\"stream\":\"room\",\"seq\":%" PRIu64
                        ",\"at\":0,\"type\":\"chat.sent\",\"data\":{\"body\":\"t=%019" PRIu64 " ",
                        ++seq, now_ns());
    memset(text + used, '.', sizeof text - (size_t)used);
    memcpy(text + size - 4, "\"}}]", 4);
    memcpy(into + head, text, size);
}

static void send_to_all(const char *bytes, size_t length) {
    for (int i = 0; i < count; i++)
        for (size_t done = 0; done < length;) {
            ssize_t sent = send(sockets[i], bytes + done, length - done, MSG_NOSIGNAL);
            if (sent < 0) fail("send");
            done += (size_t)sent;
        }
}

static void accept_all(int listening, int wanted) {
    int yes = 1;
    for (count = 0; count < wanted; count++) {
        sockets[count] = accept(listening, NULL, NULL);
        if (sockets[count] < 0) fail("accept");
        setsockopt(sockets[count], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
}

static void at_a_rate(double rate, double seconds) {
    static char bytes[LONGEST];
    uint64_t every = (uint64_t)((double)SECOND / rate), began = now_ns(), due = began;
    for (due += every; due < began + (uint64_t)(seconds * (double)SECOND); due += every) {
        struct timespec at = {.tv_sec = (time_t)(due / SECOND), .tv_nsec = (long)(due % SECOND)};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        write_frame(bytes);
        send_to_all(bytes, frame);
    }
}

static void flood(uint64_t events, uint64_t joined) {
    char *bytes = malloc(frame * joined);
    if (!bytes) fail("malloc");
    for (uint64_t sent = 0; sent < events; sent += joined) {
        for (uint64_t i = 0; i < joined; i++) write_frame(bytes + i * frame);
        send_to_all(bytes, frame * joined);
    }
    free(bytes);
}

int main(int argc, char **argv) {
    frame = argc > 1 ? (size_t)atoi(argv[1]) : 0;
    if (frame < 200 || frame > LONGEST) {
        fprintf(stderr, "floor FRAME: 200 to %d bytes\n", LONGEST);
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t size = sizeof here;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    if (listening < 0 || bind(listening, (struct sockaddr *)&here, sizeof here) || listen(listening, 1024) ||
        getsockname(listening, (struct sockaddr *)&here, &size))
        fail("listen");
    printf("{\"port\":%d}\n", ntohs(here.sin_port));
    fflush(stdout);
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        double first, second;
        if (sscanf(line, "accept %lf", &first) == 1 && first <= MOST) accept_all(listening, (int)first);
        else if (sscanf(line, "rate %lf %lf", &first, &second) == 2) at_a_rate(first, second);
        else if (sscanf(line, "flood %lf %lf", &first, &second) == 2) flood((uint64_t)first, (uint64_t)second);
        else return 2;
        printf("{}\n");
        fflush(stdout);
    }
    return 0;
}
