/*
 * browser: family, version, system and kind of device from a user agent, and whether there ever was
 * such a browser.
 *
 *     Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) ... Version/17.4 ... Safari/604.1
 *     -> Safari 17, iOS, phone
 *
 * Most browsers name all their ancestors, so the order in which families are looked for decides.
 * Texts are matched without allocation; a text of any length and content gives an answer, of a long
 * one the first BROWSER_TEXT_MAX bytes do.
 */
#ifndef PARSER_BROWSER_H
#define PARSER_BROWSER_H

#include <stdint.h>

#include "base/slice.h"

enum browser_family {
    BROWSER_UNKNOWN,
    BROWSER_CHROME,
    BROWSER_EDGE,
    BROWSER_SAFARI,
    BROWSER_FIREFOX,
    BROWSER_OPERA,
    BROWSER_SAMSUNG,
    BROWSER_INTERNET_EXPLORER,
    BROWSER_NETSCAPE, /* 4 and older: "Mozilla/4.76 [en]" */
    BROWSER_WEBVIEW,  /* inside an app: Facebook, Instagram, TikTok, Line, Android WebView, ... */
    BROWSER_OTHER, /* a browser, but of no family above: Vivaldi, Yandex, UC, Brave, DuckDuckGo */
    BROWSER_COUNT
};
const char *browser_family_name(enum browser_family family); /* "Chrome", ...; "Unknown" */

enum browser_system {
    SYSTEM_UNKNOWN,
    SYSTEM_WINDOWS,
    SYSTEM_MACOS,
    SYSTEM_IOS, /* and iPadOS */
    SYSTEM_ANDROID,
    SYSTEM_LINUX,
    SYSTEM_CHROMEOS,
    SYSTEM_OTHER,
    SYSTEM_COUNT
};
const char *browser_system_name(enum browser_system system);

enum device {
    DEVICE_UNKNOWN,
    DEVICE_DESKTOP,
    DEVICE_PHONE,
    DEVICE_TABLET,
    DEVICE_TV,
    DEVICE_COUNT
};
const char *device_name(enum device device); /* "desktop", "phone", "tablet", "tv", "unknown" */

struct browser {
    uint8_t family;   /* enum browser_family */
    uint8_t system;   /* enum browser_system */
    uint8_t device;   /* enum device */
    uint8_t engine;   /* enum browser_family of whose versions `version` counts: Edge, Opera and the
                         like name Chrome's; BROWSER_UNKNOWN when there is none to judge */
    uint16_t version; /* the engine's major version; 0 unknown; UINT16_MAX for larger ones */
    uint16_t system_major; /* of Windows NT ("6.1" is 601), Mac OS X ("10_15" is 1015), Android and
                              iOS ("17" is 1700); 0 unknown: retired systems keep old browsers */
};

enum { BROWSER_TEXT_MAX = 1024 };
struct browser browser_of(struct slice user_agent);

/* What the time of a hit says of a browser's version. */
enum browser_age {
    AGE_FINE,          /* or nothing is known to judge by */
    AGE_NEVER_EXISTED, /* no such version was ever made, or not yet */
    AGE_YEARS_OLD, /* out of date for more than BROWSER_OLD_YEARS years on a system that gets newer
                      ones; the last version of a retired system is not */
};
enum { BROWSER_OLD_YEARS = 3, BROWSER_OLD_YEARS_SLOW = 5, BROWSER_OLD_YEARS_SAFARI = 10 };

/*
 * By the dates in browser_age.c (with their sources). To take a person for a machine is worse than
 * to miss one, so:
 * - A version of Chrome, Firefox or Safari is out of date from the release of its successor.
 *   Internet Explorer, the first Edge, the first Opera and Netscape are from the end of their
 *   support, Opera 8 and older from the release of Opera 9.
 * - Android and ChromeOS, whose devices outlive their updates, have BROWSER_OLD_YEARS_SLOW.
 * - Safari on macOS and Windows comes with the system, and a Mac is used for long: it has
 *   BROWSER_OLD_YEARS_SAFARI.
 * - What is bound to a device or an app is never too old: everything on iOS, televisions, in-app
 *   browsers, Samsung Internet, and the browsers of BROWSER_OTHER.
 * - The last version for a retired system is fine for ever: Chrome 49 on Windows XP, 109 on
 *   Windows 7. Where browsers stopped naming the system's version (Chrome 107 and later), it is so
 *   everywhere.
 * - A version has half a year to come true: hits may be earlier than its release by that. Versions
 *   beyond the tables may come at twice the last pace.
 */
enum browser_age browser_age_at(const struct browser *browser, int64_t time_ms);

#endif
