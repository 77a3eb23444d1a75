/* Votes: each connection votes once, and keeps the totals of the closing to be compared with all others'. */
#define _GNU_SOURCE
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CHOICES 64
#define FIND(text, length, what) ((const char *)memmem(text, length, what, sizeof(what) - 1))

static char *choices[MOST_CHOICES];
static uint32_t count;

/* The totals of the first connection that was told, and how many were told the same, and others. */
static char *first;
static size_t first_length;
static uint64_t same, different;

bool votes(void) { return count > 0; }

/* What is between the braces of a vote, one a line; connections take them in turn. */
bool read_votes(const char *name) {
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    if (!file) return false;
    for (count = 0; count < MOST_CHOICES && (length = getline(&line, &room, file)) > 0; count++) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        free(choices[count]);
        choices[count] = strdup(line);
    }
    free(line);
    fclose(file);
    free(first);
    first = NULL;
    same = different = 0;
    return count > 0;
}

int write_vote(const Connection *c, char *into, size_t room, const char *id) {
    return snprintf(into, room, "42%" PRIu64 "[\"polls.vote\",{\"id\":\"%s\",%s}]", c->next_id, id,
                    choices[c->index % count]);
}

/* {…,"state":"closed",…,"tally":{…},"right":…}: true when this is the closing of the poll. */
bool note_final(const char *text, size_t length) {
    if (!votes() || !FIND(text, length, "\"state\":\"closed\"")) return false;
    const char *from = FIND(text, length, "\"tally\":{");
    const char *to = from ? FIND(from, (size_t)(text + length - from), ",\"right\":") : NULL;
    if (!to) return false;
    from += 8;
    size_t size = (size_t)(to - from);
    if (!first) {
        first = strndup(from, size);
        first_length = size;
    }
    if (size == first_length && memcmp(first, from, size) == 0) same++;
    else different++;
    return true;
}

void print_finals(void) {
    printf(",\"finals\":{\"same\":%" PRIu64 ",\"different\":%" PRIu64 ",\"tally\":%s}", same, different,
           first ? first : "null");
}
