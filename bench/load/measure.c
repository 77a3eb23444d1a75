/* Time, histograms, and the report of a phase as one line of JSON. */
#define _GNU_SOURCE
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Values below 64 have a bucket each; above, each doubling is cut into 64 equal parts. */
static uint32_t bucket_of(uint64_t value) {
    if (value < (1u << SUB_BITS)) return (uint32_t)value;
    uint32_t shift = 63 - (uint32_t)__builtin_clzll(value) - SUB_BITS;
    uint32_t bucket = ((shift + 1) << SUB_BITS) + (uint32_t)((value >> shift) & ((1u << SUB_BITS) - 1));
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t value_of(uint32_t bucket) {
    uint32_t shift = bucket >> SUB_BITS;
    uint64_t part = bucket & ((1u << SUB_BITS) - 1);
    return shift == 0 ? part : (part + (1u << SUB_BITS)) << (shift - 1);
}

void note(Histogram *into, uint64_t microseconds) {
    into->counts[bucket_of(microseconds)]++;
    into->n++;
    if (microseconds > into->max) into->max = microseconds;
}

uint64_t percentile(const Histogram *of, double part) {
    uint64_t wanted = (uint64_t)((double)of->n * part), passed = 0;
    for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
        passed += of->counts[bucket];
        if (passed > wanted) return value_of(bucket);
    }
    return of->max;
}

static void print_histogram(const char *name, const Histogram *of) {
    printf(",\"%s\":{\"n\":%" PRIu64 ",\"p50\":%" PRIu64 ",\"p90\":%" PRIu64 ",\"p99\":%" PRIu64 ",\"max\":%" PRIu64 "}",
           name, of->n, percentile(of, 0.5), percentile(of, 0.9), percentile(of, 0.99), of->max);
}

static void print_count(const char *name, uint64_t value) { printf(",\"%s\":%" PRIu64, name, value); }

void print_report(const char *phase, double seconds, bool complete) {
    const Stats *s = &load.stats;
    printf("{\"phase\":\"%s\",\"seconds\":%.6f,\"complete\":%s", phase, seconds, complete ? "true" : "false");
    print_count("live", load.live);
    print_count("sent", s->sent);
    print_count("acked", s->acked);
    print_count("delivered", s->delivered);
    print_count("expected", s->expected);
    print_count("others", s->others);
    print_count("pings", s->pings);
    print_count("gaps", s->gaps);
    print_count("repeats", s->repeats);
    print_count("lost", s->lost);
    print_count("turned_away", s->turned_away);
    print_count("strange", s->strange);
    print_count("tallies", s->tallies);
    print_finals();
    print_count("reads", s->reads);
    print_count("bytes", s->bytes);
    print_count("frame_bytes", s->frame_bytes);
    print_count("frame_min", s->frame_min);
    print_count("frame_max", s->frame_max);
    print_histogram("ack_us", &s->ack);
    print_histogram("delivery_us", &s->delivery);
    print_histogram("live_us", &s->live);
    printf(",\"refused\":{");
    for (int i = 0; i < REFUSALS && s->refused[i].count; i++)
        printf("%s\"%s\":%" PRIu64, i ? "," : "", s->refused[i].code, s->refused[i].count);
    printf("}}\n");
    fflush(stdout);
}
