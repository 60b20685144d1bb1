#include "parser/origin.h"

#include "base/ascii.h"
#include "parser/url.h"

enum { HOST_MAX = 253 }; /* of a name in the DNS, RFC 1035 section 2.3.4, without the last dot */

/* `prefix` is in lower case. */
static bool begins_with(struct slice text, const char *prefix)
{
    for (size_t i = 0; prefix[i]; i++) {
        if (i == text.size || ascii_lower(text.at[i]) != prefix[i])
            return false;
    }
    return true;
}

/* ---- hosts ---- */

static inline bool is_host_byte(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_' || c == '.' ||
           (unsigned char)c > 0x7f; /* browsers encode them (RFC 3492), others do not */
}

/* "[2001:db8::1]"; whether it is an address that exists nobody asks. */
static bool is_v6_host(struct slice host)
{
    for (size_t i = 1; i + 1 < host.size; i++) {
        if (ascii_hex_digit(host.at[i]) < 0 && host.at[i] != ':' && host.at[i] != '.')
            return false;
    }
    return host.size > 2 && host.at[host.size - 1] == ']';
}

/* Labels with a dot between them; an empty label is in no host's name. "-" is an absent field. */
static bool is_host(struct slice host)
{
    if (host.size == 0 || host.size > HOST_MAX || slice_is(host, "-"))
        return false;
    if (host.at[0] == '.' || host.at[host.size - 1] == '.')
        return false;
    if (host.at[0] == '[')
        return is_v6_host(host);
    for (size_t i = 0; i < host.size; i++) {
        if (!is_host_byte(host.at[i]) || (host.at[i] == '.' && host.at[i - 1] == '.'))
            return false;
    }
    return true;
}

/* Cuts ":8080" off. Other colons are left, and then it is no host. */
static struct slice without_port(struct slice host)
{
    size_t size = host.size;
    while (size && ascii_is_digit(host.at[size - 1]))
        size--;
    return size && host.at[size - 1] == ':' ? slice_head(host, size - 1) : host;
}

static struct slice checked_host(struct slice host)
{
    host = without_port(host);
    if (host.size && host.at[host.size - 1] == '.')
        host.size--;
    return is_host(host) ? host : (struct slice){host.at, 0};
}

/*
 * What stands behind "https://". .at NULL for what no page and no app is at: other schemes are
 * those of extensions, files and scripts.
 */
static struct slice behind_scheme(struct slice url)
{
    static const char *const schemes[] = {"https://", "http://", "android-app://"};
    if (url.size <= strlen("http://")) /* "-", mostly */
        return (struct slice){NULL, 0};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (begins_with(url, schemes[i]))
            return slice_from(url, strlen(schemes[i]));
    }
    return (struct slice){NULL, 0};
}

/* Browsers read a backslash as a slash. */
static inline bool ends_host(char c)
{
    return c == '/' || c == '?' || c == '#' || c == '\\';
}

/* The host at the start of `rest`, which is left with what follows it. */
static struct slice take_host(struct slice *rest)
{
    size_t begin = 0, end = 0;
    for (; end < rest->size && !ends_host(rest->at[end]); end++) {
        if (rest->at[end] == '@')
            begin = end + 1;
    }
    struct slice host = slice_from(slice_head(*rest, end), begin);
    *rest = slice_from(*rest, end);
    return checked_host(host);
}

struct slice origin_referrer_host(struct slice referrer)
{
    struct slice rest = behind_scheme(referrer);
    return rest.at ? take_host(&rest) : (struct slice){referrer.at, 0};
}

struct slice origin_referrer_path(struct slice referrer)
{
    struct slice rest = behind_scheme(referrer);
    if (!rest.at || take_host(&rest).size == 0)
        return (struct slice){referrer.at, 0};
    size_t size = 0;
    while (size < rest.size && rest.at[size] != '?' && rest.at[size] != '#')
        size++;
    return size ? slice_head(rest, size) : SLICE_LITERAL("/");
}

/* ---- marks: the parameters that tell ---- */

enum mark { MARK_CLICK, MARK_SOURCE, MARK_MEDIUM, MARK_CAMPAIGN };

struct marked_name {
    const char *text;
    enum mark mark;
    enum click_id click;
};

enum { LETTERS = 32, NAMES_A_LETTER = 7 };

static inline size_t letter_of(char c)
{
    return (unsigned char)c % LETTERS; /* 'u' and 'U' are one */
}

/* By their first letter; ordinary parameters mostly have a letter without a row. */
static const struct marked_name marked_names[LETTERS][NAMES_A_LETTER] = {
    ['_' % LETTERS] = {{"_hsenc", MARK_CLICK, CLICK_HUBSPOT}, {"_kx", MARK_CLICK, CLICK_KLAVIYO}},
    ['d' % LETTERS] = {{"dclid", MARK_CLICK, CLICK_GOOGLE_ADS}},
    ['e' % LETTERS] = {{"epik", MARK_CLICK, CLICK_PINTEREST}},
    ['f' % LETTERS] = {{"fbclid", MARK_CLICK, CLICK_FACEBOOK}},
    ['g' % LETTERS] = {{"gclid", MARK_CLICK, CLICK_GOOGLE_ADS},
                       {"gbraid", MARK_CLICK, CLICK_GOOGLE_ADS},
                       {"gad_source", MARK_CLICK, CLICK_GOOGLE_ADS}},
    ['i' % LETTERS] =
        {
            {"igsh", MARK_CLICK, CLICK_INSTAGRAM},
            {"igshid", MARK_CLICK, CLICK_INSTAGRAM},
        },
    ['l' % LETTERS] = {{"li_fat_id", MARK_CLICK, CLICK_LINKEDIN}},
    ['m' % LETTERS] = {{"msclkid", MARK_CLICK, CLICK_MICROSOFT_ADS},
                       {"mc_eid", MARK_CLICK, CLICK_MAILCHIMP},
                       {"mc_cid", MARK_CLICK, CLICK_MAILCHIMP},
                       {"mtm_source", MARK_SOURCE, CLICK_NONE},
                       {"mtm_medium", MARK_MEDIUM, CLICK_NONE},
                       {"mtm_campaign", MARK_CAMPAIGN, CLICK_NONE}},
    ['p' % LETTERS] = {{"pk_source", MARK_SOURCE, CLICK_NONE},
                       {"pk_medium", MARK_MEDIUM, CLICK_NONE},
                       {"pk_campaign", MARK_CAMPAIGN, CLICK_NONE}},
    ['s' % LETTERS] = {{"srsltid", MARK_CLICK, CLICK_GOOGLE_SHOPPING}},
    ['t' % LETTERS] = {{"ttclid", MARK_CLICK, CLICK_TIKTOK}, {"twclid", MARK_CLICK, CLICK_TWITTER}},
    ['u' % LETTERS] = {{"utm_source", MARK_SOURCE, CLICK_NONE},
                       {"utm_medium", MARK_MEDIUM, CLICK_NONE},
                       {"utm_campaign", MARK_CAMPAIGN, CLICK_NONE},
                       {"utm_id", MARK_CLICK, CLICK_CAMPAIGN}},
    ['w' % LETTERS] = {{"wbraid", MARK_CLICK, CLICK_GOOGLE_ADS}},
    ['y' % LETTERS] = {{"yclid", MARK_CLICK, CLICK_YANDEX}},
};

static inline bool ends_parameter(char c)
{
    return c == '&' || c == ';'; /* as in url.h */
}

/* The value when the parameter has that name; empty otherwise. */
static struct slice value_of(struct slice parameter, const char *name)
{
    if (!begins_with(parameter, name))
        return (struct slice){NULL, 0};
    struct slice rest = slice_from(parameter, strlen(name));
    return rest.size && rest.at[0] == '=' ? slice_from(rest, 1) : (struct slice){NULL, 0};
}

/* A parameter that tells something. Its name counts in any case; without a value it is none. */
static const struct marked_name *mark_of(struct slice parameter, struct slice *value)
{
    if (parameter.size == 0)
        return NULL;
    const struct marked_name *name = marked_names[letter_of(parameter.at[0])];
    for (; name->text; name++) {
        *value = value_of(parameter, name->text);
        if (value->size)
            return name;
    }
    return NULL;
}

/* Takes parameters off *rest up to the first that tells something; NULL when none does. */
static const struct marked_name *next_mark(struct slice *rest, struct slice *value)
{
    if (rest->size == 0)
        return NULL;
    const char *at = rest->at, *end = at + rest->size;
    const struct marked_name *mark = NULL;
    while (at < end && !mark) {
        const char *begin = at;
        while (at < end && !ends_parameter(*at))
            at++;
        if (marked_names[letter_of(*begin)][0].text)
            mark = mark_of((struct slice){begin, (size_t)(at - begin)}, value);
        at += at < end;
    }
    *rest = (struct slice){at, (size_t)(end - at)};
    return mark;
}

bool origin_marks_campaign(struct slice query)
{
    struct slice value;
    return next_mark(&query, &value) != NULL;
}

/* Whoever shares a link passes on the ids that are in it, and his network adds its own. */
static int rank_of(enum click_id click)
{
    enum { NONE, SHARE, CAMPAIGN, ADVERTISER };
    if (click == CLICK_NONE)
        return NONE;
    if (click == CLICK_FACEBOOK || click == CLICK_INSTAGRAM || click == CLICK_GOOGLE_SHOPPING)
        return SHARE;
    return click == CLICK_CAMPAIGN ? CAMPAIGN : ADVERTISER;
}

static void keep_mark(struct origin *origin, const struct marked_name *mark, struct slice value)
{
    struct slice *texts[] = {[MARK_SOURCE] = &origin->source,
                             [MARK_MEDIUM] = &origin->medium,
                             [MARK_CAMPAIGN] = &origin->campaign};
    if (mark->mark != MARK_CLICK) {
        if (texts[mark->mark]->size == 0)
            *texts[mark->mark] = value;
    } else if (rank_of(mark->click) > rank_of(origin->click)) {
        origin->click = mark->click;
    }
}

/* ---- packing ---- */

/* Writes to `to`, and returns where the next field begins. */
static char *put_host(struct slice host, char *to)
{
    for (size_t i = 0; i < host.size; i++)
        *to++ = ascii_lower(host.at[i]);
    *to++ = '\0';
    return to;
}

/* How many bytes at the start are white space or NUL, written as they are or escaped; or 0. */
static size_t blank_size(struct slice text)
{
    static const char *const escapes[] = {"%20", "%09", "%0a", "%0d", "%00"};
    if (ascii_is_white(text.at[0]) || text.at[0] == '+')
        return 1;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        if (begins_with(text, escapes[i]))
            return 3;
    }
    return 0;
}

static struct slice without_blanks_before(struct slice text)
{
    size_t blank;
    while (text.size && (blank = blank_size(text)) > 0)
        text = slice_from(text, blank);
    return text;
}

/*
 * Of more than ORIGIN_VALUE_MAX bytes so many that no character is cut; bytes that are no UTF-8 are
 * cut anywhere.
 */
static size_t whole_size(const char *bytes, size_t size)
{
    if (size <= ORIGIN_VALUE_MAX)
        return size;
    for (size_t whole = ORIGIN_VALUE_MAX; whole > ORIGIN_VALUE_MAX - 4; whole--) {
        if (((unsigned char)bytes[whole] & 0xc0) != 0x80)
            return whole;
    }
    return ORIGIN_VALUE_MAX;
}

/* The bytes that can matter: each may be escaped, and an escape cut at the end is beyond them. */
enum { RAW_MAX = 3 * (ORIGIN_VALUE_MAX + 2) };

/* A decoded NUL would end the field, so it is a blank. */
static char *put_value(struct slice raw, bool is_lower, char *to)
{
    char decoded[RAW_MAX];
    if (raw.size)
        raw = slice_head(without_blanks_before(raw), RAW_MAX);
    size_t size = raw.size ? url_decode(raw, true, decoded) : 0;
    for (size_t i = 0; i < size; i++) {
        if (decoded[i] == '\0')
            decoded[i] = ' ';
        else if (is_lower)
            decoded[i] = ascii_lower(decoded[i]);
    }
    struct slice value = ascii_trim((struct slice){decoded, whole_size(decoded, size)});
    memcpy(to, value.at, value.size);
    to[value.size] = '\0';
    return to + value.size + 1;
}

static char *put_click(enum click_id click, char *to)
{
    if (click != CLICK_NONE)
        *to++ = (char)('a' + click);
    *to++ = '\0';
    return to;
}

enum { BETWEEN_FIELDS = 5 }; /* NULs */

/* The longest text: two hosts, a click, three values. */
_Static_assert(2 * HOST_MAX + 1 + 3 * ORIGIN_VALUE_MAX + BETWEEN_FIELDS + 1 <= ORIGIN_TEXT_MAX,
               "every origin fits");

struct slice origin_pack(struct slice own_host, struct slice referrer, struct slice query,
                         char *out)
{
    struct origin origin = {.own_host = checked_host(own_host),
                            .referrer = origin_referrer_host(referrer)};
    struct slice value;
    const struct marked_name *mark;
    while ((mark = next_mark(&query, &value)) != NULL)
        keep_mark(&origin, mark, value);
    char *to = put_host(origin.own_host, out);
    to = put_host(origin.referrer, to);
    to = put_click(origin.click, to);
    to = put_value(origin.source, true, to);
    to = put_value(origin.medium, true, to);
    to = put_value(origin.campaign, false, to);
    size_t size = (size_t)(to - out) - 1; /* no NUL behind the last field */
    return (struct slice){out, size > BETWEEN_FIELDS ? size : 0};
}

/* ---- unpacking ---- */

struct slice origin_pack_page(struct slice packed, struct slice referrer, char *out)
{
    static const char nothing[] = "\0\0\0\0"; /* five NULs, with its own */
    struct slice path = origin_referrer_path(referrer);
    if (path.size == 0)
        return packed;
    if (packed.size == 0)
        memcpy(out, nothing, sizeof nothing);
    size_t size = packed.size ? packed.size : sizeof nothing;
    out[size++] = '\0';
    size += url_without_parameters(path, out + size, ORIGIN_PAGE_MAX - 1).size;
    return (struct slice){out, size};
}

static struct slice take_field(struct slice *rest)
{
    const char *nul = rest->size ? memchr(rest->at, '\0', rest->size) : NULL;
    struct slice field = slice_head(*rest, nul ? (size_t)(nul - rest->at) : rest->size);
    *rest = slice_from(*rest, field.size + 1);
    return field;
}

static enum click_id click_of(struct slice field)
{
    int click = field.size == 1 ? field.at[0] - 'a' : CLICK_NONE;
    return click > CLICK_NONE && click < CLICK_COUNT ? (enum click_id)click : CLICK_NONE;
}

struct origin origin_unpack(struct slice packed)
{
    struct origin origin;
    origin.own_host = take_field(&packed);
    origin.referrer = take_field(&packed);
    origin.click = click_of(take_field(&packed));
    origin.source = take_field(&packed);
    origin.medium = take_field(&packed);
    origin.campaign = take_field(&packed);
    origin.page = take_field(&packed);
    return origin;
}
