/* What each agent is, tests of browser.h say. */
#include "cli/agent_text.h"

#include <check.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define LINUX         "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "

static const struct {
    const char *agent, *text;
} rows[] = {
    {LINUX "Chrome/124.0.0.0 Safari/537.36", "Chrome 124, Linux, desktop"},
    {LINUX "Chrome/60.0.3112.90 Safari/537.36 OPR/47.0.2631.55",
     "Opera (Chrome 60), Linux, desktop"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
     "Samsung Internet (Chrome 130), Android, phone"},
    {"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
     "Internet Explorer 11, Windows, desktop"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 "
     "Safari/605.1.15 Epiphany/605.1.15",
     "Other, Linux, desktop"},
    {"Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
     "Opera, phone"},
    {"Mozilla/4.0 (compatible;)", ""},
    {"", ""},
};

START_TEST(tells_the_browser)
{
    char text[BROWSER_TEXT_SIZE];
    struct browser browser = browser_of(slice_of(rows[_i].agent));
    ck_assert_str_eq(browser_text(&browser, text), rows[_i].text);
}
END_TEST

START_TEST(every_browser_has_room)
{
    char text[BROWSER_TEXT_SIZE];
    for (unsigned i = 0; i < BROWSER_COUNT * BROWSER_COUNT * SYSTEM_COUNT; i++) {
        struct browser browser = {.family = (uint8_t)(i % BROWSER_COUNT),
                                  .engine = (uint8_t)(i / BROWSER_COUNT % BROWSER_COUNT),
                                  .system = (uint8_t)(i / BROWSER_COUNT / BROWSER_COUNT),
                                  .device = DEVICE_DESKTOP,
                                  .version = UINT16_MAX};
        const char *shown = browser_text(&browser, text);
        ck_assert_msg(strcmp(shown + strlen(shown) - strlen("desktop"), "desktop") == 0, "%s",
                      shown);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agent_text");
    TCase *tests = tcase_create("agent_text");
    tcase_add_loop_test(tests, tells_the_browser, 0, LENGTH(rows));
    tcase_add_test(tests, every_browser_has_room);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
