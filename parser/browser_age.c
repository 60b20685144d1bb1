#include "parser/browser.h"

#include <stdbool.h>

#include "base/civil.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

struct release {
    uint16_t version, year;
    uint8_t month, day;
};

/*
 * When versions came out, on a desktop. Between two rows they came evenly, to within a month.
 *
 * Sources: the release dates of MDN's browser-compat-data 8 (CC0), which follow
 * https://chromiumdash.appspot.com/schedule, https://whattrainisitnow.com/calendar, Apple's release
 * notes of Safari, and Wikipedia's version histories.
 */
static const struct release chrome_releases[] = {
    {1, 2008, 12, 11},  {2, 2009, 5, 21},    {4, 2010, 1, 25},   {6, 2010, 9, 2},
    {10, 2011, 3, 8},   {20, 2012, 6, 26},   {30, 2013, 10, 1},  {40, 2015, 1, 21},
    {50, 2016, 4, 13},  {60, 2017, 7, 25},   {70, 2018, 10, 16}, {80, 2020, 2, 4},
    {90, 2021, 4, 13},  {94, 2021, 9, 21},   {100, 2022, 3, 29}, {110, 2023, 2, 7},
    {120, 2023, 12, 5}, {130, 2024, 10, 15}, {140, 2025, 9, 2},  {152, 2026, 8, 25},
    {153, 2026, 9, 8},  {157, 2026, 11, 3},
};

static const struct release firefox_releases[] = {
    {1, 2004, 11, 9},    {2, 2006, 10, 24},   {3, 2008, 6, 17},   {4, 2011, 3, 22},
    {5, 2011, 6, 21},    {10, 2012, 1, 31},   {20, 2013, 4, 2},   {30, 2014, 6, 10},
    {40, 2015, 8, 11},   {50, 2016, 11, 15},  {60, 2018, 5, 9},   {70, 2019, 10, 22},
    {80, 2020, 8, 25},   {90, 2021, 7, 13},   {100, 2022, 5, 3},  {110, 2023, 2, 14},
    {120, 2023, 11, 21}, {130, 2024, 9, 3},   {140, 2025, 6, 24}, {150, 2026, 4, 21},
    {154, 2026, 8, 18},  {160, 2026, 11, 10},
};

static const struct release safari_releases[] = {
    {1, 2003, 6, 23},  {2, 2005, 4, 29},  {3, 2007, 6, 29},  {4, 2009, 6, 8},  {5, 2010, 6, 7},
    {6, 2012, 7, 25},  {7, 2013, 9, 18},  {8, 2014, 9, 17},  {9, 2015, 9, 16}, {10, 2016, 9, 13},
    {18, 2024, 9, 16}, {26, 2025, 9, 15}, {27, 2026, 9, 14},
};

static const struct release explorer_releases[] = {
    {1, 1995, 8, 16}, {4, 1997, 9, 30}, {5, 1999, 3, 18}, {6, 2001, 8, 27},   {7, 2006, 10, 18},
    {8, 2009, 3, 19}, {9, 2011, 3, 14}, {10, 2012, 9, 4}, {11, 2013, 10, 17},
};

static const struct release edge_releases[] = {
    {12, 2015, 7, 29},  {13, 2015, 11, 12}, {14, 2016, 8, 2},  {15, 2017, 4, 5},
    {16, 2017, 10, 17}, {17, 2018, 4, 30},  {18, 2018, 10, 2},
};

static const struct release opera_releases[] = {
    {2, 1996, 7, 14},  {3, 1997, 12, 1},   {4, 2000, 6, 28},  {5, 2000, 12, 6},
    {6, 2001, 12, 18}, {7, 2003, 1, 28},   {8, 2005, 4, 19},  {9, 2006, 6, 20},
    {10, 2009, 9, 1},  {11, 2010, 12, 16}, {12, 2011, 12, 6},
};

static const struct release netscape_releases[] = {
    {1, 1994, 12, 15},
    {2, 1996, 3, 1},
    {3, 1996, 8, 19},
    {4, 1997, 6, 1},
};

/*
 * When support ended: https://learn.microsoft.com/lifecycle (Internet Explorer 4 with Windows 98, 5
 * with Windows 2000, 6 with the second service pack of Windows XP, for the third had long offered
 * 8; 7 to 10 on 2016-01-12, 11 as an application of Windows; Edge's first engine), the last release
 * of Opera 12, https://blogs.opera.com, and the last day of Netscape's,
 * https://en.wikipedia.org/wiki/Netscape_Navigator. Opera 8 ended with the release of 9. Each row
 * counts up to its version.
 */
static const struct release explorer_ends[] = {
    {4, 2006, 7, 11},
    {6, 2010, 7, 13},
    {10, 2016, 1, 12},
    {11, 2022, 6, 15},
};
static const struct release edge_ends[] = {{18, 2021, 3, 9}};
static const struct release opera_ends[] = {{8, 2006, 6, 20}, {12, 2016, 2, 16}};
static const struct release netscape_ends[] = {{4, 2008, 3, 1}};

/* The versions of an engine. */
struct history {
    enum browser_family engine;
    const struct release *releases;
    size_t release_count;
    const struct release *ends; /* of an engine that is finished; NULL: a successor is an end */
    size_t end_count;
    uint16_t skipped_first, skipped_last; /* never made; 0: none */
};

#define ROWS(table) table, LENGTH(table)
static const struct history histories[] = {
    /* https://www.chromium.org/blink/release-schedule: 82 was left out in the spring of 2020 */
    {BROWSER_CHROME, ROWS(chrome_releases), NULL, 0, 82, 82},
    {BROWSER_FIREFOX, ROWS(firefox_releases), NULL, 0, 0, 0},
    /* Apple counts by years since 2025: 18, then 26. */
    {BROWSER_SAFARI, ROWS(safari_releases), NULL, 0, 19, 25},
    {BROWSER_INTERNET_EXPLORER, ROWS(explorer_releases), ROWS(explorer_ends), 0, 0},
    {BROWSER_EDGE, ROWS(edge_releases), ROWS(edge_ends), 0, 0},
    {BROWSER_OPERA, ROWS(opera_releases), ROWS(opera_ends), 0, 0},
    {BROWSER_NETSCAPE, ROWS(netscape_releases), ROWS(netscape_ends), 0, 0},
};

/* The last version for a system up to `system_max`; 0: whatever the system says it is. */
struct last_version {
    enum browser_system system;
    uint16_t system_max;
    enum browser_family engine;
    uint16_t version;
};

/*
 * Sources: https://support.google.com/chrome/a/answer/7100626 and the enterprise release notes,
 * https://support.mozilla.org/kb/firefox-users-windows-7-8-and-81-moving-extended-support and its
 * likes for other systems, Wikipedia's tables of supported systems. Chrome names a fixed system
 * since 107 ("Windows NT 10.0", "10_15_7", "Android 10"):
 * https://www.chromium.org/updates/ua-reduction
 */
static const struct last_version last_versions[] = {
    {SYSTEM_WINDOWS, 600, BROWSER_CHROME, 49},
    {SYSTEM_WINDOWS, 0, BROWSER_CHROME, 109},
    {SYSTEM_MACOS, 1005, BROWSER_CHROME, 21},
    {SYSTEM_MACOS, 1008, BROWSER_CHROME, 49},
    {SYSTEM_MACOS, 1009, BROWSER_CHROME, 67},
    {SYSTEM_MACOS, 1010, BROWSER_CHROME, 87},
    {SYSTEM_MACOS, 1012, BROWSER_CHROME, 103},
    {SYSTEM_MACOS, 0, BROWSER_CHROME, 116},
    {SYSTEM_MACOS, 0, BROWSER_CHROME, 128},
    {SYSTEM_MACOS, 0, BROWSER_CHROME, 138},
    {SYSTEM_MACOS, 0, BROWSER_CHROME, 150},
    {SYSTEM_ANDROID, 400, BROWSER_CHROME, 42},
    {SYSTEM_ANDROID, 403, BROWSER_CHROME, 71},
    {SYSTEM_ANDROID, 404, BROWSER_CHROME, 81},
    {SYSTEM_ANDROID, 501, BROWSER_CHROME, 95},
    {SYSTEM_ANDROID, 601, BROWSER_CHROME, 106},
    {SYSTEM_ANDROID, 0, BROWSER_CHROME, 119},
    {SYSTEM_ANDROID, 0, BROWSER_CHROME, 138},
    {SYSTEM_WINDOWS, 500, BROWSER_FIREFOX, 12},
    {SYSTEM_WINDOWS, 600, BROWSER_FIREFOX, 52},
    {SYSTEM_WINDOWS, 603, BROWSER_FIREFOX, 115},
    {SYSTEM_MACOS, 1005, BROWSER_FIREFOX, 16},
    {SYSTEM_MACOS, 1008, BROWSER_FIREFOX, 45},
    {SYSTEM_MACOS, 1008, BROWSER_FIREFOX, 48},
    {SYSTEM_MACOS, 1011, BROWSER_FIREFOX, 78},
    {SYSTEM_MACOS, 1014, BROWSER_FIREFOX, 115},
    {SYSTEM_ANDROID, 404, BROWSER_FIREFOX, 68},
    {SYSTEM_ANDROID, 799, BROWSER_FIREFOX, 143},
    {SYSTEM_WINDOWS, 500, BROWSER_INTERNET_EXPLORER, 6},
    {SYSTEM_WINDOWS, 502, BROWSER_INTERNET_EXPLORER, 8},
    {SYSTEM_WINDOWS, 600, BROWSER_INTERNET_EXPLORER, 9},
};

enum { GRACE_DAYS = 183, FOUR_YEARS_DAYS = 1461 };

static int64_t day_of(const struct release *release)
{
    return civil_days(release->year, release->month, release->day);
}

/*
 * The day of a version: between the rows around it, or past the last one at the pace of the last
 * two, `speed` times as fast. A version below the first row came out with it.
 */
static int64_t release_day(const struct history *history, uint32_t version, int64_t speed)
{
    const struct release *rows = history->releases;
    size_t next = 0;
    while (next < history->release_count && rows[next].version < version)
        next++;
    if (next == 0)
        return day_of(&rows[0]);
    bool is_past = next == history->release_count;
    const struct release *low = &rows[is_past ? next - 2 : next - 1], *high = low + 1;
    int64_t days = day_of(high) - day_of(low), versions = high->version - low->version;
    if (is_past)
        return day_of(high) + ((int64_t)version - high->version) * days / (versions * speed);
    return day_of(low) + ((int64_t)version - low->version) * days / versions;
}

static bool never_existed(const struct history *history, uint16_t version, int64_t day)
{
    enum { TWICE = 2 };
    if (version >= history->skipped_first && version <= history->skipped_last)
        return true;
    bool is_finished = history->ends != NULL;
    if (is_finished && (version < history->releases[0].version ||
                        version > history->releases[history->release_count - 1].version))
        return true;
    return release_day(history, version, TWICE) > day + GRACE_DAYS;
}

/* The day from which a version that existed is out of date. */
static int64_t end_day(const struct history *history, uint16_t version)
{
    uint32_t successor = version + UINT32_C(1);
    if (successor >= history->skipped_first && successor <= history->skipped_last)
        successor = history->skipped_last + UINT32_C(1);
    if (!history->ends)
        return release_day(history, successor, 1);
    size_t row = 0;
    while (row + 1 < history->end_count && history->ends[row].version < version)
        row++;
    return day_of(&history->ends[row]);
}

static bool is_last_for_system(const struct browser *browser)
{
    for (size_t i = 0; i < LENGTH(last_versions); i++) {
        const struct last_version *last = &last_versions[i];
        bool is_system = last->system_max == 0 ||
                         (browser->system_major && browser->system_major <= last->system_max);
        if (last->engine == browser->engine && last->version == browser->version &&
            last->system == browser->system && is_system)
            return true;
    }
    return false;
}

/* Years that a version may be out of date; 0: any number. */
static int64_t years_allowed(const struct browser *browser)
{
    bool is_updated = browser->family == BROWSER_CHROME || browser->family == BROWSER_EDGE ||
                      browser->family == BROWSER_FIREFOX || browser->family == BROWSER_OPERA ||
                      browser->family == BROWSER_INTERNET_EXPLORER ||
                      browser->family == BROWSER_NETSCAPE || browser->family == BROWSER_SAFARI;
    if (!is_updated || browser->device == DEVICE_TV || browser->system == SYSTEM_IOS)
        return 0;
    if (browser->family == BROWSER_SAFARI)
        return BROWSER_OLD_YEARS_SAFARI;
    bool is_slow = browser->system == SYSTEM_ANDROID || browser->system == SYSTEM_CHROMEOS;
    return is_slow ? BROWSER_OLD_YEARS_SLOW : BROWSER_OLD_YEARS;
}

static bool is_years_old(const struct history *history, const struct browser *browser, int64_t day)
{
    int64_t years = years_allowed(browser);
    if (years == 0 || is_last_for_system(browser))
        return false;
    return day > end_day(history, browser->version) + years * FOUR_YEARS_DAYS / 4;
}

static const struct history *history_of(const struct browser *browser)
{
    for (size_t i = 0; i < LENGTH(histories); i++) {
        if (histories[i].engine == browser->engine)
            return &histories[i];
    }
    return NULL;
}

enum browser_age browser_age_at(const struct browser *browser, int64_t time_ms)
{
    const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    const struct history *history = history_of(browser);
    if (!history || browser->version == 0)
        return AGE_FINE;
    int64_t day = time_ms / day_ms - (time_ms % day_ms < 0);
    if (never_existed(history, browser->version, day))
        return AGE_NEVER_EXISTED;
    return is_years_old(history, browser, day) ? AGE_YEARS_OLD : AGE_FINE;
}
