// The editable numbers of data/: every one is read by name, none may be absent or unknown.
#include "plan/plan_impl.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// Where a named number of the files goes.
struct slot {
    char name[72];
    double *value;             // of a bare number
    struct smp_number *number; // of one that keeps its source
    const char **text;         // of a name
    double hard_min, hard_max; // what the program can work with, whatever the file allows
    bool filled;
};

struct slots {
    struct slot *rows;
    size_t count;
};
enum { slots_max = 240, file_bytes_max = 1 << 20 };

static struct slot *add(struct slots *slots, const char *group, const char *name,
                        const char *member)
{
    struct slot *slot = &slots->rows[slots->count++];
    snprintf(slot->name, sizeof slot->name, "%s%s%s%s%s", group, *group && *name ? "." : "", name,
             *member ? "." : "", member);
    slot->hard_min = -1e9;
    slot->hard_max = 1e9;
    return slot;
}

static void add_field(struct slots *slots, const char *group, const char *name,
                      const struct smp_field *field, void *params)
{
    struct slot *slot = add(slots, group, name, field->name);
    slot->value = (double *)(void *)((char *)params + field->offset);
    slot->hard_min = field->min;
    slot->hard_max = field->max;
}

static void add_needles(struct slots *slots, struct smp_settings *settings)
{
    for (enum smp_zone zone = SMP_ZONE_HAIRLINE; zone < SMP_ZONE_COUNT; zone++) {
        struct smp_needle *needle = &settings->needles[zone];
        const char *name = smp_zone_name(zone);
        add(slots, "needle", name, "name")->text = &needle->name;
        add(slots, "needle", name, "depth_setting_low_mm")->number = &needle->depth_setting_low_mm;
        add(slots, "needle", name, "depth_setting_high_mm")->number =
            &needle->depth_setting_high_mm;
        struct slot *slot = add(slots, "needle", name, "diameter_um");
        slot->number = &needle->diameter_um;
        slot->hard_min = 50;
        slot->hard_max = 1500;
        struct slot *share = add(slots, "share", name, "");
        share->value = &settings->design.zone_share[zone];
        share->hard_min = 0;
        share->hard_max = 2;
    }
}

static void add_lab(struct slots *slots, const char *group, const char *name, struct smp_lab *lab)
{
    add(slots, group, name, "l")->value = &lab->l;
    add(slots, group, name, "a")->value = &lab->a;
    add(slots, group, name, "b")->value = &lab->b;
}

static void list_slots(struct slots *slots, struct smp_settings *settings)
{
#define NUMBER_NAME(id, text) text,
    static const char *const names[] = { SMP_NUMBERS(NUMBER_NAME) };
    for (size_t i = 0; i < SMP_NUMBER_COUNT; i++)
        add(slots, "", names[i], "")->number = &settings->numbers[i];
    for (size_t style = 0; style < SMP_STYLE_COUNT; style++) {
        for (size_t i = 0; i < 8; i++)
            add_field(slots, "hairline", smp_style_names[style], &smp_hairline_fields[i],
                      &settings->hairline[style]);
    }
    for (size_t i = 0; i < 4; i++)
        add_field(slots, "design", "", &smp_design_fields[i], &settings->design);
    add_needles(slots, settings);
    add(slots, "hair", "lab_l", "")->value = &settings->hair_lab.l;
    add(slots, "hair", "lab_a", "")->value = &settings->hair_lab.a;
    add(slots, "hair", "lab_b", "")->value = &settings->hair_lab.b;
    static const char *const phototypes[] = { "1", "2", "3", "4", "5", "6" };
    for (size_t i = 0; i < 6; i++)
        add_lab(slots, "skin", phototypes[i], &settings->skin_lab[i]);
}

static struct slot *find_slot(const struct slots *slots, const char *name)
{
    for (size_t i = 0; i < slots->count; i++) {
        if (strcmp(slots->rows[i].name, name) == 0)
            return &slots->rows[i];
    }
    return NULL;
}

static enum smp_code read_word(const struct smp_json *entry, const char *name, const char **word,
                               struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json child;
    if (!smp_json_child(entry, name, &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", entry->file, entry->path, name);
    return smp_case_text(&child, 400, word, arena, err);
}

static enum smp_code read_real(const struct smp_json *entry, const char *name, double *value,
                               struct smp_err *err)
{
    struct smp_json child;
    if (!smp_json_child(entry, name, &child))
        return smp_fail(err, SMP_E_INPUT, "%s: %s has no %s", entry->file, entry->path, name);
    return smp_json_number(&child, -1e9, 1e9, "", value, err);
}

static enum smp_code read_grade(const struct smp_json *entry, const char **grade,
                                struct smp_arena *arena, struct smp_err *err)
{
    enum smp_code code = read_word(entry, "grade", grade, arena, err);
    if (!code && (strlen(*grade) != 1 || !strchr("ABCDU", **grade)))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.grade must be A, B, C, D or U, not \"%.20s\"",
                        entry->file, entry->path, *grade);
    return code;
}

// One row of a file: {"value", "unit", "min", "max", "grade", "source"}.
static enum smp_code read_entry(const struct smp_json *entry, struct slot *slot,
                                struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "value", "unit", "min", "max", "grade", "source", NULL };
    struct smp_number number = { 0 };
    enum smp_code code = smp_json_object(entry, known, err);
    if (!code)
        code = read_word(entry, "unit", &number.unit, arena, err);
    if (!code)
        code = read_grade(entry, &number.grade, arena, err);
    if (!code)
        code = read_word(entry, "source", &number.source, arena, err);
    if (!code && slot->text)
        code = read_word(entry, "value", slot->text, arena, err);
    if (code || slot->text)
        return code;
    code = read_real(entry, "min", &number.min, err);
    if (!code)
        code = read_real(entry, "max", &number.max, err);
    if (!code)
        code = read_real(entry, "value", &number.value, err);
    if (code)
        return code;
    const double min = number.min > slot->hard_min ? number.min : slot->hard_min;
    const double max = number.max < slot->hard_max ? number.max : slot->hard_max;
    if (!(number.value >= min && number.value <= max))
        return smp_fail(err, SMP_E_INPUT, "%s: %s.value must be %g to %g%s%s, not %g", entry->file,
                        entry->path, min, max, *number.unit ? " " : "", number.unit, number.value);
    if (slot->number)
        *slot->number = number;
    else
        *slot->value = number.value;
    return SMP_OK;
}

static enum smp_code read_numbers(const struct smp_json *root, const struct slots *slots,
                                  struct smp_arena *arena, struct smp_err *err)
{
    if (!json_is_object(root->node))
        return smp_fail(err, SMP_E_INPUT, "%s must be an object of named numbers", root->file);
    const char *name;
    json_t *node;
    json_object_foreach(root->node, name, node)
    {
        if (strcmp(name, "about") == 0)
            continue;
        struct slot *slot = find_slot(slots, name);
        struct smp_json entry;
        if (!slot || !smp_json_child(root, name, &entry))
            return smp_fail(err, SMP_E_INPUT, "%s: unknown number %.80s", root->file, name);
        enum smp_code code = read_entry(&entry, slot, arena, err);
        if (code)
            return code;
        slot->filled = true;
    }
    return SMP_OK;
}

// ---- Prices -------------------------------------------------------------------------------------

static enum smp_code read_price(const struct smp_json *row, struct smp_price *price,
                                struct smp_arena *arena, struct smp_err *err)
{
    static const char *const known[] = { "currency", "per",   "up_to_cm2", "low",
                                         "high",     "grade", "source",    NULL };
    const char *per = NULL;
    enum smp_code code = smp_json_object(row, known, err);
    if (!code)
        code = read_word(row, "currency", &price->currency, arena, err);
    if (!code)
        code = read_word(row, "per", &per, arena, err);
    if (!code && strcmp(per, "session") != 0 && strcmp(per, "course") != 0)
        code = smp_fail(err, SMP_E_INPUT, "%s: %s.per must be session or course, not \"%.20s\"",
                        row->file, row->path, per);
    if (!code)
        code = read_grade(row, &price->grade, arena, err);
    if (!code)
        code = read_word(row, "source", &price->source, arena, err);
    if (!code)
        code = read_real(row, "up_to_cm2", &price->up_to_cm2, err);
    if (!code)
        code = read_real(row, "low", &price->low, err);
    if (!code)
        code = read_real(row, "high", &price->high, err);
    if (!code && !(price->low >= 0 && price->high >= price->low))
        code = smp_fail(err, SMP_E_INPUT, "%s: %s must have 0 <= low <= high, not %g and %g",
                        row->file, row->path, price->low, price->high);
    price->per_session = per && *per == 's';
    return code;
}

static enum smp_code read_prices(const struct smp_json *root, struct smp_settings *settings,
                                 struct smp_arena *arena, struct smp_err *err)
{
    struct smp_json list, row;
    enum smp_code code = smp_json_need_list(&list, root, "prices", 200, err);
    if (code)
        return code;
    const size_t count = smp_json_count(&list);
    struct smp_price *prices = smp_new(arena, struct smp_price, count);
    const char **currencies = smp_new(arena, const char *, count + 1);
    if (!prices || !currencies)
        return smp_fail(err, SMP_E_NOMEM, "no memory for %zu prices", count);
    size_t distinct = 0;
    for (size_t i = 0; i < count && !code; i++) {
        smp_json_item(&list, i, &row);
        code = read_price(&row, &prices[i], arena, err);
        size_t k = 0;
        while (!code && k < distinct && strcmp(currencies[k], prices[i].currency) != 0)
            k++;
        if (!code && k == distinct)
            currencies[distinct++] = prices[i].currency;
    }
    settings->prices = prices;
    settings->price_count = count;
    settings->currencies = currencies;
    return code;
}

// ---- Files --------------------------------------------------------------------------------------

struct smp_bytes smp_data_file(const char *name)
{
    for (const struct smp_builtin *b = smp_builtins; b->name; b++) {
        if (strcmp(b->name, name) == 0)
            return (struct smp_bytes){ b->data, b->length };
    }
    return (struct smp_bytes){ NULL, 0 };
}

enum smp_code smp_data_find(const char *folder, const char *name, const char **path,
                            struct smp_bytes *text, struct smp_arena *arena, struct smp_err *err)
{
    *path = name;
    *text = smp_data_file(name);
    if (!folder)
        return SMP_OK;
    const char *own = smp_format(arena, "%s/%s", folder, name);
    if (!own)
        return smp_fail(err, SMP_E_NOMEM, "no memory for a file name");
    struct smp_err why = { 0 };
    struct smp_bytes bytes;
    enum smp_code code = smp_file_read(&bytes, own, file_bytes_max, arena, &why);
    struct stat info;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
        return smp_fail(err, SMP_E_FILE, "%s: the folder of your own numbers is not there", folder);
    if (code == SMP_E_FILE && strstr(why.msg, "No such file"))
        return SMP_OK;
    if (code)
        return smp_fail(err, code, "%s", why.msg);
    *path = own;
    *text = bytes;
    return SMP_OK;
}

static enum smp_code read_file(struct smp_settings *settings, const char *name,
                               const struct slots *slots, struct smp_arena *arena,
                               struct smp_err *err)
{
    const char *path;
    struct smp_bytes text;
    struct smp_json root;
    enum smp_code code = smp_data_find(settings->folder, name, &path, &text, arena, err);
    if (!code)
        code = smp_json_parse(&root, path, (const char *)text.data, text.length, err);
    if (code)
        return code;
    if (strcmp(name, "prices.json") == 0)
        code = read_prices(&root, settings, arena, err);
    else
        code = read_numbers(&root, slots, arena, err);
    smp_json_close(&root);
    return code;
}

enum smp_code smp_settings_read(struct smp_settings *settings, const char *folder,
                                struct smp_arena *arena, struct smp_err *err)
{
    static const char *const files[] = { "design.json", "needles.json", "limits.json",
                                         "prices.json" };
    struct smp_settings made = { .folder = folder ? smp_strdup(arena, folder) : NULL };
    struct slots slots = { smp_new(arena, struct slot, slots_max), 0 };
    if (!slots.rows || (folder && !made.folder))
        return smp_fail(err, SMP_E_NOMEM, "no memory for the settings");
    list_slots(&slots, &made);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        enum smp_code code = read_file(&made, files[i], &slots, arena, err);
        if (code)
            return code;
    }
    for (size_t i = 0; i < slots.count; i++) {
        if (!slots.rows[i].filled)
            return smp_fail(err, SMP_E_INPUT, "%s: the number %s is missing",
                            folder ? folder : "data", slots.rows[i].name);
    }
    made.design.style = SMP_STYLE_NATURAL;
    made.design.hairline = made.hairline[SMP_STYLE_NATURAL];
    *settings = made;
    return SMP_OK;
}
