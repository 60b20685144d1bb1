/*
 * agent_text: a browser in words, for those who look at single hits and visits.
 */
#ifndef CLI_AGENT_TEXT_H
#define CLI_AGENT_TEXT_H

#include "parser/browser.h"

enum { BROWSER_TEXT_SIZE = 128 };

/*
 * "Chrome 124, Windows, desktop"; of what has another's engine, that and its version: "Opera
 * (Chrome 60), Linux, desktop". What is unknown is left out, and "" stays when all is. Returns
 * `out`.
 */
const char *browser_text(const struct browser *browser, char out[BROWSER_TEXT_SIZE]);

#endif
