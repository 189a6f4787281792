// Dates: what is one, counting days against the C library, months on.
#include "base/base.h"
#include "harness.h"

#include <time.h>

START_TEST(dates_that_there_are_not_are_refused)
{
    static const char *const bad[][2] = {
        { "", "--date must be a date like 2027-03-31, not \"\"" },
        { "2027-3-31", "--date must be a date like 2027-03-31, not \"2027-3-31\"" },
        { "31.03.2027", "must be a date like" },
        { "2027-03-311", "must be a date like" },
        { "2027-02-29", "--date must be a day that there is, not 2027-02-29" },
        { "2100-02-29", "must be a day that there is" },
        { "2027-04-31", "must be a day that there is" },
        { "2027-13-01", "must be a day that there is" },
        { "2027-00-10", "must be a day that there is" },
        { "2027-01-00", "must be a day that there is" },
        { "1899-12-31", "--date must be of a year from 1900 to 2199, not 1899-12-31" },
        { "2200-01-01", "must be of a year from 1900 to 2199" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct smp_date date = { 0 };
        struct smp_err err = { 0 };
        ck_assert_int_eq(smp_date_read(&date, bad[i][0], "--date", &err), SMP_E_INPUT);
        ck_msg_has(err, bad[i][1]);
    }
}
END_TEST

// Against the C library's calendar, for each day of three centuries.
START_TEST(days_are_counted_as_the_c_library_counts_them)
{
    const struct smp_date first = { 1900, 1, 1 };
    int wrong = 0;
    ck_assert_int_eq(smp_date_number(&first), -25567);
    for (int n = -25567; n < 84006; n++) {
        const time_t seconds = (time_t)n * 86400;
        struct tm tm;
        char text[16];
        struct smp_date again = { 0 };
        const struct smp_date date = smp_date_of(n);
        gmtime_r(&seconds, &tm);
        smp_date_print(text, &date);
        wrong += smp_date_number(&date) != n || tm.tm_year + 1900 != date.year ||
                 tm.tm_mon + 1 != date.month || tm.tm_mday != date.day ||
                 smp_date_read(&again, text, "day", NULL) || smp_date_number(&again) != n;
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(a_month_on_is_the_same_day_or_the_last_of_the_month)
{
    static const struct {
        const char *from;
        double months;
        const char *to;
    } rows[] = {
        { "2027-01-31", 1, "2027-02-28" },   { "2028-01-31", 1, "2028-02-29" },
        { "2027-12-15", 1, "2028-01-15" },   { "2028-02-29", 12, "2029-02-28" },
        { "2028-02-29", 48, "2032-02-29" },  { "2027-08-31", 6, "2028-02-29" },
        { "2027-05-31", 0.5, "2027-06-16" }, { "2027-05-31", 0, "2027-05-31" },
        { "2027-01-31", 1.1, "2027-03-04" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct smp_date from = { 0 };
        char text[16];
        ck_assert_int_eq(smp_date_read(&from, rows[i].from, "from", NULL), SMP_OK);
        const struct smp_date to = smp_date_after(&from, rows[i].months);
        smp_date_print(text, &to);
        ck_assert_str_eq(text, rows[i].to);
    }
}
END_TEST

SMP_TEST_MAIN("date", dates_that_there_are_not_are_refused,
              days_are_counted_as_the_c_library_counts_them,
              a_month_on_is_the_same_day_or_the_last_of_the_month)
