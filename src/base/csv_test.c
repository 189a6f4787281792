#include "base/base.h"
#include "harness.h"

static struct smp_arena arena;
static struct smp_err err;
static double *values;
static size_t count;

static enum smp_code table(const char *text)
{
    static const char *const names[] = { "x_mm", "y_mm" };
    err = (struct smp_err){ 0 };
    smp_arena_drop(&arena); // of the call before
    smp_arena_make(&arena, 0);
    return smp_csv_numbers(&values, &count, "t.csv", text, strlen(text), names, 2, &arena, &err);
}

static enum smp_code list(const char *text)
{
    err = (struct smp_err){ 0 };
    smp_arena_drop(&arena); // of the call before
    smp_arena_make(&arena, 0);
    return smp_list_numbers(&values, &count, "d.txt", text, strlen(text), &arena, &err);
}

START_TEST(columns_are_found_by_name_wherever_they_stand)
{
    ck_assert_int_eq(table("id, y_mm ,note,\"x_mm\"\r\n1,2.5,a,-3e1\r\n\r\n2,4,,\"7\"\n"), SMP_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert(values[0] == -30 && values[1] == 2.5 && values[2] == 7 && values[3] == 4);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_fault_of_a_table_is_named_with_its_line)
{
    ck_assert_int_eq(table(""), SMP_E_FORMAT);
    ck_msg_eq(err, "t.csv: it is empty, and its first line must name columns");
    ck_assert_int_eq(table("x_mm,z\n1,2\n"), SMP_E_FORMAT);
    ck_msg_eq(err, "t.csv, line 1: the first line must name a column y_mm");
    ck_assert_int_eq(table("x_mm,y_mm\n1,2\n1,nan\n"), SMP_E_FORMAT);
    ck_msg_eq(err, "t.csv, line 3: y_mm must be a number, not 'nan'");
    ck_assert_int_eq(table("x_mm,y_mm\n1\n"), SMP_E_FORMAT);
    ck_msg_eq(err, "t.csv, line 2: 1 fields, which lack the column y_mm");
    ck_assert_int_eq(table("x_mm,y_mm\n0x10,2\n"), SMP_E_FORMAT);
    ck_assert_int_eq(table("x_mm,y_mm\n1e999,2\n"), SMP_E_FORMAT);
    smp_arena_drop(&arena);
}
END_TEST

START_TEST(a_list_has_one_number_a_line)
{
    ck_assert_int_eq(list("1\n 2.5 \n\n3"), SMP_OK);
    ck_assert_uint_eq(count, 3);
    ck_assert(values[2] == 3);
    ck_assert_int_eq(list("1\n2 3\n"), SMP_E_FORMAT);
    ck_msg_eq(err, "d.txt, line 2: a line must be one number, not '2 3'");
    smp_arena_drop(&arena);
}
END_TEST

SMP_TEST_MAIN("csv", columns_are_found_by_name_wherever_they_stand,
              a_fault_of_a_table_is_named_with_its_line, a_list_has_one_number_a_line)
