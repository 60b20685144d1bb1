/*
 * Expected places are counted by hand in the texts. The built-in journeys are this test's own: the
 * program's table (funnel/builtin_journeys.c) has a test of its own, default_journey_test.
 */
#include "funnel/journey.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "parser/request.h"

static const struct builtin_journey bases[] = {
    {"base", "two touchpoints, one funnel",
     "journey: base\n"
     "stages: [look, buy]\n"
     "visit: {timeout: 10m}\n"
     "touchpoints:\n"
     "  product: {stage: look, match: {path: /p/*}}\n"
     "  cart: {stage: buy, match: [{path: /cart}, {path: /basket}]}\n"
     "funnels:\n"
     "  purchase: {steps: [product, cart]}\n"},
    {"middle", "extends base", "extends: base\nvisit: {timeout: 20m}\n"},
    {"people", "says who people are",
     "extends: base\n"
     "visitor: {keys: [cookie:id, user, address], ipv4_prefix: 24}\n"
     "visit: {max_length: 2h, cut_on_new_source: true}\n"
     "internal: [10.0.0.0/8, 192.0.2.7]\n"
     "bots: {off: [regular, rate], ranges: {Googlebot: 192.0.2.0/24, Bing: 198.51.100.0/24}}\n"
     "own_hosts: shop.example\n"
     "show_query: page\n"},
    {"round", "extends itself", "extends: round\n"},
    {"broken", "wrong inside", "touchpoints:\n  a: {match: {path: a}}\n"},
};

const struct builtin_journey *builtin_journeys(size_t *count)
{
    *count = sizeof bases / sizeof bases[0];
    return bases;
}

static struct journey *parse(const char *text, struct error *error)
{
    *error = (struct error){0};
    return journey_parse(slice_of(text), "j.yaml", error);
}

/* A touchpoint "a" and what follows on line 3. */
#define A  "touchpoints:\n  a: {match: {path: /a}}\n"
#define AB "touchpoints: {a: {match: {path: /a}}, b: {match: {path: /b}}}\n"
#define F  A "funnels:\n  f: "
#define M  "touchpoints:\n  a:\n    match: "

static const struct {
    const char *text, *message;
} wrong[] = {
    /* the file */
    {"", "j.yaml: the file is empty"},
    {"# only a comment\n", "j.yaml: the file is empty"},
    {"---\n", "j.yaml: the file is empty"},
    {"journey: x\n", "j.yaml: expected \"touchpoints\" with at least one touchpoint, found none"},
    {"- a\n", "j.yaml:1:1: a journey file: expected a mapping (lines of \"key: value\"), found a "
              "list"},
    {"stages: [a\n" A, "j.yaml:2:12: not valid YAML: did not find expected ',' or ']' while "
                       "parsing a flow sequence"},
    {"\xff\xfe\xff", "j.yaml:1:3: not a text file in UTF-8: incomplete UTF-16 character"},
    {"journey: \xc3(\n", "j.yaml:1:11: not a text file in UTF-8: invalid trailing UTF-8 octet"},
    {A "---\n" A, "j.yaml:3:1: a second YAML document begins here: expected one per file"},
    {"touchpoints: &t\n  a: {match: {path: /a}}\n",
     "j.yaml:1:14: YAML anchors (&name) are not supported: write the text out"},
    {M "*other\n", "j.yaml:3:12: YAML aliases (*name) are not supported: write the text out, or "
                   "quote a text that starts with \"*\""},
    {"journey: !!str x\n", "j.yaml:1:10: YAML tags (!name) are not supported: leave it out, or "
                           "quote a text that starts with \"!\""},
    {"journey: \"a\\0b\"\n", "j.yaml:1:10: a text must not have a NUL character in it"},
    {"[a]: b\n", "j.yaml:1:1: a key must be a plain word, this one is a list"},
    {"journey: a\nvisit: {}\njourney: b\n",
     "j.yaml:3:1: key \"journey\" stands twice, first in line 1"},
    /* the top */
    {"touchpoint: {}\n",
     "j.yaml:1:1: unknown key \"touchpoint\" in a journey file: expected journey, extends, "
     "stages, visitor, visit, internal, bots, own_hosts, show_query, log, touchpoints or funnels "
     "(did you mean \"touchpoints\"?)"},
    {"goals: {}\n", "j.yaml:1:1: unknown key \"goals\" in a journey file: expected journey, "
                    "extends, stages, visitor, visit, internal, bots, own_hosts, show_query, log, "
                    "touchpoints or funnels"},
    /* log */
    {"log: combined\n", "j.yaml:1:6: log: expected a mapping (lines of \"key: value\"), found "
                        "\"combined\""},
    {"log: {formt: combined}\n", "j.yaml:1:7: unknown key \"formt\" in log: expected format or "
                                 "keys (did you mean \"format\"?)"},
    {"log: {format: combind}\n",
     "j.yaml:1:15: format, character 1: \"combind\" is neither the name of a format nor a format "
     "of "
     "Apache, nginx or GoAccess, which would hold directives such as %h or $remote_addr (did you "
     "mean \"combined\"?)"},
    {"log: {keys: {adress: ip}}\n",
     "j.yaml:1:14: unknown key \"adress\" in keys: expected host, address, forwarded, user, time, "
     "request, method, url, query, status, bytes, duration, referrer, agent or cookie (did you "
     "mean "
     "\"address\"?)"},
    {"log: {keys: {time: {key: t, is: middle}}}\n",
     "j.yaml:1:33: is: expected start or end, found \"middle\""},
    {"log: {keys: {duration: {key: d, unit: min}}}\n",
     "j.yaml:1:39: unit: expected s, ms, us or ns, found \"min\""},
    {"log: {keys: {duration: {unit: ms}}}\n", "j.yaml:1:24: expected \"key\", found none"},
    {"log: {keys: {url: {key: u, unit: ms}}}\n",
     "j.yaml:1:28: unknown key \"unit\" in a key: expected key"},
    {"journey: [a]\n", "j.yaml:1:10: journey: expected a text, found a list"},
    {"journey:\n" A, "j.yaml:1:9: journey: expected a text, found nothing"},
    {"extends: bse\n", "j.yaml:1:10: extends \"bse\": expected the name of a built-in journey: "
                       "base, middle, people, round or broken (did you mean \"base\"?)"},
    {"extends: round\n", "built-in round:1:10: extends \"round\": more than 8 levels, or a journey "
                         "that extends itself"},
    {"extends: broken\n", "built-in broken:2:21: path \"a\": expected a glob that starts with "
                          "\"/\" or \"**\" (did you mean \"/a\"?)"},
    {"stages: a\n", "j.yaml:1:9: stages: expected a list, found \"a\""},
    {"stages: []\n", "j.yaml:1:9: stages: expected 1 to 256 names, found 0"},
    {"stages: [a, b, a]\n", "j.yaml:1:16: stage \"a\" stands twice"},
    {"visit: 30m\n", "j.yaml:1:8: visit: expected a mapping (lines of \"key: value\"), found "
                     "\"30m\""},
    {"visit: {timeot: 1m}\n", "j.yaml:1:9: unknown key \"timeot\" in visit: expected timeout, "
                              "max_length, cut_at_midnight, cut_on_new_source, "
                              "cut_on_new_campaign or split_by_referrer (did you mean "
                              "\"timeout\"?)"},
    {"visit: {timeout: 30}\n", "j.yaml:1:18: timeout: expected a number and s, m, h, d or w, from "
                               "1s to 3650d, found \"30\""},
    {"visit: {timeout: none}\n", "j.yaml:1:18: timeout: expected a number and s, m, h, d or w, "
                                 "from 1s to 3650d, found \"none\""},
    {"visit: {timeout: 0s}\n", "j.yaml:1:18: timeout: expected a number and s, m, h, d or w, from "
                               "1s to 3650d, found \"0s\""},
    {"visit: {timeout: 99999999999999999999s}\n",
     "j.yaml:1:18: timeout: expected a number and s, m, h, d or w, from 1s to 3650d, found "
     "\"99999999999999999999s\""},
    {"visit: {timeout: 3651d}\n", "j.yaml:1:18: timeout: expected a number and s, m, h, d or w, "
                                  "from 1s to 3650d, found \"3651d\""},
    {"visit: {max_length: 29m}\n", "j.yaml:1:21: max_length: expected at least the timeout, which "
                                   "is 1800 s, found 1740 s"},
    {"extends: middle\nvisit: {max_length: 10m}\n",
     "j.yaml:2:21: max_length: expected at least the timeout, which is 1200 s, found 600 s"},
    {"extends: people\nvisit: {timeout: 3h}\n",
     "j.yaml:2:18: max_length: expected at least the timeout, which is 10800 s, found 7200 s"},
    {"visit: {max_length: never}\n",
     "j.yaml:1:21: max_length: expected a number and s, m, h, d or w, from 1s to 3650d, or none, "
     "found \"never\""},
    {"visit: {cut_at_midnight: yes}\n",
     "j.yaml:1:26: cut_at_midnight: expected false or true, found \"yes\""},
    {"visit: {split_by_referrer: ~}\n",
     "j.yaml:1:28: split_by_referrer: expected false or true, found nothing"},
    /* visitor */
    {"visitor: []\n", "j.yaml:1:10: visitor: expected 1 to 8 keys, found 0"},
    {"visitor:\n", "j.yaml:1:9: a key of visitor: expected a text, found nothing"},
    {"visitor: [[user]]\n", "j.yaml:1:11: a key of visitor: expected a text, found a list"},
    {"visitor: {keys: {a: b}}\n",
     "j.yaml:1:17: a key of visitor: expected a text, found a mapping"},
    {"visitor: {key: user}\n", "j.yaml:1:11: unknown key \"key\" in visitor: expected keys, "
                               "ipv4_prefix or ipv6_prefix (did you mean \"keys\"?)"},
    {"visitor: [usr]\n",
     "j.yaml:1:11: visitor \"usr\": expected cookie:NAME, query:NAME, header:NAME, user, address, "
     "address+agent, address+host or address+agent+host (did you mean \"user\"?)"},
    {"visitor: adress+agent\n",
     "j.yaml:1:10: visitor \"adress+agent\": expected cookie:NAME, query:NAME, header:NAME, user, "
     "address, address+agent, address+host or address+agent+host (did you mean "
     "\"address+agent\"?)"},
    {"visitor: agent+host\n",
     "j.yaml:1:10: visitor \"agent+host\": expected cookie:NAME, query:NAME, header:NAME, user, "
     "address, address+agent, address+host or address+agent+host"},
    {"visitor: address+\n",
     "j.yaml:1:10: visitor \"address+\": expected cookie:NAME, query:NAME, header:NAME, user, "
     "address, address+agent, address+host or address+agent+host (did you mean \"address\"?)"},
    {"visitor: address+agent+address\n",
     "j.yaml:1:10: visitor \"address+agent+address\": expected cookie:NAME, query:NAME, "
     "header:NAME, user, address, address+agent, address+host or address+agent+host (did you mean "
     "\"address+agent+host\"?)"},
    {"visitor: [cokie:uid]\n",
     "j.yaml:1:11: visitor \"cokie:uid\": expected cookie:NAME, query:NAME or header:NAME (did you "
     "mean \"cookie:uid\"?)"},
    {"visitor: [zzz:uid]\n",
     "j.yaml:1:11: visitor \"zzz:uid\": expected cookie:NAME, query:NAME, header:NAME, user, "
     "address, address+agent, address+host or address+agent+host"},
    {"visitor: \"cookie:\"\n",
     "j.yaml:1:10: visitor \"cookie:\": expected a name behind the colon, found none"},
    {"visitor: \"cookie:a=b\"\n",
     "j.yaml:1:10: visitor \"cookie:a=b\": expected the name alone behind the colon, without "
     "blanks, quotes, \"=\", \"&\", \";\", \",\", \"?\" and \"#\""},
    {"visitor: \"header:X Session\"\n",
     "j.yaml:1:10: visitor \"header:X Session\": expected the name alone behind the colon, of "
     "letters, digits, \"-\" and \"_\""},
    {"visitor: header:cookie\n",
     "j.yaml:1:10: visitor \"header:cookie\": this header does not tell visitors apart; one of its "
     "cookies does: write cookie:NAME"},
    {"visitor: header:USER-AGENT\n",
     "j.yaml:1:10: visitor \"header:USER-AGENT\": this header does not tell visitors apart; many "
     "have the same one: write address+agent"},
    {"visitor: header:Referer\n",
     "j.yaml:1:10: visitor \"header:Referer\": this header does not tell visitors apart; it says "
     "where a visit comes from, and is its source"},
    {"visitor: header:X-Forwarded-For\n",
     "j.yaml:1:10: visitor \"header:X-Forwarded-For\": this header does not tell visitors apart; "
     "it is part of the address: say --trusted-proxy, and write address"},
    {"visitor: [user, user]\n", "j.yaml:1:17: visitor: \"user\" stands twice"},
    {"visitor: [header:X-Id, header:x-id]\n", "j.yaml:1:24: visitor: \"header:x-id\" stands twice"},
    {"visitor: [host+address, address+host]\n",
     "j.yaml:1:25: visitor: \"address+host\" stands twice"},
    {"visitor: [address, user]\n",
     "j.yaml:1:20: visitor: \"user\" would never be asked, because every hit has \"address\": "
     "expected the address last"},
    {"visitor: [cookie:a, header:b, cookie:c, header:d, cookie:e]\n",
     "j.yaml:1:51: visitor: more than 4 cookies and headers"},
    {"visitor: [query:a, query:b, query:c, query:d, query:e, query:f, query:g, query:h, user]\n",
     "j.yaml:1:10: visitor: expected 1 to 8 keys, found 9"},
    {"visitor: [query:a, query:b, query:c, query:d, query:e, query:f, query:g, query:h]\n",
     "j.yaml:1:10: visitor: more than 8 keys, with the address+agent that is added behind them"},
    {"visitor: {ipv4_prefix: 33}\n",
     "j.yaml:1:24: ipv4_prefix: expected a number of bits from 1 to 32, found \"33\""},
    {"visitor: {ipv4_prefix: 0}\n",
     "j.yaml:1:24: ipv4_prefix: expected a number of bits from 1 to 32, found \"0\""},
    {"visitor: {ipv6_prefix: 4294967297}\n",
     "j.yaml:1:24: ipv6_prefix: expected a number of bits from 1 to 128, found \"4294967297\""},
    {"visitor: {ipv6_prefix: /64}\n",
     "j.yaml:1:24: ipv6_prefix: expected a number of bits from 1 to 128, found \"/64\""},
    /* bots, hosts, parameters; of networks: names_the_network_that_is_wrong */
    {"internal: [[10.0.0.0/8]]\n", "j.yaml:1:12: internal: expected a text, found a list"},
    {"internal: {a: b}\n", "j.yaml:1:11: internal: expected a text, found a mapping"},
    {"bots: {of: regular}\n", "j.yaml:1:8: unknown key \"of\" in bots: expected off or ranges (did "
                              "you mean \"off\"?)"},
    {"bots: {off: [no-asset]}\n",
     "j.yaml:1:14: off: unknown rule \"no-asset\": expected forged-crawler, attack, login-flood, "
     "robots-txt, no-agent, impossible-browser, old-browser, head-only, post-only, rate, regular "
     "or "
     "no-assets "
     "(did you mean \"no-assets\"?)"},
    {"bots: {off: [\"\"]}\n", "j.yaml:1:14: off: expected a text, found \"\""},
    {"bots: {ranges: [a.json]}\n", "j.yaml:1:16: ranges: expected a mapping (lines of \"key: "
                                   "value\"), found a list"},
    {"bots: {ranges: {Googlebot: []}}\n",
     "j.yaml:1:28: ranges of Googlebot: expected at least one range or file, found an empty list"},
    {"bots: {ranges: {Googelbot: 10.0.0.0/8}}\n",
     "j.yaml:1:17: ranges: no crawler is known by the name \"Googelbot\": expected a part of its "
     "user agent, such as Googlebot (did you mean \"Googlebot\"?)"},
    {"bots: {ranges: {o: 10.0.0.0/8}}\n", "j.yaml:1:17: ranges: no crawler is known by the name "
                                          "\"o\": expected a part of its user agent, such as "
                                          "Googlebot"},
    {"bots: {ranges: {NoSuchProgramAtAll: 10.0.0.0/8}}\n",
     "j.yaml:1:17: ranges: no crawler is known by the name \"NoSuchProgramAtAll\": expected a part "
     "of its user agent, such as Googlebot"},
    {"bots: {ranges: {\"\": 10.0.0.0/8}}\n",
     "j.yaml:1:17: the name of a crawler: expected a text, found \"\""},
    {"own_hosts: \"https://Shop.example:8080/a\"\n",
     "j.yaml:1:12: own_hosts \"https://Shop.example:8080/a\": expected the name of a host, which "
     "stands for its subdomains as well (did you mean \"Shop.example\"?)"},
    {"own_hosts: [\"*.shop.example\"]\n",
     "j.yaml:1:13: own_hosts \"*.shop.example\": expected the name of a host, which stands for its "
     "subdomains as well (did you mean \"shop.example\"?)"},
    {"own_hosts: [.shop.example]\n",
     "j.yaml:1:13: own_hosts \".shop.example\": expected the name of a host, which stands for its "
     "subdomains as well (did you mean \"shop.example\"?)"},
    {"own_hosts: [\".\"]\n", "j.yaml:1:13: own_hosts \".\": expected the name of a host, which "
                             "stands for its subdomains as well"},
    {"own_hosts: [a.example, WWW.a.example.]\n",
     "j.yaml:1:24: own_hosts: \"a.example\" stands twice"},
    {"show_query: [page=2]\n", "j.yaml:1:14: show_query \"page=2\": expected the name of a "
                               "parameter alone, such as page"},
    {"show_query: [page, id, page]\n", "j.yaml:1:24: show_query: \"page\" stands twice"},
    /* touchpoints */
    {"touchpoints: {a b: {match: {path: /a}}}\n",
     "j.yaml:1:15: the name of a touchpoint: expected letters (a to z), digits, \"-\", \"_\" and "
     "\".\", found \"a b\""},
    {"touchpoints: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {}}\n",
     "j.yaml:1:15: the name of a touchpoint: expected at most 64 bytes, found 65"},
    {"touchpoints: {a: /a}\n", "j.yaml:1:18: touchpoint \"a\": expected a mapping (lines of \"key: "
                               "value\"), found \"/a\""},
    {"touchpoints: {a: {stage: s}}\n",
     "j.yaml:1:15: touchpoint \"a\": expected \"match\", the conditions that recognise it, found "
     "none"},
    {"touchpoints: {a: {mach: {path: /a}}}\n",
     "j.yaml:1:19: unknown key \"mach\" in touchpoint \"a\": expected stage, intent or match (did "
     "you mean \"match\"?)"},
    {"stages: [look, buy]\ntouchpoints:\n  a: {stage: loko, match: {path: /a}}\n",
     "j.yaml:3:14: touchpoint \"a\": unknown stage \"loko\": expected look or buy (did you mean "
     "\"look\"?)"},
    {"extends: base\ntouchpoints: {b: {stage: loook, match: {path: /b}}}\n",
     "j.yaml:2:26: touchpoint \"b\": unknown stage \"loook\": expected look or buy (did you mean "
     "\"look\"?)"},
    {"extends: base\nstages: [look, other]\n",
     "built-in base:6:17: touchpoint \"cart\": unknown stage \"buy\": expected look or other"},
    {"touchpoints: {a: {intent: [x], match: {path: /a}}}\n",
     "j.yaml:1:27: intent: expected a text, found a list"},
    /* match */
    {M "[]\n", "j.yaml:3:12: match: expected conditions, found an empty list"},
    {M "{}\n", "j.yaml:3:12: match: expected at least one of path, method, status, query, "
               "search or outcome, found none: it would match every page"},
    {M "[{path: /a}, {}]\n", "j.yaml:3:25: match: expected at least one of path, method, status, "
                             "query, search or outcome, found none: it would match every page"},
    {M "/a\n", "j.yaml:3:12: match: expected a mapping (lines of \"key: value\"), found \"/a\""},
    {M "{regex: a}\n", "j.yaml:3:13: unknown key \"regex\" in match: expected path, method, "
                       "status, query, search or outcome"},
    {M "{paht: /a}\n", "j.yaml:3:13: unknown key \"paht\" in match: expected path, method, "
                       "status, query, search or outcome (did you mean \"path\"?)"},
    {M "{path: cart}\n", "j.yaml:3:19: path \"cart\": expected a glob that starts with \"/\" or "
                         "\"**\" (did you mean \"/cart\"?)"},
    {M "{path: [/a, \"\"]}\n", "j.yaml:3:24: path: expected a text, found \"\""},
    {M "{path: []}\n", "j.yaml:3:19: path: expected at least one, found an empty list"},
    {M "{path: {a: b}}\n", "j.yaml:3:19: path: expected a text, found a mapping"},
    {M "{path: \"/a?step=2\"}\n",
     "j.yaml:3:19: path \"/a?step=2\": a path has no query, that is a condition of its own (did "
     "you mean query: \"step=2\"?)"},
    {M "{method: PSOT}\n",
     "j.yaml:3:21: method \"PSOT\": expected GET, POST, HEAD, PUT, DELETE, PATCH, OPTIONS, "
     "CONNECT, TRACE or PROPFIND (did you mean \"POST\"?)"},
    {M "{status: 600}\n", "j.yaml:3:21: status \"600\": expected a status from 100 to 599, a "
                          "class, a range or several: 404, 2xx, 200-299, 2xx|3xx"},
    {M "{status: 2xx|}\n", "j.yaml:3:21: status \"2xx|\": expected a status from 100 to 599, a "
                           "class, a range or several: 404, 2xx, 200-299, 2xx|3xx"},
    {M "{status: 299-200}\n", "j.yaml:3:21: status \"299-200\": expected a status from 100 to 599, "
                              "a class, a range or several: 404, 2xx, 200-299, 2xx|3xx"},
    {M "{status: [200, 2x]}\n", "j.yaml:3:27: status \"2x\": expected a status from 100 to 599, a "
                                "class, a range or several: 404, 2xx, 200-299, 2xx|3xx"},
    {M "{query: {}}\n", "j.yaml:3:20: query: expected at least one parameter, found an empty "
                        "mapping"},
    {M "{query: {a: []}}\n", "j.yaml:3:24: a parameter of query: expected at least one, found an "
                             "empty list"},
    {M "{query: {a: {b: c}}}\n", "j.yaml:3:24: a value of query: expected a text, found a "
                                 "mapping"},
    {M "{query: \"a=1&b=2\"}\n",
     "j.yaml:3:20: query \"a=1&b=2\": expected \"name=value\" or \"name\"; several parameters are "
     "written as a mapping, {name: value, other: value}"},
    {M "{query: [a]}\n", "j.yaml:3:20: query: expected a text, found a list"},
    {M "{search: \"!?\"}\n",
     "j.yaml:3:21: search \"!?\": expected words, with \"*\" only at the end of one: terms, cancel "
     "subscription, refund*, or * for any search"},
    {M "{search: [terms, re*fund]}\n",
     "j.yaml:3:29: search \"re*fund\": expected words, with \"*\" only at the end of one: terms, "
     "cancel subscription, refund*, or * for any search"},
    {M "{outcome: sent}\n",
     "j.yaml:3:22: outcome: expected submitted, refused or failed, found \"sent\""},
    {M "{path: /a, outcome: [refused, failled]}\n",
     "j.yaml:3:42: outcome: expected submitted, refused or failed, found \"failled\" (did you mean "
     "\"failed\"?)"},
    {M "{path: /a, outcome: []}\n",
     "j.yaml:3:32: outcome: expected at least one, found an empty list"},
    {M "{path: /a, outcome: failed, method: [POST, PUT]}\n",
     "j.yaml:3:32: outcome: only what is sent by POST has one, and \"method\" names another: "
     "expected method POST, or none"},
    /* funnels */
    {F "{}\n", "j.yaml:4:3: funnel \"f\": expected \"steps\", found none"},
    {F "{steps: a}\n", "j.yaml:4:14: steps: expected a list, found \"a\""},
    {F "{steps: []}\n", "j.yaml:4:14: steps: expected 1 to 64 steps, found 0"},
    {F "{stesp: [a]}\n", "j.yaml:4:7: unknown key \"stesp\" in funnel \"f\": expected per, window, "
                         "order, entry or steps (did you mean \"steps\"?)"},
    {F "{per: day, steps: [a]}\n", "j.yaml:4:12: per: expected visit or visitor, found \"day\""},
    {F "{per: visitr, steps: [a]}\n",
     "j.yaml:4:12: per: expected visit or visitor, found \"visitr\" (did you mean \"visit\"?)"},
    {F "{order: any, steps: [a]}\n", "j.yaml:4:14: order: expected ordered, found \"any\""},
    {F "{entry: open, steps: [a]}\n", "j.yaml:4:14: entry: expected closed, found \"open\""},
    {F "{window: 7 days, steps: [a]}\n",
     "j.yaml:4:15: window: expected a number and s, m, h, d or w, from 1s to 3650d, or none, found "
     "\"7 days\""},
    {F "{steps: [a, chekout]}\n", "j.yaml:4:18: unknown touchpoint \"chekout\": expected the name "
                                  "of one under \"touchpoints\""},
    {AB "funnels: {f: {steps: [aa]}}\n",
     "j.yaml:2:23: unknown touchpoint \"aa\": expected the name of one under \"touchpoints\" (did "
     "you mean \"a\"?)"},
    {F "{steps: [a, {any: []}]}\n",
     "j.yaml:4:24: any: expected at least one touchpoint, found an empty list"},
    {F "{steps: [{any: [a, a]}]}\n", "j.yaml:4:25: touchpoint \"a\" stands twice in this step"},
    {F "{steps: [{any: a}]}\n", "j.yaml:4:21: any: expected a list, found \"a\""},
    {F "{steps: [{touchpoint: a, any: [a]}]}\n",
     "j.yaml:4:15: a step: expected either \"touchpoint\" or \"any\", found both"},
    {F "{steps: [{optional: true}]}\n",
     "j.yaml:4:15: a step: expected either \"touchpoint\" or \"any\", found neither"},
    {F "{steps: [{touchpoint: a, within: 30m}]}\n",
     "j.yaml:4:31: unknown key \"within\" in a step: expected touchpoint, any or optional"},
    {F "{steps: [{touchpoint: a, optional: yes}]}\n",
     "j.yaml:4:41: optional: expected false or true, found \"yes\""},
    {F "{steps: [{touchpoint: a, optional: true}, a]}\n",
     "j.yaml:4:15: the first step of a funnel must not be optional"},
    {F "{steps: [a, {touchpoint: a, optional: true}]}\n",
     "j.yaml:4:18: the last step of a funnel must not be optional"},
    {F "{steps: [[a]]}\n", "j.yaml:4:15: a step (a touchpoint's name, {any: [..]} or {touchpoint: "
                           "..}): expected a text, found a list"},
};

START_TEST(says_what_is_wrong)
{
    struct error error;
    char text[1024];
    struct journey *journey = parse(wrong[_i].text, &error);
    ck_assert_msg(!journey, "accepted:\n%s", wrong[_i].text);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error_text(&error, text, sizeof text), wrong[_i].message);
}
END_TEST

static struct journey *must_parse(const char *text)
{
    struct error error;
    char message[1024];
    struct journey *journey = parse(text, &error);
    ck_assert_msg(journey != NULL, "%s", error_text(&error, message, sizeof message));
    return journey;
}

START_TEST(reads_touchpoints)
{
    struct journey *journey =
        must_parse("journey: shop\n"
                   "stages: [look, buy]\n"
                   "visit: {timeout: 1h}\n"
                   "touchpoints:\n"
                   "  product: {stage: look, match: {path: [/p/*, \"/x\"]}}\n"
                   "  paid:\n"
                   "    stage: buy\n"
                   "    intent: buy\n"
                   "    match:\n"
                   "      - {path: /pay, method: [post, Put], status: \"2xx | 304|400-404\"}\n"
                   "      - {status: [201, 3XX], query: {step: [\"2\", \"3*\"], done: ~}}\n"
                   "  plain: {match: {search: [\"K\xc3\xbcndigung!\", refund* POLICY, \"*\"]}}\n");
    const struct touch_rule *rules = journey->rules;
    ck_assert_str_eq(journey->name, "shop");
    ck_assert_str_eq(journey->source, "j.yaml");
    ck_assert_int_eq(journey->visit.timeout_ms, 3600000);
    ck_assert_uint_eq(journey->touchpoint_count, 3);
    ck_assert_uint_eq(journey->rule_count, 4);
    ck_assert_int_eq(journey_find_touchpoint(journey, SLICE_LITERAL("paid")), 1);
    ck_assert_int_eq(journey_find_touchpoint(journey, SLICE_LITERAL("pai")), -1);

    ck_assert_int_eq(journey->touchpoints[0].stage, 0);
    ck_assert_str_eq(journey->touchpoints[0].intent, "");
    ck_assert_int_eq(journey->touchpoints[1].stage, 1);
    ck_assert_str_eq(journey->touchpoints[1].intent, "buy");
    ck_assert_uint_eq(journey->touchpoints[1].first_rule, 1);
    ck_assert_uint_eq(journey->touchpoints[1].rule_count, 2);
    ck_assert_int_eq(journey->touchpoints[2].stage, JOURNEY_NO_STAGE);

    ck_assert_uint_eq(rules[0].path_count, 2);
    ck_assert(slice_is(rules[0].paths[1], "/x"));
    ck_assert_uint_eq(rules[0].methods, 0);
    ck_assert_uint_eq(rules[0].line, 5);
    ck_assert_uint_eq(rules[1].line, 10);
    ck_assert_uint_eq(rules[1].touchpoint, 1);
    ck_assert_uint_eq(rules[1].methods, 1u << METHOD_POST | 1u << METHOD_PUT);
    ck_assert(rules[1].names_methods && !rules[0].names_methods);
    ck_assert_uint_eq(rules[1].status_count, 3);
    ck_assert_uint_eq(rules[1].statuses[0].first, 200);
    ck_assert_uint_eq(rules[1].statuses[0].last, 299);
    ck_assert_uint_eq(rules[1].statuses[1].first, 304);
    ck_assert_uint_eq(rules[1].statuses[1].last, 304);
    ck_assert_uint_eq(rules[1].statuses[2].first, 400);
    ck_assert_uint_eq(rules[1].statuses[2].last, 404);
    ck_assert_uint_eq(rules[2].statuses[1].first, 300);
    ck_assert_uint_eq(rules[2].query_count, 2);
    ck_assert(slice_is(rules[2].queries[0].name, "step"));
    ck_assert_uint_eq(rules[2].queries[0].value_count, 2);
    ck_assert(slice_is(rules[2].queries[0].values[1], "3*"));
    ck_assert(slice_is(rules[2].queries[1].values[0], "*"));
    ck_assert_uint_eq(rules[3].search_count, 3);
    ck_assert(slice_is(rules[3].searches[0], "kundigung"));
    ck_assert(slice_is(rules[3].searches[1], "refund* policy"));
    ck_assert(slice_is(rules[3].searches[2], "*"));
    journey_free(journey);
}
END_TEST

START_TEST(reads_funnels)
{
    struct journey *journey = must_parse(
        "touchpoints: {a: {match: {path: /a}}, b: {match: {path: /b}}, c: {match: {path: /c}}}\n"
        "funnels:\n"
        "  plain: {steps: [a, b]}\n"
        "  full:\n"
        "    per: visitor\n"
        "    window: 1w\n"
        "    order: ordered\n"
        "    entry: closed\n"
        "    steps: [a, {any: [c, b], optional: true}, {touchpoint: b, optional: false}, c]\n"
        "  none: {window: none, steps: [a]}\n");
    const struct funnel *plain = &journey->funnels[0], *full = &journey->funnels[1];
    ck_assert_uint_eq(journey->funnel_count, 3);
    ck_assert_int_eq(plain->unit, FUNNEL_PER_VISIT);
    ck_assert_int_eq(plain->window_ms, JOURNEY_NO_WINDOW);
    ck_assert_int_eq(journey->funnels[2].window_ms, JOURNEY_NO_WINDOW);
    ck_assert_int_eq(full->unit, FUNNEL_PER_VISITOR);
    ck_assert_int_eq(full->window_ms, INT64_C(604800000));
    ck_assert_uint_eq(full->step_count, 4);
    ck_assert_str_eq(full->steps[1].label, "c|b");
    ck_assert(full->steps[1].optional && !full->steps[2].optional);
    ck_assert_uint_eq(full->steps[1].touchpoints.words[0], 6);
    ck_assert_uint_eq(full->steps[3].touchpoints.words[0], 4);
    journey_free(journey);
}
END_TEST

static const struct {
    const char *text;
    int64_t seconds;
} durations[] = {
    {"30s", 30}, {"15m", 900}, {"2h", 7200}, {"7d", 604800}, {"1w", 604800}, {"3650d", 315360000},
};

START_TEST(reads_durations)
{
    char text[128];
    snprintf(text, sizeof text, "visit: {timeout: %s}\n" A, durations[_i].text);
    struct journey *journey = must_parse(text);
    ck_assert_int_eq(journey->visit.timeout_ms, durations[_i].seconds * 1000);
    journey_free(journey);
}
END_TEST

START_TEST(collects_stages_in_order)
{
    struct journey *journey = must_parse("touchpoints:\n"
                                         "  a: {stage: buy, match: {path: /a}}\n"
                                         "  b: {match: {path: /b}}\n"
                                         "  c: {stage: look, match: {path: /c}}\n"
                                         "  d: {stage: buy, match: {path: /d}}\n");
    ck_assert_uint_eq(journey->stage_count, 2);
    ck_assert_str_eq(journey->stages[0], "buy");
    ck_assert_str_eq(journey->stages[1], "look");
    ck_assert_int_eq(journey->touchpoints[3].stage, 0);
    journey_free(journey);
}
END_TEST

/* API requests count only for rules that are about API requests. */
static const struct {
    const char *match;
    bool names_calls;
} call_rows[] = {
    {"{path: /cart}", false},
    {"{path: /api/cart}", true},
    {"{path: [/cart, /wp-admin/admin-ajax.php]}", true},
    {"{path: /**}", false},
    {"{query: wc-ajax=checkout}", true},
    {"{query: {wc-ajax: \"*\"}}", true},
    {"{query: {action: wc-ajax}}", false},
};

START_TEST(knows_rules_for_calls)
{
    char text[256];
    snprintf(text, sizeof text, M "%s\n", call_rows[_i].match);
    struct journey *journey = must_parse(text);
    ck_assert_msg(journey->rules[0].names_calls == call_rows[_i].names_calls, "%s",
                  call_rows[_i].match);
    journey_free(journey);
}
END_TEST

START_TEST(extends_a_base)
{
    struct journey *journey =
        must_parse("journey: mine\n"
                   "extends: middle\n"
                   "touchpoints:\n"
                   "  thanks: {stage: buy, match: {path: /thanks}}\n"
                   "  product: {stage: look, match: [{path: /a}, {path: /b}, {path: /c}]}\n"
                   "funnels:\n"
                   "  short: {steps: [thanks]}\n");
    ck_assert_str_eq(journey->name, "mine");
    ck_assert_int_eq(journey->visit.timeout_ms, 1200000); /* that of middle */
    ck_assert_uint_eq(journey->stage_count, 2);
    ck_assert_uint_eq(journey->touchpoint_count, 3);
    ck_assert_str_eq(journey->touchpoints[0].name, "product"); /* replaced at its place */
    ck_assert_uint_eq(journey->touchpoints[0].rule_count, 3);
    ck_assert_str_eq(journey->touchpoints[1].name, "cart");
    ck_assert_uint_eq(journey->touchpoints[1].first_rule, 3);
    ck_assert_str_eq(journey->touchpoints[2].name, "thanks");
    for (size_t i = 0; i < journey->rule_count; i++)
        ck_assert_uint_eq(journey->rules[i].touchpoint, i < 3 ? 0 : i < 5 ? 1 : 2);
    ck_assert_uint_eq(journey->funnel_count, 2);
    ck_assert_str_eq(journey->funnels[0].name, "purchase");
    ck_assert_str_eq(journey->funnels[0].steps[0].label, "product");
    ck_assert_str_eq(journey->funnels[1].name, "short");
    journey_free(journey);
}
END_TEST

START_TEST(replaces_a_funnel_in_place)
{
    struct journey *journey = must_parse("extends: base\nfunnels: {new: {steps: [cart]}, purchase: "
                                         "{per: visitor, steps: [cart]}}\n");
    ck_assert_uint_eq(journey->funnel_count, 2);
    ck_assert_str_eq(journey->funnels[0].name, "purchase");
    ck_assert_int_eq(journey->funnels[0].unit, FUNNEL_PER_VISITOR);
    ck_assert_uint_eq(journey->funnels[0].step_count, 1);
    journey_free(journey);
}
END_TEST

START_TEST(own_stages_replace_the_bases)
{
    struct journey *journey = must_parse("extends: base\nstages: [after, buy, look]\n");
    ck_assert_uint_eq(journey->stage_count, 3);
    ck_assert_int_eq(journey->touchpoints[0].stage, 2);
    journey_free(journey);
}
END_TEST

START_TEST(has_a_name_of_its_own)
{
    struct error error = {0};
    struct journey *journey = journey_parse(SLICE_LITERAL(A), "sites/my.shop.yaml", &error);
    ck_assert_str_eq(journey->name, "my.shop");
    journey_free(journey);
    journey = must_parse("extends: base\n");
    ck_assert_str_eq(journey->name, "j");
    journey_free(journey);
}
END_TEST

START_TEST(keeps_one_funnel)
{
    struct error error = {0};
    struct journey *journey =
        must_parse(AB "funnels: {one: {steps: [a]}, two: {steps: [b]}, three: {steps: [a, b]}}\n");
    ck_assert(!journey_keep_funnel(journey, "tow", &error));
    ck_assert_str_eq(error.sentence, "journey \"j\" has no funnel \"tow\": expected one, two or "
                                     "three (did you mean \"two\"?)");
    ck_assert_uint_eq(journey->funnel_count, 3);
    ck_assert(journey_keep_funnel(journey, "two", &error));
    ck_assert_uint_eq(journey->funnel_count, 1);
    ck_assert_str_eq(journey->funnels[0].name, "two");
    journey_free(journey);
}
END_TEST

/* ---- limits ---- */

static struct journey *parse_built(char *text, struct error *error)
{
    struct journey *journey = parse(text, error);
    free(text);
    return journey;
}

static char *repeat(const char *head, const char *format, int count, const char *tail)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    fputs(head, stream);
    for (int i = 0; i < count; i++)
        fprintf(stream, format, i);
    fputs(tail, stream);
    fclose(stream);
    return text;
}

static const struct {
    const char *head, *format, *tail;
    int most;
    const char *sentence; /* when there is one more */
} limits[] = {
    {"touchpoints:\n", " t%d: {match: {path: /a}}\n", "", 256, "more than 256 touchpoints"},
    {A "funnels: {f: {steps: [", "a, ", "]}}", 64, "steps: expected 1 to 64 steps, found 65"},
    {M "[", "{path: /%d},", "]", 4096, "match: more than 4096 alternatives"},
    {M "{path: [", "/%d,", "]}", 16384, "touchpoint \"a\": more than 16384 globs in the journey"},
    {M "{query: {", "p%d: 1,", "}}", 1024, "more than 1024 keys in one mapping"},
    {A "own_hosts: [", "h%d, ", "]", 256, "own_hosts: expected at most 256, found 257"},
    {A "show_query: [", "p%d, ", "]", 64, "show_query: expected at most 64, found 65"},
    {M "{path: /", "x", "}", 1023, "path: expected at most 1024 bytes, found 1025"},
};

START_TEST(has_limits)
{
    struct error error;
    char text[1024];
    struct journey *journey = parse_built(
        repeat(limits[_i].head, limits[_i].format, limits[_i].most, limits[_i].tail), &error);
    ck_assert_msg(journey != NULL, "%s", error_text(&error, text, sizeof text));
    journey_free(journey);
    journey = parse_built(
        repeat(limits[_i].head, limits[_i].format, limits[_i].most + 1, limits[_i].tail), &error);
    ck_assert_ptr_null(journey);
    ck_assert_str_eq(error.sentence, limits[_i].sentence);
}
END_TEST

START_TEST(limits_nesting)
{
    struct error error;
    ck_assert_ptr_null(parse_built(repeat("journey: ", "[", 100000, ""), &error));
    ck_assert_str_eq(error.sentence, "nested more than 32 levels deep");
    ck_assert_ptr_null(parse_built(repeat("journey: ", "{a: ", 100000, ""), &error));
    ck_assert_str_eq(error.sentence, "nested more than 32 levels deep");
}
END_TEST

START_TEST(limits_the_file)
{
    struct error error;
    struct journey *journey = parse_built(repeat(A, "#%015d", 65533, "\n"), &error);
    ck_assert_ptr_nonnull(journey);
    journey_free(journey);
    ck_assert_ptr_null(parse_built(repeat(A, "#%015d", 65536, "\n"), &error));
    ck_assert_str_eq(error.sentence, "larger than 1 MiB: this cannot be meant");
}
END_TEST

/* ---- by name or from a file ---- */

static const struct {
    const char *name, *message;
} loads[] = {
    {"base", NULL},
    {"bsae", "unknown journey \"bsae\": expected a file or the name of a built-in: base, middle, "
             "people, round or broken (did you mean \"base\"?)"},
    {"./no-base", "./no-base: the journey file cannot be opened: No such file or directory"},
    {"base.yaml", "base.yaml: the journey file cannot be opened: No such file or directory"},
    {"base.yml", "base.yml: the journey file cannot be opened: No such file or directory"},
    {"/", "/: the journey file cannot be read: Is a directory"},
};

START_TEST(loads_by_name)
{
    struct error error = {0};
    char text[1024];
    struct journey *journey = journey_load(loads[_i].name, &error);
    ck_assert_int_eq(journey == NULL, loads[_i].message != NULL);
    if (loads[_i].message)
        ck_assert_str_eq(error_text(&error, text, sizeof text), loads[_i].message);
    else
        ck_assert_str_eq(journey->source, "built-in");
    journey_free(journey);
}
END_TEST

START_TEST(loads_a_file)
{
    struct error error = {0};
    char path[] = "journey_file_test_XXXXXX";
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, A, sizeof A - 1), sizeof A - 1);
    close(descriptor);
    struct journey *journey = journey_load(path, &error);
    unlink(path);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    ck_assert_str_eq(journey->source, path);
    ck_assert_str_eq(journey->name, path);
    journey_free(journey);
}
END_TEST

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

/* What "log:" says becomes a format and a map of names, the first of several keys the best. */
START_TEST(says_how_logs_are_written)
{
    static const char text[] = "log:\n"
                               "  format: '%h %t %>s \"%r\"'\n"
                               "  keys:\n"
                               "    address: [client.real, client.ip]\n"
                               "    time: {key: when, is: end}\n"
                               "    duration: {key: took, unit: ms}\n" A;
    struct error error = {0};
    struct journey *journey = journey_parse(slice_of(text), "j.yaml", &error);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    const struct field_map *names = journey->log.names;
    ck_assert(!(journey->log.format->absent & FIELD_BIT(FIELD_STATUS)));
    ck_assert(journey->log.format->absent & FIELD_BIT(FIELD_AGENT));
    ck_assert(names->has_usual && names->count == 4);
    struct field_meaning meaning = field_meaning_of(names, SLICE_LITERAL("client.real"));
    ck_assert(meaning.field == FIELD_ADDRESS && meaning.rank == 0);
    meaning = field_meaning_of(names, SLICE_LITERAL("client.ip"));
    ck_assert(meaning.field == FIELD_ADDRESS && meaning.rank == 1);
    meaning = field_meaning_of(names, SLICE_LITERAL("when"));
    ck_assert(meaning.field == FIELD_TIME && meaning.time_is_end);
    meaning = field_meaning_of(names, SLICE_LITERAL("took"));
    ck_assert(meaning.field == FIELD_DURATION && meaning.unit == DURATION_MS);
    meaning = field_meaning_of(names, SLICE_LITERAL("status"));
    ck_assert(meaning.field == FIELD_STATUS);
    journey_free(journey);
}
END_TEST

/* ---- people ---- */

START_TEST(everybody_is_told_by_address_and_agent)
{
    struct journey *journey = must_parse(A);
    ck_assert_uint_eq(journey->visitor.count, 1);
    ck_assert_int_eq(journey->visitor.items[0].kind, KEY_ADDRESS_AGENT);
    ck_assert_str_eq(journey->visitor.items[0].label, "address+agent");
    ck_assert_uint_eq(journey->visitor.v4_prefix, 32);
    ck_assert_uint_eq(journey->visitor.v6_prefix, 64);
    ck_assert_uint_eq(journey->extra.count, 0);
    ck_assert_int_eq(journey->visit.timeout_ms, 1800000);
    ck_assert_int_eq(journey->visit.max_length_ms, 0);
    ck_assert(!journey->visit.cut_at_midnight && !journey->visit.cut_on_new_source &&
              !journey->visit.cut_on_new_campaign && !journey->visit.split_by_referrer);
    ck_assert_ptr_null(journey->internal);
    ck_assert_uint_eq(journey->bots.off, 0);
    ck_assert_uint_eq(journey->bots.range_count, 0);
    ck_assert_uint_eq(journey->own_hosts.count, 0);
    ck_assert_uint_eq(journey->shown_parameter_count, 0);
    journey_free(journey);
}
END_TEST

/* What is made of the keys: kind, name, and the number of the extra field. */
static const struct {
    const char *visitor, *kinds, *labels;
} visitors[] = {
    {"user", "user, address+agent, ", "user address+agent "},
    {"address", "address, ", "address "},
    {"address+agent", "address+agent, ", "address+agent "},
    {"agent+address", "address+agent, ", "agent+address "},
    {"host+address", "address+host, ", "host+address "},
    {"[host+agent+address]", "address+agent+host, ", "host+agent+address "},
    {"[cookie:uid, query:cid, header:X-Session, user, address]",
     "cookie uid 0, query cid, header X-Session 1, user, address, ",
     "cookie:uid query:cid header:X-Session user address "},
    {"[header:b, cookie:b, cookie:B]", "header b 0, cookie b 1, cookie B 2, address+agent, ",
     "header:b cookie:b cookie:B address+agent "},
    {"[query:a, query:b, query:c, query:d, query:e, query:f, query:g, address]",
     "query a, query b, query c, query d, query e, query f, query g, address, ",
     "query:a query:b query:c query:d query:e query:f query:g address "},
    {"{keys: [\"query:a[b]:c\"], ipv4_prefix: 1, ipv6_prefix: 128}",
     "query a[b]:c, address+agent, ", "query:a[b]:c address+agent "},
};

static void write_rule(const struct journey *journey, const struct visitor_rule *rule, FILE *stream)
{
    static const char *const kinds[] = {
        [KEY_ADDRESS_AGENT] = "address+agent",
        [KEY_ADDRESS] = "address",
        [KEY_ADDRESS_HOST] = "address+host",
        [KEY_ADDRESS_AGENT_HOST] = "address+agent+host",
        [KEY_USER] = "user",
        [KEY_COOKIE] = "cookie",
        [KEY_QUERY] = "query",
        [KEY_HEADER] = "header",
    };
    fprintf(stream, "%s%s%s", kinds[rule->kind], rule->name[0] ? " " : "", rule->name);
    if (rule->kind == KEY_COOKIE || rule->kind == KEY_HEADER) {
        const struct extra_field *extra = &journey->extra.items[rule->extra];
        ck_assert_str_eq(extra->name, rule->name);
        ck_assert_int_eq(extra->is_cookie, rule->kind == KEY_COOKIE);
        fprintf(stream, " %d", rule->extra);
    }
    fputs(", ", stream);
}

START_TEST(reads_what_tells_visitors_apart)
{
    char text[512], kinds[512] = "", labels[512] = "";
    snprintf(text, sizeof text, "visitor: %s\n" A, visitors[_i].visitor);
    struct journey *journey = must_parse(text);
    FILE *stream = fmemopen(kinds, sizeof kinds, "w");
    for (size_t i = 0; i < journey->visitor.count; i++) {
        write_rule(journey, &journey->visitor.items[i], stream);
        strcat(strcat(labels, journey->visitor.items[i].label), " ");
    }
    fclose(stream);
    ck_assert_str_eq(kinds, visitors[_i].kinds);
    ck_assert_str_eq(labels, visitors[_i].labels);
    journey_free(journey);
}
END_TEST

static bool is_held(const struct networks *networks, const char *text)
{
    struct address address;
    ck_assert(address_parse(slice_of(text), &address));
    return networks_hold(networks, &address);
}

START_TEST(reads_people)
{
    struct journey *journey = must_parse(
        "visitor: {ipv4_prefix: 24, ipv6_prefix: 48}\n"
        "visit: {timeout: 10m, max_length: 10m, cut_at_midnight: true, cut_on_new_source: false, "
        "cut_on_new_campaign: true, split_by_referrer: true}\n"
        "internal: [10.0.0.0/8, \"2001:db8::/32\"]\n"
        "bots: {off: [no-assets, attack], ranges: {Googlebot: [192.0.2.0/24, 198.51.100.7]}}\n"
        "own_hosts: [WWW.Shop.Example, blog.example., b\xc3\xbc"
        "cher.example, www.www.example]\n"
        "show_query: [page, \"id[]\"]\n" A);
    ck_assert_uint_eq(journey->visitor.count, 1);
    ck_assert_uint_eq(journey->visitor.v4_prefix, 24);
    ck_assert_uint_eq(journey->visitor.v6_prefix, 48);
    ck_assert_int_eq(journey->visit.timeout_ms, 600000);
    ck_assert_int_eq(journey->visit.max_length_ms, 600000);
    ck_assert(journey->visit.cut_at_midnight && !journey->visit.cut_on_new_source &&
              journey->visit.cut_on_new_campaign && journey->visit.split_by_referrer);
    ck_assert(is_held(journey->internal, "10.1.2.3") && is_held(journey->internal, "2001:db8::1"));
    ck_assert(!is_held(journey->internal, "192.0.2.1"));
    ck_assert_uint_eq(journey->bots.off, 1u << BEHAVIOUR_NO_ASSETS | 1u << BEHAVIOUR_ATTACK);
    ck_assert_uint_eq(journey->bots.range_count, 1);
    ck_assert_str_eq(journey->bots.ranges[0].crawler, "Googlebot");
    ck_assert(is_held(journey->bots.ranges[0].networks, "198.51.100.7"));
    ck_assert(!is_held(journey->bots.ranges[0].networks, "198.51.100.8"));
    ck_assert_uint_eq(journey->own_hosts.count, 4);
    ck_assert(slice_is(journey->own_hosts.items[0], "shop.example"));
    ck_assert(slice_is(journey->own_hosts.items[1], "blog.example"));
    ck_assert(slice_is(journey->own_hosts.items[2], "b\xc3\xbc"
                                                    "cher.example"));
    ck_assert(slice_is(journey->own_hosts.items[3], "www.example"));
    ck_assert_uint_eq(journey->shown_parameter_count, 2);
    ck_assert(slice_is(journey->shown_parameters[1], "id[]"));
    journey_free(journey);
}
END_TEST

START_TEST(inherits_people)
{
    struct journey *journey = must_parse("extends: people\n");
    ck_assert_uint_eq(journey->visitor.count, 3);
    ck_assert_str_eq(journey->visitor.items[0].label, "cookie:id");
    ck_assert_uint_eq(journey->visitor.v4_prefix, 24);
    ck_assert_uint_eq(journey->extra.count, 1);
    ck_assert_int_eq(journey->visit.timeout_ms, 600000); /* that of base */
    ck_assert_int_eq(journey->visit.max_length_ms, 7200000);
    ck_assert(is_held(journey->internal, "192.0.2.7"));
    ck_assert_uint_eq(journey->bots.off, 1u << BEHAVIOUR_REGULAR | 1u << BEHAVIOUR_RATE);
    ck_assert_uint_eq(journey->bots.range_count, 2);
    ck_assert(slice_is(journey->own_hosts.items[0], "shop.example"));
    ck_assert(slice_is(journey->shown_parameters[0], "page"));
    journey_free(journey);
}
END_TEST

START_TEST(replaces_people_key_by_key)
{
    struct journey *journey =
        must_parse("extends: people\n"
                   "visitor: {keys: [header:X-A, cookie:b]}\n"
                   "visit: {max_length: none, cut_on_new_source: false, cut_at_midnight: true}\n"
                   "internal: []\n"
                   "bots: {ranges: {Applebot: [203.0.113.0/24]}}\n"
                   "own_hosts: []\n"
                   "show_query: [id]\n");
    ck_assert_uint_eq(journey->visitor.count, 3);
    ck_assert_str_eq(journey->visitor.items[0].label, "header:X-A");
    ck_assert_str_eq(journey->visitor.items[2].label, "address+agent");
    ck_assert_uint_eq(journey->visitor.v4_prefix, 24);
    ck_assert_uint_eq(journey->extra.count, 2);
    ck_assert_str_eq(journey->extra.items[0].name, "X-A");
    ck_assert_int_eq(journey->visit.timeout_ms, 600000);
    ck_assert_int_eq(journey->visit.max_length_ms, 0);
    ck_assert(!journey->visit.cut_on_new_source && journey->visit.cut_at_midnight);
    ck_assert_ptr_null(journey->internal);
    ck_assert_uint_eq(journey->bots.off, 1u << BEHAVIOUR_REGULAR | 1u << BEHAVIOUR_RATE);
    ck_assert_uint_eq(journey->bots.range_count, 1);
    ck_assert_str_eq(journey->bots.ranges[0].crawler, "Applebot");
    ck_assert_uint_eq(journey->own_hosts.count, 0);
    ck_assert_uint_eq(journey->shown_parameter_count, 1);
    ck_assert(slice_is(journey->shown_parameters[0], "id"));
    journey_free(journey);
}
END_TEST

/* The sentence itself is that of parser/networks.h; the place is this file's. */
static const struct {
    const char *text, *begin, *part;
} wrong_networks[] = {
    {"internal: [10.0.0.0/8, no-such-file.txt]\n", "j.yaml:1:24: internal: ", "no-such-file.txt"},
    {"internal: [10.0.0.1/8]\n", "j.yaml:1:12: internal: ", "10.0.0.0/8"},
    {"bots: {ranges: {Applebot: 10.0.0.0/8, Googlebot: no-such.json}}\n",
     "j.yaml:1:50: ranges of Googlebot: ", "no-such.json"},
    {"extends: people\nbots: {ranges: {Bing: 10.0.0.1/8}}\n",
     "j.yaml:2:23: ranges of Bing: ", "10.0.0.0/8"},
};

START_TEST(names_the_network_that_is_wrong)
{
    struct error error;
    char message[1024];
    ck_assert_ptr_null(parse(wrong_networks[_i].text, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    error_text(&error, message, sizeof message);
    ck_assert_msg(slice_starts_with(slice_of(message), slice_of(wrong_networks[_i].begin)) &&
                      strstr(message, wrong_networks[_i].part),
                  "%s", message);
}
END_TEST

START_TEST(reads_ranges_from_a_file)
{
    static const char ranges[] = "# the office\n203.0.113.0/24\n";
    char path[] = "journey_file_test_XXXXXX", text[128];
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, ranges, sizeof ranges - 1), sizeof ranges - 1);
    close(descriptor);
    snprintf(text, sizeof text, "internal: ./%s\n" A, path);
    struct error error;
    struct journey *journey = parse(text, &error);
    unlink(path);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    ck_assert(is_held(journey->internal, "203.0.113.9"));
    journey_free(journey);
}
END_TEST

/* Only a POST has an outcome, so it need not be said. */
START_TEST(reads_outcomes)
{
    struct journey *journey =
        must_parse("touchpoints:\n"
                   "  a: {match: {path: /a, outcome: submitted}}\n"
                   "  b: {match: {path: /a, method: post, outcome: [failed, refused]}}\n"
                   "  c: {match: {path: /a}}\n");
    ck_assert_uint_eq(journey->rules[0].outcomes, 1u << OUTCOME_SUBMITTED);
    ck_assert_uint_eq(journey->rules[0].methods, 1u << METHOD_POST);
    ck_assert(!journey->rules[0].names_methods);
    ck_assert_uint_eq(journey->rules[1].outcomes, 1u << OUTCOME_REFUSED | 1u << OUTCOME_FAILED);
    ck_assert_uint_eq(journey->rules[1].methods, 1u << METHOD_POST);
    ck_assert_uint_eq(journey->rules[2].outcomes, 0);
    ck_assert_uint_eq(journey->rules[2].methods, 0);
    journey_free(journey);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journey_file");
    TCase *table = tcase_create("table");
    tcase_set_timeout(table, 60);
    tcase_add_loop_test(table, says_what_is_wrong, 0, COUNT(wrong));
    tcase_add_test(table, reads_touchpoints);
    tcase_add_test(table, says_how_logs_are_written);
    tcase_add_test(table, reads_funnels);
    tcase_add_loop_test(table, reads_durations, 0, COUNT(durations));
    tcase_add_test(table, collects_stages_in_order);
    tcase_add_loop_test(table, knows_rules_for_calls, 0, COUNT(call_rows));
    tcase_add_test(table, extends_a_base);
    tcase_add_test(table, replaces_a_funnel_in_place);
    tcase_add_test(table, own_stages_replace_the_bases);
    tcase_add_test(table, has_a_name_of_its_own);
    tcase_add_test(table, keeps_one_funnel);
    tcase_add_loop_test(table, has_limits, 0, COUNT(limits));
    tcase_add_test(table, limits_nesting);
    tcase_add_test(table, limits_the_file);
    tcase_add_loop_test(table, loads_by_name, 0, COUNT(loads));
    tcase_add_test(table, loads_a_file);
    tcase_add_test(table, everybody_is_told_by_address_and_agent);
    tcase_add_loop_test(table, reads_what_tells_visitors_apart, 0, COUNT(visitors));
    tcase_add_test(table, reads_people);
    tcase_add_test(table, inherits_people);
    tcase_add_test(table, replaces_people_key_by_key);
    tcase_add_loop_test(table, names_the_network_that_is_wrong, 0, COUNT(wrong_networks));
    tcase_add_test(table, reads_ranges_from_a_file);
    tcase_add_test(table, reads_outcomes);
    suite_add_tcase(suite, table);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
