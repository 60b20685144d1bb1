#include "parser/spec.h"

#include <strings.h>

#include "base/ascii.h"
#include "base/suggest.h"

/* ---- names ---- */

/*
 * GoAccess' names of its formats, where they are others than here. Lines of its AWSELB begin with
 * their type, as those of the newer balancer do.
 */
static const char *const goaccess_names[][2] = {
    {"VCOMBINED", "vhost_combined"},
    {"VCOMMON", "vhost_common"},
    {"CLOUDSTORAGE", "csv"},
    {"AWSELB", "alb"},
    {"AWSALB", "alb"},
    {"AWSS3", "s3"},
    {"TRAEFIKCLF", "traefik_clf"},
};

/* In any case of letters: GoAccess' are capitals. */
static const struct log_format *find_preset(const char *name)
{
    size_t count;
    const struct log_format *presets = format_presets(&count);
    for (size_t i = 0; i < sizeof goaccess_names / sizeof goaccess_names[0]; i++) {
        if (strcasecmp(name, goaccess_names[i][0]) == 0)
            name = goaccess_names[i][1];
    }
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(name, presets[i].name) == 0)
            return &presets[i];
    }
    return NULL;
}

static void fail_unknown(struct slice text, struct error *error)
{
    const char *names[FORMAT_NAMES];
    char meant[128];
    format_names(names);
    error_at(error, ERROR_USAGE, "--log-format", 1, 1,
             "\"%.*s\" is neither the name of a format nor a format of Apache, nginx or "
             "GoAccess, which would hold directives such as %%h or $remote_addr%s",
             (int)(text.size < 60 ? text.size : 60), text.at,
             suggest_phrase(meant, sizeof meant, text, names));
}

/* ---- whose format it is ---- */

static bool has_variable(struct slice text)
{
    for (size_t i = 0; i + 1 < text.size; i++) {
        if (text.at[i] == '$' && (ascii_is_letter(text.at[i + 1]) || text.at[i + 1] == '{'))
            return true;
    }
    return false;
}

/* %d or %x; not in a directive's braces, where Apache has patterns of the time. */
static bool has_goaccess_specifier(struct slice text)
{
    for (size_t i = 0; i + 1 < text.size; i++) {
        char next = text.at[i + 1];
        if (text.at[i] == '{') {
            const char *close = memchr(text.at + i, '}', text.size - i);
            if (close && i > 0 && strchr("%0123456789,!<>", text.at[i - 1]) && text.at[i - 1])
                i = (size_t)(close - text.at);
        } else if (text.at[i] == '%' && (next == 'd' || next == 'x')) {
            return true;
        } else if (text.at[i] == '%' && next == '%') {
            i++;
        }
    }
    return false;
}

static bool begins_with_word(struct slice text, const char *word)
{
    size_t size = strlen(word);
    return text.size > size && strncasecmp(text.at, word, size) == 0 &&
           ascii_is_white(text.at[size]);
}

const struct log_format *spec_compile(const struct format_spec *spec, struct arena *arena,
                                      struct error *error)
{
    struct slice whole = slice_of(spec->text), text = ascii_trim(whole);
    bool has_patterns = spec->date_format || spec->time_format;
    const struct log_format *preset = find_preset(arena_copy(arena, text).at);
    if (preset)
        return preset;
    if (begins_with_word(text, "log_format") || has_variable(text))
        return spec_nginx(whole, spec->extra, arena, error);
    if (begins_with_word(text, "LogFormat"))
        return spec_apache(whole, spec->extra, arena, error);
    if (!text.size || !memchr(text.at, '%', text.size)) {
        fail_unknown(text, error);
        return NULL;
    }
    if (has_patterns || has_goaccess_specifier(text))
        return spec_goaccess(whole, spec->date_format, spec->time_format, spec->extra, arena,
                             error);
    return spec_apache(whole, spec->extra, arena, error);
}
