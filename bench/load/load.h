/* The load client: many Socket.IO connections on one thread. See main.c for how it is told what to do. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUB_BITS 6 /* a histogram is true to 1 in 64 */
#define BUCKETS (40 << SUB_BITS)
#define REFUSALS 16
#define MAX_OUTSTANDING 256 /* a power of two: commands of one connection that wait for an answer */
#define FRAME_LIMIT (16u << 20)

typedef struct {
    uint64_t counts[BUCKETS];
    uint64_t n, max;
} Histogram;

typedef struct {
    uint8_t *bytes;
    size_t length, room;
} Buffer;

/* What happened since the last report. Latencies are in microseconds. */
typedef struct {
    uint64_t sent, acked, delivered, expected, others, pings;
    uint64_t gaps, repeats, lost, turned_away, strange;
    uint64_t reads, bytes, frame_bytes, frame_min, frame_max;
    struct {
        char code[32];
        uint64_t count;
    } refused[REFUSALS];
    uint64_t tallies;       /* signals that say how a poll stands */
    Histogram ack, delivery, live;
} Stats;

typedef enum { SALON, PEER, BARE } Dialect;

typedef enum { CLOSED, UPGRADING, OPENING, CONNECTING, ARRIVING, LIVE } State;

typedef struct {
    int fd;
    State state;
    uint32_t index, group;
    char *auth, *headers;
    Buffer in, out;
    bool wants_out;
    int64_t seq;            /* the newest number of the room's stream that was seen; -1: not known */
    uint64_t began;         /* when the connection was opened */
    uint64_t next_id;       /* of acknowledgements; 0 is that of the joining */
    uint32_t outstanding;
    uint64_t *sent_at;      /* by acknowledgement id, in a ring */
} Connection;

typedef struct {
    Dialect dialect;
    int port, poll;
    uint32_t text;          /* bytes of text in a message */
    uint32_t sample;        /* delivery latency is measured on every so manieth connection */
    Connection *all;
    uint32_t count, live, starting;
    uint32_t *group_live;   /* live connections by group */
    uint32_t groups;
    uint64_t outstanding;
    uint64_t last_event;    /* when an event last arrived */
    bool answer_with_next;  /* each acknowledgement is followed by the next command at once */
    Stats stats;
} Load;

extern Load load;

/* votes.c: instead of messages, each connection votes once */
bool read_votes(const char *name);
bool votes(void);
int write_vote(const Connection *c, char *into, size_t room, const char *id);
bool note_final(const char *text, size_t length);
void print_finals(void);

/* measure.c */
uint64_t now_ns(void);
void note(Histogram *into, uint64_t microseconds);
uint64_t percentile(const Histogram *of, double part);
void print_report(const char *phase, double seconds, bool complete);

/* wire.c: TCP and websocket frames */
void reserve(Buffer *buffer, size_t more);
void open_connection(Connection *c);
void close_connection(Connection *c);
void on_readable(Connection *c);
void flush_out(Connection *c);
void send_raw(Connection *c, const void *bytes, size_t length);
void send_frame(Connection *c, int opcode, const char *payload, size_t length);

/* talk.c: Engine.IO and Socket.IO, as far as a load needs it */
void on_live(Connection *c);
void on_message(Connection *c, const char *text, size_t length);
void send_command(Connection *c);

#endif
