// A strict reader of HTML pages, for tests: every element is closed in its order, every attribute
// is quoted, nothing in text is markup by chance; and how hard its prose is to read.
#ifndef SMP_HTML_H
#define SMP_HTML_H

#include "harness.h"

#include <ctype.h>

enum { HTML_DEPTH = 64, HTML_NAME = 32 };

static inline bool html_is_void(const char *name)
{
    static const char *const names[] = { "meta", "img", "br", "path", "rect" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

// Reads a tag at '<': its name, and where it ends. An SVG element may close itself.
static inline const char *html_tag(const char *at, char name[HTML_NAME], bool *closed)
{
    size_t length = 0;
    for (at++; isalnum((unsigned char)*at); at++) {
        ck_assert_uint_lt(length, HTML_NAME - 1);
        name[length++] = *at;
    }
    name[length] = 0;
    ck_assert_msg(length > 0, "a bare < stands before: %.40s", at);
    while (*at == ' ') {
        const char *begin = ++at;
        while (isalnum((unsigned char)*at) || *at == '-')
            at++;
        ck_assert_msg(at > begin, "<%s> has a nameless attribute: %.40s", name, begin);
        if (*at != '=')
            continue; // a flag
        ck_assert_msg(at[1] == '"', "<%s> has an attribute without quotes: %.40s", name, begin);
        for (at += 2; *at != '"'; at++)
            ck_assert_msg(*at && *at != '<' && *at != '>', "<%s> has an open attribute: %.40s",
                          name, begin);
        at++;
    }
    *closed = *at == '/';
    at += *closed;
    ck_assert_msg(*at == '>', "<%s> does not end: %.40s", name, at);
    return at + 1;
}

static inline const char *html_entity(const char *at)
{
    static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strncmp(at, known[i], strlen(known[i])) == 0)
            return at + strlen(known[i]);
    }
    ck_abort_msg("a bare & stands before: %.40s", at);
    return at;
}

static inline const char *html_end_tag(const char *at, char open[HTML_DEPTH][HTML_NAME],
                                       size_t *depth)
{
    char name[HTML_NAME] = "";
    ck_assert_int_eq(sscanf(at, "</%31[a-z0-9]>", name), 1);
    ck_assert_msg(*depth > 0 && strcmp(open[*depth - 1], name) == 0, "</%s> closes <%s>: %.60s",
                  name, *depth ? open[*depth - 1] : "nothing", at);
    --*depth;
    return strchr(at, '>') + 1;
}

static inline void html_is_well_formed(const char *page)
{
    static const char doctype[] = "<!DOCTYPE html>\n";
    char open[HTML_DEPTH][HTML_NAME];
    size_t depth = 0;
    ck_assert(strncmp(page, doctype, strlen(doctype)) == 0);
    const char *at = page + strlen(doctype);
    while (*at) {
        bool closed = false;
        if (*at == '&') {
            at = html_entity(at);
        } else if (*at == '>') {
            ck_abort_msg("a bare > stands before: %.40s", at);
        } else if (strncmp(at, "</", 2) == 0) {
            at = html_end_tag(at, open, &depth);
        } else if (*at == '<') {
            ck_assert_uint_lt(depth, HTML_DEPTH);
            at = html_tag(at, open[depth], &closed);
            if (strcmp(open[depth], "style") == 0) {
                at = strstr(at, "</style>");
                ck_assert_ptr_nonnull(at);
            }
            depth += !closed && !html_is_void(open[depth]);
        } else {
            at++;
        }
    }
    ck_assert_msg(depth == 0, "<%s> is never closed", depth ? open[depth - 1] : "");
}

// Nothing is fetched, nothing runs.
static inline void html_is_alone(const char *page)
{
    static const char *const banned[] = {
        "http:",  "https:", "<script", "<link", "<iframe", "@import", "url(",       "<object",
        "<embed", "srcset", "onload",  "<base", "<form",   "src=\"/", "javascript:"
    };
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        ck_assert_msg(strstr(page, banned[i]) == NULL, "the page holds %s", banned[i]);
    for (const char *at = page; (at = strstr(at, "src=\"")) != NULL; at++)
        ck_assert(strncmp(at, "src=\"data:image/jpeg;base64,", 28) == 0);
    for (const char *at = page; (at = strstr(at, "href=\"")) != NULL; at++)
        ck_assert_int_eq(at[6], '#');
}

// Links lead to what is there, and no id stands twice.
static inline void html_ids_agree(const char *page)
{
    for (const char *at = page; (at = strstr(at, " id=\"")) != NULL; at++) {
        char id[80];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 5, "\"") + 6, at);
        ck_assert_msg(strstr(at + 1, id) == NULL, "%s stands twice", id);
    }
    for (const char *at = page; (at = strstr(at, "href=\"#")) != NULL; at++) {
        char id[80];
        snprintf(id, sizeof id, " id=\"%.*s\"", (int)strcspn(at + 7, "\""), at + 7);
        ck_assert_msg(strstr(page, id) != NULL, "nothing has%s", id);
    }
}

static inline size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        count++;
    return count;
}

// ---- Reading level ------------------------------------------------------------------------------

struct prose {
    double words, sentences, syllables;
};

static inline int syllables_of(const char *word, size_t length)
{
    int count = 0;
    bool before = false;
    for (size_t i = 0; i < length; i++) {
        const bool vowel = strchr("aeiouy", tolower((unsigned char)word[i])) != NULL;
        count += vowel && !before;
        before = vowel;
    }
    const bool silent = length > 2 && tolower((unsigned char)word[length - 1]) == 'e' &&
                        tolower((unsigned char)word[length - 2]) != 'l';
    count -= silent && count > 1;
    return count > 1 ? count : 1;
}

// Counts a text up to the end tag of its element; numbers and what stands in tags do not count.
static inline void read_prose(struct prose *prose, const char *text, const char *end)
{
    double words = 0, sentences = 0;
    bool open = false;
    for (const char *at = text; at < end;) {
        if (*at == '<') {
            at = strchr(at, '>') + 1;
        } else if (*at == '&') {
            at = strchr(at, ';') + 1;
        } else if (isalpha((unsigned char)*at)) {
            const char *begin = at;
            while (isalpha((unsigned char)*at) || *at == '-')
                at++;
            words++;
            open = true;
            prose->syllables += syllables_of(begin, (size_t)(at - begin));
        } else {
            if (open && strchr(".!?:;", *at) && !isdigit((unsigned char)at[1])) {
                sentences++;
                open = false;
            }
            at++;
        }
    }
    sentences += open;
    if (words >= 4) { // not a label
        prose->words += words;
        prose->sentences += sentences;
    }
}

// Whether an element's text has been read before: what is said of every option counts once.
static inline bool said_before(const char *page, const char *begin, const char *end)
{
    const size_t length = (size_t)(end - begin);
    char *text = malloc(length + 1);
    memcpy(text, begin, length);
    text[length] = 0;
    const bool before = strstr(page, text) < begin;
    free(text);
    return before;
}

// Flesch and Kincaid's grade (1975).
static inline double grade_of(const struct prose *prose)
{
    return 0.39 * prose->words / prose->sentences + 11.8 * prose->syllables / prose->words - 15.59;
}

// The grade of the paragraphs, captions and list items of a page: what is
// read as sentences.
static inline double reading_grade(const char *page)
{
    static const struct {
        const char *open, *close;
    } kinds[] = { { "<p>", "</p>" },
                  { "<p class=\"care\">", "</p>" },
                  { "<p class=\"small\">", "</p>" },
                  { "<caption>", "</caption>" },
                  { "<li>", "</li>" } };
    struct prose prose = { 0 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (const char *at = page; (at = strstr(at, kinds[i].open)) != NULL; at++) {
            const char *begin = at + strlen(kinds[i].open), *end = strstr(begin, kinds[i].close);
            if (!said_before(page, begin, end))
                read_prose(&prose, begin, end);
        }
    }
    ck_assert_msg(prose.words > 150, "only %.0f words", prose.words);
    return grade_of(&prose);
}

#endif
