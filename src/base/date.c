// Dates of the Gregorian calendar, as days that can be counted.
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double days_per_month = 365.2425 / 12;

static int days_of(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

enum smp_code smp_date_read(struct smp_date *date, const char *text, const char *what,
                            struct smp_err *err)
{
    bool shaped = strlen(text) == 10;
    for (size_t i = 0; i < 10 && shaped; i++)
        shaped = i == 4 || i == 7 ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
    if (!shaped)
        return smp_fail(err, SMP_E_INPUT, "%s must be a date like 2027-03-31, not \"%.40s\"", what,
                        text);
    const struct smp_date made = { (int)strtol(text, NULL, 10), (int)strtol(text + 5, NULL, 10),
                                   (int)strtol(text + 8, NULL, 10) };
    if (made.year < 1900 || made.year > 2199)
        return smp_fail(err, SMP_E_INPUT, "%s must be of a year from 1900 to 2199, not %s", what,
                        text);
    if (made.month < 1 || made.month > 12 || made.day < 1 ||
        made.day > days_of(made.year, made.month))
        return smp_fail(err, SMP_E_INPUT, "%s must be a day that there is, not %s", what, text);
    *date = made;
    return SMP_OK;
}

void smp_date_print(char text[16], const struct smp_date *date)
{
    snprintf(text, 16, "%04d-%02d-%02d", date->year % 10000, date->month % 100, date->day % 100);
}

// Years begin in March here, so that the leap day is their last (Richards 2013, Explanatory
// Supplement to the Astronomical Almanac, §15.11).
int smp_date_number(const struct smp_date *date)
{
    const int year = date->month > 2 ? date->year : date->year - 1;
    const int month = (date->month + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date->day - 1 -
           719468;
}

struct smp_date smp_date_of(int number)
{
    const int days = number + 719468;
    const int era = days / 146097, day_of_era = days % 146097;
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month = (5 * day_of_year + 2) / 153; // from March
    const int year = year_of_era + 400 * era + (month >= 10);
    return (struct smp_date){ year, month < 10 ? month + 3 : month - 9,
                              day_of_year - (153 * month + 2) / 5 + 1 };
}

struct smp_date smp_date_after(const struct smp_date *date, double months)
{
    const int whole = (int)floor(months);
    const int days = (int)ceil((months - whole) * days_per_month - 1e-9);
    const int count = date->year * 12 + date->month - 1 + whole;
    struct smp_date made = { count / 12, count % 12 + 1, date->day };
    const int last = days_of(made.year, made.month);
    if (made.day > last)
        made.day = last;
    return days ? smp_date_of(smp_date_number(&made) + days) : made;
}
