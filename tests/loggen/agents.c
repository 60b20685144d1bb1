#include "tests/loggen/agents.h"

const char *const agents_crawlers[] = {
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
    "+https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/130.0.6723.58 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
    "+http://www.google.com/bot.html)",
    NULL,
};

size_t agents_crawler_count(void)
{
    size_t count = 0;
    while (agents_crawlers[count])
        count++;
    return count;
}

static const char *const desktops[] = {
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",
    "X11; CrOS x86_64 14541.0.0",
};

static const char *const phones[] = {
    "SM-S921B", "SM-A546B", "Pixel 8", "SM-G991B", "M2101K6G", "SM-A155F", "Pixel 7a", "CPH2581",
};

enum { SHAPES = 8 };

static uint32_t chrome(struct plan *plan, unsigned turn, unsigned version)
{
    return plan_format(plan,
                       "Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%u.0.0.0 "
                       "Safari/537.36",
                       desktops[turn % 4], version);
}

/* The agent of one shape and turn: successive turns give other systems and older versions. */
static uint32_t browser(struct plan *plan, unsigned shape, unsigned turn)
{
    const unsigned version = 142 - turn / 4;
    switch (shape) {
    case 0:
        return chrome(plan, turn, version);
    case 5:
        return plan_format(plan,
                           "Mozilla/5.0 (iPhone; CPU iPhone OS %u_%u like Mac OS X) "
                           "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%u.%u "
                           "Mobile/15E148 Safari/604.1",
                           18 - turn / 7, 6 - turn % 7, 18 - turn / 7, 6 - turn % 7);
    case 1:
        return plan_format(plan,
                           "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like "
                           "Gecko) Chrome/%u.0.0.0 Mobile Safari/537.36",
                           142 - turn);
    case 2:
        return plan_format(plan, "Mozilla/5.0 (%s; rv:%u.0) Gecko/20100101 Firefox/%u.0",
                           desktops[turn % 3], version, version);
    case 4:
        return plan_format(plan,
                           "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
                           "like Gecko) Chrome/%u.0.0.0 Safari/537.36 Edg/%u.0.0.0",
                           142 - turn, 142 - turn);
    case 3:
        return plan_format(plan,
                           "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
                           "(KHTML, like Gecko) Version/%u.%u Safari/605.1.15",
                           18 - turn / 7, 6 - turn % 7);
    case 6:
        return plan_format(plan,
                           "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like "
                           "Gecko) SamsungBrowser/%u.0 Chrome/%u.0.0.0 Mobile Safari/537.36",
                           27 - turn / 8, 125 - turn);
    default:
        return plan_format(plan,
                           "Mozilla/5.0 (Linux; Android 13; %s) AppleWebKit/537.36 (KHTML, like "
                           "Gecko) Chrome/%u.0.0.0 Mobile Safari/537.36 OPR/%u.0.0.0",
                           phones[turn % 8], 140 - turn, 86 - turn);
    }
}

void agents_browsers(struct plan *plan, uint32_t *browsers)
{
    for (unsigned i = 0; i < AGENT_BROWSERS; i++)
        browsers[i] = browser(plan, i % SHAPES, i / SHAPES);
}
