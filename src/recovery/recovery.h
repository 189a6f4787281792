// The client's own calendar after sessions, an operation or a first dose: what is felt and seen,
// what to avoid and for how long, and when to come again; for every option, so that "little
// downtime" can be compared. Each line of data/recovery.json has source and grade.
//
// Pure. General information, not medical advice: what technician and surgeon say comes first.
#ifndef SMP_RECOVERY_H
#define SMP_RECOVERY_H

#include "choice/choice.h"

#define SMP_RECOVERY_KINDS(X)                                                                      \
    X(SMP_RECOVERY_EXPECT, "expect") /* what is felt or seen */                                    \
    X(SMP_RECOVERY_AVOID, "avoid")                                                                 \
    X(SMP_RECOVERY_CARE, "care") /* what to do */                                                  \
    X(SMP_RECOVERY_DATE, "date") /* an appointment, a day to judge */
#define SMP_RECOVERY_TOPICS(X)                                                                     \
    X(SMP_REC_WORK, "work", "off work")                                                            \
    X(SMP_REC_LOOK, "look", "seen by others")                                                      \
    X(SMP_REC_SWEAT, "sweat", "no gym")                                                            \
    X(SMP_REC_WATER, "water", "no swimming or sauna")                                              \
    X(SMP_REC_SUN, "sun", "no sun")                                                                \
    X(SMP_REC_SHAVE, "shave", "no shaving")                                                        \
    X(SMP_REC_REST, "rest", "") /* and all that is not compared */
#define SMP_RECOVERY_ENUM(name, text) name,
#define SMP_RECOVERY_TOPIC_ENUM(name, text, words) name,
enum smp_recovery_kind { SMP_RECOVERY_KINDS(SMP_RECOVERY_ENUM) SMP_RECOVERY_KIND_COUNT };
enum smp_recovery_topic { SMP_RECOVERY_TOPICS(SMP_RECOVERY_TOPIC_ENUM) SMP_RECOVERY_TOPIC_COUNT };
enum smp_recovery_after { SMP_AFTER_EACH, SMP_AFTER_FIRST, SMP_AFTER_LAST, SMP_AFTER_NEXT };
enum smp_recovery_unit { SMP_IN_DAYS, SMP_IN_WEEKS, SMP_IN_MONTHS };
extern const char *const smp_recovery_kind_names[];  // NULL-ended
extern const char *const smp_recovery_topic_names[]; // NULL-ended
extern const char *const smp_recovery_topic_words[]; // what is counted in a downtime

struct smp_recovery_line {
    enum smp_choice choice; // a single option
    const char *id;         // unique of its option
    enum smp_recovery_kind kind;
    enum smp_recovery_topic topic;
    enum smp_recovery_after after; // NEXT: after a session that has no later one yet
    enum smp_recovery_unit unit;
    int from[2], until[2]; // earliest and latest begin and last day; until[0] < 0: goes on
    const char *what, *source;
    char grade; // as of figures
};
struct smp_recovery {
    const struct smp_recovery_line *lines;
    size_t count;
};
// Errors and folder as of rules; a file of one's own must hold every built-in line.
enum smp_code smp_recovery_read(struct smp_recovery *made, const char *file, const char *text,
                                size_t length, struct smp_arena *arena, struct smp_err *err);
enum smp_code smp_recovery_load(struct smp_recovery *made, const char *folder,
                                struct smp_arena *arena, struct smp_err *err);
// The single options that an option is made of: parts[0], and parts[1] where 2 is returned. Of
// smp+medication only SMP: the medication has its own name.
size_t smp_recovery_parts(enum smp_choice parts[2], enum smp_choice choice);
// Days after one session, operation or first dose until the last line of that topic ends, from the
// lowest to the highest of the sources; 0, 0 where there is none.
struct smp_downtime {
    int low_days, high_days;
};
struct smp_downtime smp_recovery_downtime(const struct smp_recovery *recovery,
                                          enum smp_choice choice, enum smp_recovery_topic topic);

struct smp_calendar_entry {
    const struct smp_recovery_line *line;
    size_t session; // from 1, of its option
    int from[2];    // days since 1970-01-01
    int until[2];   // the last days; until[0] INT_MAX: goes on
    const char *what;
};
struct smp_calendar {
    const struct smp_calendar_entry *entries; // in the order of their days, then of options
    size_t count;
    enum smp_choice choices[SMP_CHOICE_COUNT]; // single options, in the order asked for
    size_t choice_count;
    struct smp_downtime downtimes[SMP_CHOICE_COUNT][SMP_RECOVERY_TOPIC_COUNT]; // by choice
    int first, last;          // first session, last day of all that ends
    const char *const *notes; // sessions too close, what was not known
    size_t note_count;
    const char *title; // "" or the case's
};
enum { SMP_DATES_MAX = 12 };
struct smp_calendar_params {
    const struct smp_recovery *recovery;
    const enum smp_choice *choices;
    size_t choice_count;
    const struct smp_date *dates; // of sessions, rising; of SMP with surgery the first is surgery's
    size_t date_count;
    int sessions; // of SMP in all, 0: not known
    const char *title;
};
// Errors: SMP_E_INPUT (no date, too many, not rising), SMP_E_NOMEM.
enum smp_code smp_calendar_make(struct smp_calendar *made, const struct smp_calendar_params *params,
                                struct smp_arena *arena, struct smp_err *err);
enum smp_calendar_form { SMP_CALENDAR_TEXT, SMP_CALENDAR_JSON, SMP_CALENDAR_ICS, SMP_CALENDAR_SVG };
// The same calendar gives the same bytes. Errors: SMP_E_NOMEM.
enum smp_code smp_calendar_write(struct smp_bytes *bytes, const struct smp_calendar *calendar,
                                 enum smp_calendar_form form, struct smp_arena *arena,
                                 struct smp_err *err);

#endif
