#include "tests/loggen/roll.h"

#include <stdio.h>

#include "base/memory.h"
#include "tests/loggen/writer.h"

struct roll_row *roll_add(struct roll *roll, const struct roll_row *row)
{
    roll->rows = mem_grow(roll->rows, &roll->capacity, roll->count + 1, sizeof *roll->rows);
    roll->rows[roll->count] = *row;
    return &roll->rows[roll->count++];
}

void roll_clear(struct roll *roll)
{
    mem_free(roll->rows);
}

static const char *plan_name(const struct plan *plan, uint32_t text)
{
    return names_text(&plan->texts, text).at;
}

/* No text of the cast has quotes, but agents have commas. */
static void write_row(FILE *stream, const struct plan *plan, const struct roll_row *row)
{
    const struct plan_actor *const actor = &plan->actors[row->actor];
    const struct cast_source *const source = row->source;
    char first[32], last[32];
    fprintf(stream, "%u,%u,%u,%s,%s,%s,%d,%d,", row->visitor, row->person, row->visit,
            row->part->name, row->class, row->rule, row->part->is_machine, row->part->is_unclear);
    fprintf(stream, "%s,\"%s\",%u,%u,%s,%s,", plan_name(plan, actor->address),
            plan_name(plan, actor->agent), row->hits, row->page_views,
            writer_time(plan->start_s + row->first_s, first),
            writer_time(plan->start_s + row->last_s, last));
    if (source)
        fprintf(stream, "%s,%s,%s,%s,%s,%s,", source->class, source->host, source->campaign,
                plan_name(plan, row->landing), plan_name(plan, row->exit),
                writer_time(plan->start_s + row->exit_s, last));
    else
        fprintf(stream, ",,,,,,");
    fprintf(stream, "%s,%s,%u,%u,%u,%u\n", row->browser ? row->browser : "",
            row->device ? row->device : "", row->outcomes[ROLL_SUBMITTED],
            row->outcomes[ROLL_REFUSED], row->outcomes[ROLL_FAILED], row->cancellation_views);
}

bool roll_write(const struct roll *roll, const struct plan *plan, const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/truth/people.csv", folder);
    FILE *const stream = fopen(path, "w");
    if (!stream)
        return false;
    fprintf(stream, "visitor,person,visit,part,class,rule,is_machine,is_unclear,address,agent,hits,"
                    "page_views,first_time,last_time,source,referrer,campaign,landing,exit,"
                    "exit_time,browser,device,submitted,refused,failed,cancellation_views\n");
    for (size_t i = 0; i < roll->count; i++)
        write_row(stream, plan, &roll->rows[i]);
    return fclose(stream) == 0;
}
