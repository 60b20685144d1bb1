/*
 * Formats in the words of Apache, nginx and GoAccess, lines as these write them, and what the lines
 * hold. Directives and lines are from the documentation of mod_log_config, mod_logio and mod_ssl,
 * of nginx' ngx_http_log_module and from the manual page of GoAccess 1.7; times are from Python's
 * datetime.
 */
#include "parser/spec.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/scan.h"
#include "parser/json_line.h"

#define STAMP     "16/Sep/2023:18:22:16 -0400"
#define STAMP_MS  "1694902936000"
#define BARE_MS   "1694888536000" /* 2023-09-16 18:22:16 in UTC */
#define MILLIS_MS "1694888536789" /* with .789 */

#define APACHE_COMBINED "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\""
#define COMBINED_LINE                                                                              \
    "192.0.2.1 - frank [" STAMP "] \"GET /a?b=c HTTP/1.1\" 200 2326 "                              \
    "\"https://example.org/\" \"Mozilla/5.0 (X11)\""
#define COMBINED_HOLDS                                                                             \
    "address=192.0.2.1|user=frank|request=GET /a?b=c HTTP/1.1|status=200|bytes=2326|"              \
    "referrer=https://example.org/|user agent=Mozilla/5.0 (X11)|time=" STAMP_MS

struct row {
    const char *text, *date, *time;
    const char *line;
    const char *holds; /* fields, the time in milliseconds, and what else the format tells */
};

static const struct row rows[] = {
    /* ---- Apache: bare, in quotes, from inside of quotes, as in the configuration */
    {APACHE_COMBINED, .line = COMBINED_LINE, .holds = COMBINED_HOLDS},
    {"\"%h %l %u %t \\\"%r\\\" %>s %O \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\"\"",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS},
    {"%h %l %u %t \\\"%r\\\" %>s %O \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\"",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS},
    {"  LogFormat \"%h %l %u %t \\\"%r\\\" %>s %O \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\"\" "
     "combined\n",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS},
    {"logformat '%h %l %u %t \"%r\" \\\n%>s %O \"%{Referer}i\" \"%{User-Agent}i\"' x",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS},
    /* Names of headers in any case; modifiers. */
    {"%h %l %u %t \"%r\" %>s %O \"%!200,304{referer}i\" \"%400,501{USER-AGENT}i\"",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS},
    /* The better of two. */
    {"%h %a %{c}a %t %s %>s %T %D \"%r\"",
     .line = "proxy 192.0.2.1 198.51.100.1 [" STAMP "] 301 200 1 1234567 \"GET / HTTP/1.1\"",
     .holds = "address=192.0.2.1|request=GET / HTTP/1.1|status=200|duration=1234567|time=" STAMP_MS
              " us"},
    {"%v:%p %h %t \"%r\" %>s",
     .line = "shop.example:443 2001:db8::1 [" STAMP "] \"GET / HTTP/1.1\" 200",
     .holds = "host=shop.example:443|address=2001:db8::1|request=GET / HTTP/1.1|status=200|"
              "time=" STAMP_MS},
    {"%a:%{remote}p %t \"%r\" %>s", .line = "2001:db8::1:40000 [" STAMP "] \"GET / HTTP/1.1\" 200",
     .holds = "address=2001:db8::1:40000|request=GET / HTTP/1.1|status=200|time=" STAMP_MS " port"},
    /* The request in pieces; an URL and its query are one. */
    {"%h %t \"%m %U%q %H\" %>s", .line = "192.0.2.1 [" STAMP "] \"GET /a?b=c HTTP/1.1\" 200",
     .holds = "address=192.0.2.1|method=GET|URL=/a?b=c|status=200|time=" STAMP_MS},
    {"%m %U \"%q\" %t %>s", .line = "GET /a \"?b=c\" [" STAMP "] 200",
     .holds = "method=GET|URL=/a|query=?b=c|status=200|time=" STAMP_MS},
    /* Everything that there is. */
    {"%A %B %{x}C %{x}e %f %H %k %l %L %m %{x}n %{x}o %p %{local}p %P %{tid}P %R %U %t %V %X %I "
     "%{SSL_PROTOCOL}x %{SSL_CIPHER}c %^FB %{x}^ti %{x}^to %s %% \"%{Host}i\" "
     "\"%{X-Forwarded-For}i\" \"%{Forwarded}i\" \"%{Cookie}i\" %{ms}T %<s %S",
     .line = "10.0.0.1 5 uid - /srv/x HTTP/1.1 0 - - GET - - 443 443 77 78 - /a [" STAMP "] "
             "shop.example + 99 TLSv1.3 AES 120 - - 200 % \"www.example\" \"192.0.2.7\" \"-\" "
             "\"a=1; b=2\" 12 200 104",
     .holds = "host=shop.example|forwarded for=192.0.2.7|method=GET|URL=/a|status=200|bytes=5|"
              "duration=12|cookie=a=1; b=2|time=" STAMP_MS " ms"},
    {"%t\\t%U\\t%>s\\t%{us}T", .line = "[" STAMP "]\t/a b\t200\t55",
     .holds = "URL=/a b|status=200|duration=55|time=" STAMP_MS " us"},
    {"%t %U %>s %{s}T", .line = "[" STAMP "] /a 200 5",
     .holds = "URL=/a|status=200|duration=5|time=" STAMP_MS},
    /* Times: pieces, a begin before an end, fractions, zones; the example of the documentation. */
    {"%h [%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] \"%r\" %>s",
     .line = "192.0.2.1 [16/Sep/2023 14:22:16.789 -0400] \"GET / HTTP/1.1\" 200",
     .holds = "address=192.0.2.1|request=GET / HTTP/1.1|status=200|time=" MILLIS_MS},
    /* Nothing between: a number of any size cannot be told from what follows. */
    {"%{begin:sec}t%{usec_frac}t %U %>s", .line = "16948885367 /a 200", .holds = NULL},
    {"%{end:%F}t %{end:%T}t %U %>s %D", .line = "2023-09-16 18:22:16 /a 200 9",
     .holds = "URL=/a|status=200|duration=9|time=" BARE_MS " end us"},
    {"%{end:%F %T}t %{begin:%F %T}t %U %>s",
     .line = "2023-09-16 18:22:59 2023-09-16 18:22:16 /a 200",
     .holds = "URL=/a|status=200|time=" BARE_MS},
    {"%{[%d/%b/%Y:%H:%M:%S %z]}t %U %>s", .line = "[" STAMP "] /a 200",
     .holds = "URL=/a|status=200|time=" STAMP_MS},
    {"%{%Y-%m-%dT%H:%M:%SZ}t %U %>s", .line = "2023-09-16T18:22:16Z /a 200",
     .holds = "URL=/a|status=200|time=" BARE_MS},
    {"%t %{usec}t %U %>s", .line = "[" STAMP "] 1694888536789123 /a 200",
     .holds = "URL=/a|status=200|time=" MILLIS_MS},
    {"%{msec}t %U %>s", .line = "1694888536789 /a 200",
     .holds = "URL=/a|status=200|time=" MILLIS_MS},
    {"%U %>s %{%d.%m.%y %I:%M:%S %p}t", .line = "/a 200 16.09.23 06:22:16 PM",
     .holds = "URL=/a|status=200|time=" BARE_MS},
    /* asctime: cut apart at the blanks, as one stands behind it, too; the day is padded. */
    {"%{%a %b %e %H:%M:%S %Y}t %U %>s", .line = "Sat Sep 16 18:22:16 2023 /a 200",
     .holds = "URL=/a|status=200|time=" BARE_MS},
    {"%{%b %e %Y %T}t %U %>s", .line = "Sep  6 2023 18:22:16 /a 200",
     .holds = "URL=/a|status=200|time=1694024536000"},
    /* Texts: a lead, a long one between, an escaped quote. */
    {"access: %h said: \\\"%r\\\" and got %>s at %t",
     .line = "access: 192.0.2.1 said: \"GET /\\\" and got HTTP/1.1\" and got 404 at [" STAMP "]",
     .holds = "address=192.0.2.1|request=GET /\\\" and got HTTP/1.1|status=404|time=" STAMP_MS},
    {"%t \"%r\" %>s response-time-in-us=%D",
     .line = "[" STAMP "] \"GET / HTTP/1.1\" 200 response-time-in-us=77",
     .holds = "request=GET / HTTP/1.1|status=200|duration=77|time=" STAMP_MS " us"},
    {"%t \"%r\" %>s response-time-in-us=%D",
     .line = "[" STAMP "] \"GET / HTTP/1.1\" 200 response-time-in-ms=77", .holds = NULL},
    /* A quote that closes one field and opens the next. */
    {"%t \"%r\"%>s\" %b", .line = "[" STAMP "] \"GET / HTTP/1.1\"200\" 5",
     .holds = "request=GET / HTTP/1.1|status=200|bytes=5|time=" STAMP_MS},
    /* JSON */
    {"LogFormat \"{ \\\"time\\\":\\\"%t\\\", \\\"ip\\\":\\\"%a\\\", \\\"line\\\":\\\"%m %U%q "
     "%H\\\","
     " \\\"status\\\":%>s, \\\"us\\\":%D, \\\"none\\\":null }\" json",
     .line = "{\"time\":\"[" STAMP "]\",\"ip\":\"192.0.2.1\",\"line\":\"GET /a HTTP/1.1\","
             "\"status\":200,\"us\":12,\"none\":null}",
     .holds =
         "address=192.0.2.1|request=GET /a HTTP/1.1|status=200|duration=12|time=" STAMP_MS " us"},

    /* ---- nginx: bare; a log_format over several lines with comments; in quotes */
    {"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
     "\"$http_referer\" \"$http_user_agent\"",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS " end"},
    {"# what is logged\nlog_format  main  '$remote_addr - $remote_user [$time_local] \"$request\" '"
     "\n    # the answer\n    '$status $body_bytes_sent \"$http_referer\" '\n"
     "    \"\\\"${http_user_agent}\\\"\"; # done\n",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS " end"},
    {"'$remote_addr - $remote_user [$time_local] \"$request\" '\n"
     "'$status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"';",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS " end"},
    {"\"$remote_addr - $remote_user [$time_local] \\\"$request\\\" $status $body_bytes_sent "
     "\\\"$http_referer\\\" \\\"$http_user_agent\\\"\"",
     .line = COMBINED_LINE, .holds = COMBINED_HOLDS " end"},
    /* Fields in quotes are no quoted format. */
    {"\"$time_local\" \"$request\" \"$status\"", .line = "\"" STAMP "\" \"GET / HTTP/1.1\" \"200\"",
     .holds = "request=GET / HTTP/1.1|status=200|time=" STAMP_MS " end"},
    /* Variables that nobody knows, and what they touch. */
    {"$remote_addr $my_own$another [$time_iso8601] $host:$server_port $status $request_time "
     "$upstream_response_time \"$request\" \"$http_x_forwarded_for\" $pipe",
     .line = "192.0.2.1 xy [2023-09-16T14:22:16-04:00] shop.example:443 200 0.012 0.010, 0.002 "
             "\"GET / HTTP/1.1\" \"192.0.2.9, 10.0.0.1\" .",
     .holds = "host=shop.example:443|address=192.0.2.1|forwarded for=192.0.2.9, 10.0.0.1|"
              "request=GET / HTTP/1.1|status=200|duration=0.012|time=" BARE_MS " end"},
    /* $msec is finer than $time_local, which has a blank inside and one behind it. */
    {"$time_local $remote_addr $status $msec $request_uri",
     .line = STAMP " 192.0.2.1 200 1694888536.789 /a b",
     .holds = "address=192.0.2.1|URL=/a b|status=200|time=" MILLIS_MS " end"},
    {"$time_local $remote_addr $status $request_uri", .line = STAMP " 192.0.2.1 200 /a",
     .holds = "address=192.0.2.1|URL=/a|status=200|time=" STAMP_MS " end"},
    {"$realip_remote_addr $remote_addr:$remote_port $time_iso8601 $request_method "
     "$uri$is_args$args $status $cookie_uid",
     .line = "10.0.0.1 192.0.2.1:40000 2023-09-16T18:22:16+00:00 GET /a?b=c 200 77",
     .holds = "address=192.0.2.1:40000|method=GET|URL=/a?b=c|status=200|cookie=77|time=" BARE_MS
              " end port"},
    {"$msec $request_method \"$scheme://$host$request_uri\" $status",
     .line = "1694888536.789 GET \"https://shop.example/a\" 200",
     .holds = "method=GET|URL=https://shop.example/a|status=200|time=" MILLIS_MS " end absolute"},
    /* LTSV of one's own */
    {"time:$time_iso8601\\thost:$remote_addr\\turi:$document_uri\\tquery:$query_string\\t"
     "status:$status\\tsize:$bytes_sent",
     .line = "time:2023-09-16T18:22:16+00:00\thost:192.0.2.1\turi:/a\tquery:b=c\tstatus:200\t"
             "size:5",
     .holds = "address=192.0.2.1|URL=/a|query=b=c|status=200|bytes=5|time=" BARE_MS " end"},
    /* JSON: nested, lists, numbers; two variables in one value, a text beside one. */
    {"log_format json escape=json '{'\n  '\"ts\":\"$time_iso8601\",'\n"
     "  '\"http\":{\"method\":\"$request_method\",\"uri\":\"$request_uri\",'\n"
     "  '\"headers\":{\"User-Agent\":[\"$http_user_agent\",\"$http_referer\"]}},'\n"
     "  '\"who\":\"$remote_addr/$remote_user\",\"version\":\"v$status\",'\n"
     "  '\"code\":$status,\"rt\":$request_time,\"x\":\"\\\\\"\"'\n'}';",
     .line = "{\"ts\":\"2023-09-16T14:22:16-04:00\",\"http\":{\"method\":\"GET\",\"uri\":\"/a\","
             "\"headers\":{\"User-Agent\":[\"curl\",\"-\"]}},\"who\":\"192.0.2.1/-\","
             "\"version\":\"v200\",\"code\":200,\"rt\":0.012,\"x\":\"\\\"\"}",
     .holds = "method=GET|URL=/a|status=200|duration=0.012|user agent=curl|time=" BARE_MS " end"},
    {"{\"t\":$msec,\"ip\":\"$remote_addr\",\"r\":\"$request\",\"s\":\"$status\"}",
     .line = "{\"t\":1694888536.789,\"ip\":\"192.0.2.1\",\"r\":\"GET / HTTP/1.1\",\"s\":\"200\"}",
     .holds = "address=192.0.2.1|request=GET / HTTP/1.1|status=200|time=" MILLIS_MS " end"},

    /* ---- GoAccess: the zone is kept where its own notation drops it */
    {"%h %^[%d:%t %^] \"%r\" %s %b \"%R\" \"%u\"", "%d/%b/%Y", "%H:%M:%S", COMBINED_LINE,
     "address=192.0.2.1|request=GET /a?b=c HTTP/1.1|status=200|bytes=2326|"
     "referrer=https://example.org/|user agent=Mozilla/5.0 (X11)|time=" STAMP_MS},
    {"%h %^[%d:%t %^] \"%r\" %s %b", "%d/%b/%Y", "%T",
     "192.0.2.1 - - [16/Sep/2023:18:22:16 CEST, or so] \"GET / HTTP/1.1\" 200 5",
     "address=192.0.2.1|request=GET / HTTP/1.1|status=200|bytes=5|time=" BARE_MS},
    {"%v:%^ %h %e [%d:%t] \"%r\" %s %b %D", "%d/%b/%Y", "%T",
     "shop.example:443 192.0.2.1 frank [16/Sep/2023:18:22:16] \"GET / HTTP/1.1\" 200 5 12",
     "host=shop.example:443|address=192.0.2.1|user=frank|request=GET / HTTP/1.1|status=200|bytes=5|"
     "duration=12|time=" BARE_MS " us"},
    /* HAProxy's fraction */
    {"%h:%^ [%d:%t.%^] %s %U", "%d/%b/%Y", "%T",
     "192.0.2.1:33320 [06/Feb/2009:12:14:14.655] 200 /a",
     "address=192.0.2.1:33320|URL=/a|status=200|time=1233922454655 port"},
    /* GoAccess' own AWSELB, and the line of Amazon's documentation */
    {"%^ %dT%t.%^ %^ %h:%^ %^ %^ %T %^ %s %^ %^ %b \"%r\" \"%u\" %k %K %^ \"%^\" \"%v\"",
     "%Y-%m-%d", "%H:%M:%S",
     "https 2015-05-13T23:39:43.945958Z app/my-lb/50dc 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 "
     "0.037 200 200 0 57 \"GET https://www.example.com:443/ HTTP/1.1\" \"curl/7.46.0\" "
     "ECDHE-RSA TLSv1.2 arn \"Root=1-58337281\" \"www.example.com\"",
     "host=www.example.com|address=192.168.131.39:2817|request=GET https://www.example.com:443/ "
     "HTTP/1.1|status=200|bytes=57|duration=0.048|user agent=curl/7.46.0|time=1431560383945 port"},
    /* %x: a moment in one pattern, or both patterns; %f and %* are since 1970. */
    {"\"%x\",\"%h\",%^,\"%m\",\"%U\",\"%s\"", "%f", "%f",
     "\"1694888536789123\",\"192.0.2.1\",x,\"GET\",\"/a\",\"200\"",
     "address=192.0.2.1|method=GET|URL=/a|status=200|time=" MILLIS_MS},
    {"%x %h %U %s %n", "%*", "%*", "1694888536789 192.0.2.1 /a 200 1500",
     "address=192.0.2.1|URL=/a|status=200|duration=1500|time=" MILLIS_MS " ns"},
    {"[%x] %h %U %s", "%Y-%m-%d", "%H:%M:%S", "[2023-09-16 18:22:16] 192.0.2.1 /a 200",
     "address=192.0.2.1|URL=/a|status=200|time=" BARE_MS},
    {"[%x] %h %U %s", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z",
     "[2023-09-16T14:22:16-0400] 192.0.2.1 /a 200",
     "address=192.0.2.1|URL=/a|status=200|time=" BARE_MS},
    /* Squid pads its times; %~ alone stands for a blank, too. */
    {"%x.%^ %~%L %h %^/%s %b %m %U", "%s", "%s",
     "1694888536.789     61 192.0.2.1 TCP_MISS/200 4512 GET http://shop.example/a - DIRECT",
     "address=192.0.2.1|method=GET|URL=http://shop.example/a - DIRECT|status=200|bytes=4512|"
     "duration=61|time=" MILLIS_MS " ms"},
    {"%x%~%h%~\"%U\" %s", "%s", "%s", "1694888536   192.0.2.1 \"/a\" 200",
     "address=192.0.2.1|URL=/a|status=200|time=" BARE_MS},
    /* Proxies; tabs; the two pieces of W3C. */
    {"\"~h{, }\" %h %U\\t%q\\t%s\\t%d\\t%t", "%Y-%m-%d", "%T",
     "\"192.0.2.9, 10.0.0.1\" 10.0.0.2 /a\tb=c\t200\t2023-09-16\t18:22:16",
     "address=10.0.0.2|forwarded for=192.0.2.9, "
     "10.0.0.1|URL=/a|query=b=c|status=200|time=" BARE_MS},
    {"%d %t %^ %m %U %q %^ %e %h %u %R %s %^ %^ %L", "%Y-%m-%d", "%H:%M:%S",
     "2023-09-16 18:22:16 10.0.0.1 GET /a - 443 - 192.0.2.1 Mozilla/5.0+(X11) - 200 0 0 15",
     "address=192.0.2.1|user=-|method=GET|URL=/a|query=-|status=200|duration=15|referrer=-|"
     "user agent=Mozilla/5.0+(X11)|time=" BARE_MS " ms"},
    /* GoAccess' own CADDY */
    {"{ \"ts\": \"%x.%^\", \"request\": { \"client_ip\": \"%h\", \"proto\": \"%H\", \"method\": "
     "\"%m\", \"host\": \"%v\", \"uri\": \"%U\", \"headers\": { \"User-Agent\": [ \"%u\" ], "
     "\"Referer\": [ \"%R\" ] } }, \"duration\": \"%T\", \"size\": \"%b\", \"status\": \"%s\" }",
     "%s", "%s",
     "{\"ts\":1694888536.789,\"request\":{\"client_ip\":\"192.0.2.1\",\"proto\":\"HTTP/2.0\","
     "\"method\":\"GET\",\"host\":\"shop.example\",\"uri\":\"/a\",\"headers\":{\"User-Agent\":"
     "[\"curl\"],\"Referer\":[\"-\"]}},\"duration\":0.012,\"size\":5,\"status\":200}",
     "host=shop.example|address=192.0.2.1|method=GET|URL=/a|status=200|bytes=5|duration=0.012|"
     "referrer=-|user agent=curl|time=" MILLIS_MS},
};

/* With a cookie and headers that somebody asked for; every row is fine without them, too. */
static const struct extra_fields extra = {
    {{"uid", true}, {"X-Session", false}, {"X-Real-IP", false}, {"nginx_id", true}}, 4};

static const struct row extra_rows[] = {
    {"%h %t \"%r\" %>s %{uid}C \"%{X-Session}i\" \"%{Cookie}i\"",
     .line = "192.0.2.1 [" STAMP "] \"GET / HTTP/1.1\" 200 77 \"a \\\"b\\\"\" \"uid=1; c=2\"",
     .holds = "address=192.0.2.1|request=GET / HTTP/1.1|status=200|cookie=uid=1; c=2|extra 1=77|"
              "extra 2=a \\\"b\\\"|time=" STAMP_MS},
    {"%t %U %>s %!200,304{UID}C %400{x-session}i %{other}C", .line = "[" STAMP "] /a 200 77 b c",
     .holds = "URL=/a|status=200|cookie=c|extra 1=77|extra 2=b|time=" STAMP_MS},
    /* Neither answers, nor the environment, nor another kind of the same name. */
    {"%t %U %>s %{X-Session}o %{uid}e %{uid}i %{uid}n", .line = "[" STAMP "] /a 200 a b c d",
     .holds = "URL=/a|status=200|time=" STAMP_MS},
    {"$time_iso8601 $request_uri $status $cookie_uid $http_x_session \"$http_cookie\" $cookie_x "
     "$sent_http_x_session",
     .line = "2023-09-16T18:22:16+00:00 /a 200 77 b \"uid=1; c=2\" x y",
     .holds = "URL=/a|status=200|cookie=uid=1; c=2|extra 1=77|extra 2=b|time=" BARE_MS " end"},
    {"$time_iso8601 $request_uri $status ${COOKIE_uid}. $cookie_nginx_id $uid",
     .line = "2023-09-16T18:22:16+00:00 /a 200 77. 8 9",
     .holds = "URL=/a|status=200|extra 1=77|extra 4=8|time=" BARE_MS " end"},
    /* The first of two. */
    {"$time_iso8601 $request_uri $status $cookie_uid $cookie_UID",
     .line = "2023-09-16T18:22:16+00:00 /a 200 77 78",
     .holds = "URL=/a|status=200|extra 1=77|time=" BARE_MS " end"},
    /* A header that names the client is that, unless a better one does. */
    {"%t %U %>s %{X-Real-IP}i", .line = "[" STAMP "] /a 200 192.0.2.1",
     .holds = "forwarded for=192.0.2.1|URL=/a|status=200|time=" STAMP_MS " extra"},
    {"%t %U %>s %{X-Real-IP}i \"%{X-Forwarded-For}i\"",
     .line = "[" STAMP "] /a 200 192.0.2.1 \"192.0.2.2\"",
     .holds = "forwarded for=192.0.2.2|URL=/a|status=200|extra 3=192.0.2.1|time=" STAMP_MS},
    {"$time_iso8601 $request_uri $status \"$http_x_forwarded_for\" $http_x_real_ip",
     .line = "2023-09-16T18:22:16+00:00 /a 200 \"192.0.2.2\" 192.0.2.1",
     .holds = "forwarded for=192.0.2.2|URL=/a|status=200|extra 3=192.0.2.1|time=" BARE_MS " end"},
    /* JSON: by the directive, else by the name of the member, if it is alone in it. */
    {"log_format json escape=json '{\"t\":\"$time_iso8601\",\"u\":\"$request_uri\",\"s\":$status,"
     "\"who\":\"$cookie_uid\",\"x_session\":\"$mapped\",\"uid\":\"$other\"}';",
     .line = "{\"t\":\"2023-09-16T18:22:16+00:00\",\"u\":\"/a\",\"s\":200,\"who\":\"77\","
             "\"x_session\":\"b\",\"uid\":\"c\"}",
     .holds = "URL=/a|status=200|extra 1=77|extra 2=b|time=" BARE_MS " end"},
    {"{\"t\":\"$time_iso8601\",\"u\":\"$request_uri\",\"s\":$status,\"uid\":\"id $other\","
     "\"X-Session\":\"constant\",\"cookies\":[\"$a\",{\"uid\":\"$b\"}]}",
     .line = "{\"t\":\"2023-09-16T18:22:16+00:00\",\"u\":\"/a\",\"s\":200,\"uid\":\"id 1\","
             "\"X-Session\":\"constant\",\"cookies\":[\"a\",{\"uid\":\"b\"}]}",
     .holds = "URL=/a|status=200|time=" BARE_MS " end"},
    {"{ \"ts\": \"%x\", \"uri\": \"%U\", \"status\": \"%s\", \"headers\": { \"X-Session\": "
     "[ \"%^\" ] }, \"cookies.uid\": \"%^\" }",
     "%s", "%s",
     "{\"ts\":1694888536,\"uri\":\"/a\",\"status\":200,\"headers\":{\"X-Session\":[\"a\",\"b\"]},"
     "\"cookies.uid\":7}",
     "URL=/a|status=200|extra 1=7|extra 2=a|time=" BARE_MS},
};

/* ---- a line by its format, in words */

struct words {
    char text[1024];
    size_t size;
};

static void say(struct words *words, const char *name, struct slice value)
{
    int written = snprintf(words->text + words->size, sizeof words->text - words->size, "%s%s%.*s",
                           words->size ? "|" : "", name, SLICE_ARG(value));
    words->size += (size_t)written;
    ck_assert_uint_lt(words->size, sizeof words->text);
}

static void say_mark(struct words *words, bool holds, const char *mark)
{
    words->size += (size_t)snprintf(words->text + words->size, sizeof words->text - words->size,
                                    "%s", holds ? mark : "");
    ck_assert_uint_lt(words->size, sizeof words->text);
}

/* In memory that ends behind the slack. */
static char *with_slack(const char *line)
{
    char *copy = mem_zeroed(1, strlen(line) + SCAN_SLACK);
    memcpy(copy, line, strlen(line));
    return copy;
}

static bool cut(const struct log_format *format, struct slice line, struct line_fields *fields)
{
    *fields = (struct line_fields){.duration_unit = format->duration_unit,
                                   .time_is_end = format->time_is_end};
    if (format->shape == SHAPE_FIELDS)
        return format_cut(format, line, fields->at);
    ck_assert_int_eq(format->shape, SHAPE_JSON);
    struct json_memory *memory = json_memory_new(format->map);
    bool fits = json_line_cut(memory, line, fields);
    json_memory_free(memory);
    return fits;
}

static bool read_time(const struct log_format *format, const struct line_fields *fields,
                      int64_t *time_ms)
{
    struct line_clock clock;
    bool has_zone;
    line_clock_init(&clock, NULL);
    return line_clock_read(&clock, &format->time, &fields->at[FIELD_TIME], time_ms, &has_zone);
}

static void say_fields(struct words *words, const struct log_format *format,
                       const struct line_fields *fields)
{
    for (enum field field = FIELD_SKIP + 1; field < FIELD_COUNT; field++) {
        char name[40];
        ck_assert_msg(!fields->at[field].at || !(format->absent & FIELD_BIT(field)),
                      "%s is there and absent", field_name(field));
        if (!fields->at[field].at || (field >= FIELD_TIME && field <= FIELD_TIME_4))
            continue;
        snprintf(name, sizeof name, "%s=", field_name(field));
        say(words, name, fields->at[field]);
    }
}

static void say_time(struct words *words, const struct log_format *format,
                     const struct line_fields *fields)
{
    int64_t time_ms;
    char text[32] = "none";
    if (read_time(format, fields, &time_ms))
        snprintf(text, sizeof text, "%lld", (long long)time_ms);
    say(words, "time=", slice_of(text));
}

static const char *describe(const struct log_format *format, const char *line, struct words *words)
{
    char *copy = with_slack(line);
    struct line_fields fields;
    words->size = 0;
    bool fits = cut(format, (struct slice){copy, strlen(line)}, &fields);
    if (fits) {
        say_fields(words, format, &fields);
        say_time(words, format, &fields);
        say_mark(words, fields.time_is_end, " end");
        say_mark(words, format->address_has_port, " port");
        say_mark(words, format->has_absolute_urls, " absolute");
        say_mark(words, format->forwarded_extra == FIELD_EXTRA + 2, " extra");
        say_mark(words, fields.at[FIELD_DURATION].at && fields.duration_unit == DURATION_MS, " ms");
        say_mark(words, fields.at[FIELD_DURATION].at && fields.duration_unit == DURATION_US, " us");
        say_mark(words, fields.at[FIELD_DURATION].at && fields.duration_unit == DURATION_NS, " ns");
    }
    mem_free(copy);
    return fits && strstr(words->text, "time=none") == NULL ? words->text : "(does not fit)";
}

static void check_row(const struct row *row, const struct extra_fields *asked_for)
{
    const struct format_spec spec = {row->text, row->date, row->time, asked_for};
    struct arena arena;
    struct error error = {0};
    struct words words;
    char message[1200];
    arena_init(&arena);
    const struct log_format *format = spec_compile(&spec, &arena, &error);
    ck_assert_msg(format != NULL, "%s: %s", row->text, error_text(&error, message, sizeof message));
    const char *expected = row->holds ? row->holds : "(does not fit)";
    const char *holds = describe(format, row->line, &words);
    ck_assert_msg(strcmp(holds, expected) == 0, "%s\n%s\nexpected %s\n     got %s", row->text,
                  row->line, expected, holds);
    ck_assert_str_eq(format->example, row->text);
    arena_clear(&arena);
}

START_TEST(reads_lines)
{
    check_row(&rows[_i], NULL);
}
END_TEST

START_TEST(finds_extra_fields)
{
    check_row(&extra_rows[_i], &extra);
}
END_TEST

/* Without the wish for them they are nothing, but for cookies, which are a field of their own. */
START_TEST(finds_no_extra_fields_of_itself)
{
    const struct row *row = &extra_rows[_i];
    struct arena arena;
    struct error error = {0};
    struct words words;
    arena_init(&arena);
    const struct log_format *format =
        spec_compile(&(struct format_spec){row->text, row->date, row->time, NULL}, &arena, &error);
    ck_assert_ptr_nonnull(format);
    ck_assert_ptr_null(strstr(describe(format, row->line, &words), "extra"));
    ck_assert_uint_eq(FIELDS_BUT(format->absent) >> FIELD_EXTRA, 0);
    arena_clear(&arena);
}
END_TEST

/* ---- formats that are known already */

static const struct {
    const char *text, *preset;
} names[] = {
    {"combined", "combined"},
    {" COMBINED\n", "combined"},
    {"VCOMBINED", "vhost_combined"},
    {"COMMON", "common"},
    {"VCOMMON", "vhost_common"},
    {"W3C", "w3c"},
    {"CLOUDFRONT", "cloudfront"},
    {"CLOUDSTORAGE", "csv"},
    {"AWSELB", "alb"},
    {"AWSALB", "alb"},
    {"AWSS3", "s3"},
    {"SQUID", "squid"},
    {"CADDY", "caddy"},
    {"TRAEFIKCLF", "traefik_clf"},
    {"elb", "elb"},
    {"vhost_nginx_timed", "vhost_nginx_timed"},
};

START_TEST(knows_names)
{
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    const struct format_spec spec = {.text = names[_i].text};
    ck_assert_ptr_nonnull(format_find(names[_i].preset));
    ck_assert_ptr_eq(spec_compile(&spec, &arena, &error), format_find(names[_i].preset));
    arena_clear(&arena);
}
END_TEST

/* What the presets say of themselves gives their own operations, so it is read as fast. */
static const char *const same_presets[] = {"combined",     "common",  "vhost_combined",
                                           "apache_timed", "icecast", "vhost_common"};

START_TEST(finds_the_presets_operations)
{
    const struct log_format *preset = format_find(same_presets[_i]);
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    const struct log_format *format =
        spec_compile(&(struct format_spec){.text = preset->example}, &arena, &error);
    ck_assert_ptr_nonnull(format);
    ck_assert_str_eq(format->name, "custom");
    ck_assert_ptr_eq(format->ops, preset->ops);
    ck_assert_uint_eq(format->op_count, preset->op_count);
    ck_assert_uint_eq(format->absent, preset->absent);
    ck_assert_uint_eq(format->duration_unit, preset->duration_unit);
    ck_assert_int_eq(format->time.style, TIME_CLF);
    arena_clear(&arena);
}
END_TEST

/* What a usual stamp is, is read as one. */
static const struct {
    const char *text, *date, *time;
    enum time_style style;
    enum escape_style escapes;
} styles[] = {
    {"%t %U %>s", NULL, NULL, TIME_CLF, ESCAPE_BACKSLASH},
    {"%{%d/%b/%Y:%T}t \"%r\" %>s", NULL, NULL, TIME_CLF, ESCAPE_BACKSLASH},
    {"%{%F}tT%{%T}t.%{msec_frac}t%{%z}t %U %>s", NULL, NULL, TIME_ISO, ESCAPE_BACKSLASH},
    {"%{sec}t.%{usec_frac}t %U %>s", NULL, NULL, TIME_EPOCH, ESCAPE_BACKSLASH},
    {"$time_iso8601 $request_uri $status", NULL, NULL, TIME_ISO, ESCAPE_BACKSLASH},
    {"escape=none '[$time_local] $request_uri $status'", NULL, NULL, TIME_CLF, ESCAPE_NONE},
    {"log_format x escape=json '$msec \"$request\" $status';", NULL, NULL, TIME_EPOCH, ESCAPE_JSON},
    {"log_format x escape=default '$msec \"$request\" $status';", NULL, NULL, TIME_EPOCH,
     ESCAPE_BACKSLASH},
    {"[%d:%t] %U %s", "%d/%b/%Y", "%T", TIME_CLF, ESCAPE_BACKSLASH},
    {"[%d:%t %^] %U %s", "%d/%b/%Y", "%T", TIME_PATTERN, ESCAPE_BACKSLASH},
    {"{\"t\":\"%x\",\"u\":\"%U\",\"s\":\"%s\"}", "%s", "%s", TIME_ANY, ESCAPE_JSON},
    {"{\"t\":\"%t\",\"u\":\"%U\",\"s\":\"%>s\"}", NULL, NULL, TIME_ANY, ESCAPE_BACKSLASH},
};

START_TEST(knows_usual_stamps_and_escapes)
{
    const struct format_spec spec = {styles[_i].text, styles[_i].date, styles[_i].time, NULL};
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    const struct log_format *format = spec_compile(&spec, &arena, &error);
    ck_assert_msg(format != NULL, "%s: %s", spec.text, error.sentence);
    ck_assert_int_eq(format->time.style, styles[_i].style);
    ck_assert_int_eq(format->escapes, styles[_i].escapes);
    arena_clear(&arena);
}
END_TEST

/* ---- what is wrong, and where */

static const struct {
    const char *text, *date, *time;
    const char *file;
    size_t line, column;
    const char *part; /* of the sentence */
} errors[] = {
    {"combind", NULL, NULL, "--log-format", 1, 1, "did you mean \"combined\"?"},
    {"", NULL, NULL, "--log-format", 1, 1, "neither the name of a format"},
    {"100%", NULL, NULL, "--log-format", 1, 4, "ends inside of a directive"},
    /* missing */
    {"LogFormat \"\"", NULL, NULL, "--log-format", 1, 1, "has no time"},
    {"log_format x '';", NULL, NULL, "--log-format", 1, 1, "has no time"},
    {"%h %l %u \"%r\" %>s", NULL, NULL, "--log-format", 1, 1, "has no time"},
    {"  %h %t \"%r\" %b", NULL, NULL, "--log-format", 1, 3, "has no status"},
    {"$time_local $status", NULL, NULL, "--log-format", 1, 1, "has no request or URL"},
    {"{\"t\":\"%t\",\"u\":\"%U\"}", NULL, NULL, "--log-format", 1, 7, "has no status"},
    {"{\"t\":\"%t\",\"u\":\"%U\",\"s\":\"is %>s\"}", NULL, NULL, "--log-format", 1, 7,
     "has no status"},
    {"%h %{%d/%b/%Y}t \"%r\" %>s", NULL, NULL, "--log-format", 1, 4, "tell no hour"},
    {"%h %{%b %d %T}t \"%r\" %>s", NULL, NULL, "--log-format", 1, 4, "tell no year"},
    {"%h %{%F %H}t \"%r\" %>s", NULL, NULL, "--log-format", 1, 4, "tell no minute"},
    /* unknown */
    {"%h %y %t \"%r\" %>s", NULL, NULL, "--log-format", 1, 4, "\"%y\" is no directive"},
    {"LogFormat \"%h \\\"%Z\\\"\"", NULL, NULL, "--log-format", 1, 17, "\"%Z\" is no directive"},
    {"%h %^xx", NULL, NULL, "--log-format", 1, 4, "FB, ti or to"},
    {"%t %U %>s %{min}T", NULL, NULL, "--log-format", 1, 13, "s, ms or us, not \"min\""},
    {"%h %x %i %U %s", "%s", "%s", "--log-format", 1, 7, "\"%i\" is no specifier"},
    {"$status\n$remote_addr $", NULL, NULL, "--log-format", 2, 14, "name of a variable"},
    {"log_format x escape=xml '$status';", NULL, NULL, "--log-format", 1, 21, "not \"xml\""},
    {"%h ~h %d %t", "%F", "%T", "--log-format", 1, 4, "~h{, }"},
    /* not closed */
    {"%h %{Referer %t", NULL, NULL, "--log-format", 1, 5, "not closed"},
    {"LogFormat \"%h", NULL, NULL, "--log-format", 1, 11, "not closed"},
    {"LogFormat combined %h", NULL, NULL, "--log-format", 1, 11, "in quotes"},
    {"log_format x\n  '$status", NULL, NULL, "--log-format", 2, 3, "not closed"},
    {"log_format x '$status'; log_format y '$uri';", NULL, NULL, "--log-format", 1, 25,
     "behind its ';'"},
    {"%h %x %", "%s", "%s", "--log-format", 1, 7, "ends inside of a specifier"},
    /* touching */
    {"%h%u %t \"%r\" %>s", NULL, NULL, "--log-format", 1, 3, "between \"%h\" and \"%u\""},
    {"%h %l%u %t \"%r\" %>s", NULL, NULL, "--log-format", 1, 6, "between \"%l\" and \"%u\""},
    {"$msec$status \"$request\"", NULL, NULL, "--log-format", 1, 6,
     "between \"$msec\" and \"$status\""},
    {"'$msec $host'\n'$request_uri $status'", NULL, NULL, "--log-format", 2, 2,
     "between \"$host\" and \"$request_uri\""},
    /* patterns of the time */
    {"%h %{%d/%b/%Y:%T %E}t \"%r\" %>s", NULL, NULL, "--log-format", 1, 18, "no such conversion"},
    {"%h %{%H-%M-%S-%d-%m-%Y}t-%U %>s", NULL, NULL, "--log-format", 1, 4, "more than 4 pieces"},
    {"%h %x %U %s", "%d/%b/%Y", "%H:%!", "--time-format", 1, 4, "no such conversion"},
    {"%h %d %t %U %s", "today", "%T", "--date-format", 1, 1, "no conversion"},
    {"%h %d %t %U %s", "%F", NULL, "--log-format", 1, 7, "%t needs --time-format"},
    {"%h %x %U %s", NULL, NULL, "--log-format", 1, 4, "needs --time-format"},
    /* JSON */
    {"{\"a\":\"%t\" \"b\":\"%U\"}", NULL, NULL, "--log-format", 1, 9, "comma or the closing brace"},
    {"{\"%t\":1}", NULL, NULL, "--log-format", 1, 3, "a name holds a directive"},
    {"{\"a\":\"%t\",\"b\":}", NULL, NULL, "--log-format", 1, 9, "a value is missing"},
    {"{\"a\":\"%t\"} %U", NULL, NULL, "--log-format", 1, 12, "nothing behind"},
    {"{\"a\":[[[[[[[[[\"%t\"]]]]]]]]]}", NULL, NULL, "--log-format", 1, 1, "nested too deep"},
};

START_TEST(says_what_is_wrong)
{
    const struct format_spec spec = {errors[_i].text, errors[_i].date, errors[_i].time, NULL};
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    ck_assert_ptr_null(spec_compile(&spec, &arena, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.file, errors[_i].file);
    ck_assert_msg(strstr(error.sentence, errors[_i].part) && error.line == errors[_i].line &&
                      error.column == errors[_i].column,
                  "%s: expected %zu:%zu: %s\ngot %zu:%zu: %s", spec.text, errors[_i].line,
                  errors[_i].column, errors[_i].part, error.line, error.column, error.sentence);
    arena_clear(&arena);
}
END_TEST

/* A format as long as this machine's arguments may be is refused or compiled in a moment. */
START_TEST(is_linear)
{
    enum { TIMES = 20000 };
    static const char *const parts[] = {
        "%h ", "%t ", "%l", "$x ", "{\"a\":", "%{%d %b %Y %T}t ", "\\\"%U\\\" "};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t size = strlen(parts[i]);
        struct arena arena;
        struct error error = {0};
        char *text = mem_zeroed(TIMES * size + 32, 1);
        arena_init(&arena);
        for (size_t n = 0; n < TIMES; n++)
            memcpy(text + n * size, parts[i], size);
        memcpy(text + TIMES * size, "%t %U %>s", 9);
        const struct log_format *format =
            spec_compile(&(struct format_spec){.text = text}, &arena, &error);
        ck_assert(format || error.code == ERROR_USAGE);
        ck_assert_uint_lt(arena.total_bytes, 64u << 20);
        arena_clear(&arena);
        mem_free(text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spec");
    TCase *tcase = tcase_create("spec");
    tcase_add_loop_test(tcase, reads_lines, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(tcase, finds_extra_fields, 0, sizeof extra_rows / sizeof extra_rows[0]);
    tcase_add_loop_test(tcase, finds_no_extra_fields_of_itself, 0,
                        sizeof extra_rows / sizeof extra_rows[0]);
    tcase_add_loop_test(tcase, knows_names, 0, sizeof names / sizeof names[0]);
    tcase_add_loop_test(tcase, finds_the_presets_operations, 0,
                        sizeof same_presets / sizeof same_presets[0]);
    tcase_add_loop_test(tcase, knows_usual_stamps_and_escapes, 0, sizeof styles / sizeof styles[0]);
    tcase_add_loop_test(tcase, says_what_is_wrong, 0, sizeof errors / sizeof errors[0]);
    tcase_add_test(tcase, is_linear);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
