/* Names and kinds of files: which of a folder are looked at, and why the others are not. */
#include "parser/folder.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input_fixture.h"

/* Names as logrotate, Apache, nginx, IIS, CloudFront, Caddy and people give them. */
static const struct {
    const char *name;
    const char *reason; /* a word of it; NULL: taken */
} names[] = {
    {"access.log", NULL},
    {"access.log.1", NULL},
    {"access.log.2.gz", NULL},
    {"access.log-20230916.gz", NULL},
    {"access_log", NULL},
    {"ssl_access_log", NULL},
    {"shop.example-access_log.1.zst", NULL},
    {"other_vhosts_access.log", NULL},
    {"ACCESS.LOG", NULL},
    {"u_ex230916.log", NULL},
    {"shop_log", NULL},
    {"E2EXAMPLE.2023-09-16-18.a1b2c3d4.gz", NULL},
    {"web_20230916T1800Z.gz", NULL},
    {"site.20230916", NULL},
    {"caddy.json", NULL},
    {"requests.jsonl", NULL},
    {"requests.ndjson.xz", NULL},
    {"weblog.csv", NULL},
    {"usage_2023-09-16.csv.gz", NULL},
    {"terror.log", NULL}, /* a word that ends like it */
    {"php-fpm.log", NULL},
    {"error-pages.access.log", NULL},
    {"error.log", "errors"},
    {"error.log.1", "errors"},
    {"Error.log", "errors"},
    {"error.log-20230916.gz", "errors"},
    {"error_log", "errors"},
    {"ssl_error_log", "errors"},
    {"shop.example.error.log", "errors"},
    {"shop-errors.log.2.gz", "errors"},
    {"errors.log", "errors"},
    {"error-20230916.gz", "errors"},
    {"access.log.pos", "look like"},
    {"access.log.offset", "look like"},
    {"access.log.swp", "look like"},
    {"access.log.bak", "look like"},
    {"access.log~", "look like"},
    {"access.html", "look like"},
    {"access.conf", "look like"},
    {"access.log.pid", "look like"},
    {"access.log.gz.tmp", "look like"},
    {"notes.txt", "look like"},
    {"syslog", "look like"},
    {"prices.csv", "look like"},
    {"1234567.gz", "look like"},
    {"2023-9-16", "look like"},
    {"data.json.bak", "look like"},
    {".json", "look like"},
};

START_TEST(a_name_decides)
{
    const char *reason = folder_refuses_name(names[_i].name);
    const char *expected = names[_i].reason;
    ck_assert_msg((reason == NULL) == (expected == NULL), "%s: %s", names[_i].name,
                  reason ? reason : "taken");
    if (expected)
        ck_assert_msg(strstr(reason, expected) != NULL, "%s: %s", names[_i].name, reason);
}
END_TEST

START_TEST(a_long_name_is_no_trouble)
{
    char name[2000];
    memset(name, 'a', sizeof name);
    snprintf(name + sizeof name - 5, 5, ".log");
    ck_assert_ptr_nonnull(folder_refuses_name(name)); /* longer than a file's name can be */
    ck_assert_ptr_null(folder_refuses_name(name + sizeof name - 200));
}
END_TEST

/* The entry of a path relative to the folder. */
static const struct folder_file *find(const struct folder_files *files, const struct folder *folder,
                                      const char *name)
{
    const char *path = folder_path(folder, name);
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i].path, path) == 0)
            return &files->items[i];
    }
    return NULL;
}

static void check_taken(const struct folder_files *files, const struct folder *folder,
                        const char *name)
{
    const struct folder_file *file = find(files, folder, name);
    ck_assert_msg(file && !file->reason, "%s: %s", name, file ? file->reason : "not listed");
}

static void check_refused(const struct folder_files *files, const struct folder *folder,
                          const char *name, const char *words)
{
    const struct folder_file *file = find(files, folder, name);
    ck_assert_msg(file && file->reason && strstr(file->reason, words), "%s: %s", name,
                  file && file->reason ? file->reason : "not listed, or taken");
}

static void make_folder(const struct folder *folder, const char *name)
{
    ck_assert(mkdir(folder_path(folder, name), 0700) == 0);
}

START_TEST(kinds_of_files)
{
    struct folder folder, elsewhere;
    struct folder_files files;
    struct arena texts = {0};
    struct error error = {0};
    folder_make(&folder);
    folder_make(&elsewhere);
    const char *outside = folder_write(&elsewhere, "plain", SLICE_LITERAL("x"));
    ck_assert(symlink(outside, folder_path(&folder, "link.log")) == 0);
    folder_write(&folder, "b.log", SLICE_LITERAL("x"));
    folder_write(&folder, ".hidden.log", SLICE_LITERAL("x"));
    make_folder(&folder, "a");
    make_folder(&folder, ".git");
    folder_write(&folder, ".git/c.log", SLICE_LITERAL("x"));
    folder_write(&folder, "a/error.log", SLICE_LITERAL("x"));
    folder_write(&folder, "a/access.log", SLICE_LITERAL("x"));
    ck_assert(symlink("nowhere", folder_path(&folder, "dangling.log")) == 0);
    ck_assert(symlink("nowhere", folder_path(&folder, "dangling")) == 0);
    ck_assert(symlink(elsewhere.path, folder_path(&folder, "folder.log")) == 0);
    ck_assert(symlink(".", folder_path(&folder, "a/self")) == 0);
    ck_assert(mkfifo(folder_path(&folder, "pipe.log"), 0600) == 0);
    ck_assert(folder_list(folder.path, &files, &texts, &error));
    check_taken(&files, &folder, "a/access.log");
    check_taken(&files, &folder, "b.log");
    check_taken(&files, &folder, "link.log");
    check_refused(&files, &folder, "a/error.log", "errors");
    check_refused(&files, &folder, "a/self", "not followed");
    check_refused(&files, &folder, "folder.log", "not followed");
    check_refused(&files, &folder, "dangling.log", "cannot be read");
    ck_assert_int_eq(find(&files, &folder, "dangling.log")->cause, ENOENT);
    check_refused(&files, &folder, "dangling", "its name");
    ck_assert_int_eq(find(&files, &folder, "dangling")->cause, 0);
    ck_assert_int_eq(find(&files, &folder, "a/error.log")->cause, 0);
    check_refused(&files, &folder, "pipe.log", "no regular file");
    ck_assert_uint_eq(files.count, 9);
    for (size_t i = 1; i < files.count; i++)
        ck_assert(strcmp(files.items[i - 1].path, files.items[i].path) < 0);
    folder_files_clear(&files);
    ck_assert_uint_eq(files.count, 0);
    arena_clear(&texts);
    folder_remove(&folder);
    folder_remove(&elsewhere);
}
END_TEST

/* Eight folders inside each other are gone into, the ninth is not. */
START_TEST(depth_has_a_limit)
{
    struct folder folder;
    struct folder_files files;
    struct arena texts = {0};
    struct error error = {0};
    char name[64] = "d";
    folder_make(&folder);
    for (int depth = 1; depth <= 9; depth++) {
        char log[80];
        make_folder(&folder, name);
        snprintf(log, sizeof log, "%s/a.log", name);
        folder_write(&folder, log, SLICE_LITERAL("x"));
        if (depth < 9)
            strcat(name, "/d");
    }
    ck_assert(folder_list(folder.path, &files, &texts, &error));
    check_taken(&files, &folder, "d/a.log");
    check_taken(&files, &folder, "d/d/d/d/d/d/d/d/a.log");
    check_refused(&files, &folder, "d/d/d/d/d/d/d/d/d", "8 levels");
    ck_assert_uint_eq(files.count, 9);
    folder_files_clear(&files);
    arena_clear(&texts);
    folder_remove(&folder);
}
END_TEST

/* Root may read everything, so it becomes somebody else for a while. */
static void become_nobody(const struct folder *folder)
{
    enum { NOBODY = 65534 };
    ck_assert(chmod(folder->path, 0755) == 0);
    if (geteuid() == 0)
        ck_assert(seteuid(NOBODY) == 0);
}

static void become_oneself(void)
{
    ck_assert(seteuid(getuid()) == 0);
}

START_TEST(what_cannot_be_read)
{
    struct folder folder;
    struct folder_files files;
    struct arena texts = {0};
    struct error error = {0};
    folder_make(&folder);
    ck_assert(!folder_list(folder_path(&folder, "missing"), &files, &texts, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.file, folder_path(&folder, "missing"));
    ck_assert_ptr_null(strstr(error.sentence, "group"));
    folder_files_clear(&files);
    make_folder(&folder, "closed");
    ck_assert(chmod(folder_path(&folder, "closed"), 0) == 0);
    become_nobody(&folder);
    error = (struct error){0};
    ck_assert(folder_list(folder.path, &files, &texts, &error));
    check_refused(&files, &folder, "closed", "cannot be read");
    ck_assert_int_eq(find(&files, &folder, "closed")->cause, EACCES);
    folder_files_clear(&files);
    ck_assert(!folder_list(folder_path(&folder, "closed"), &files, &texts, &error));
    become_oneself();
    ck_assert_msg(strstr(error.sentence, "Permission denied; run as a user of the group"), "%s",
                  error.sentence);
    folder_files_clear(&files);
    arena_clear(&texts);
    ck_assert(chmod(folder_path(&folder, "closed"), 0700) == 0);
    folder_remove(&folder);
}
END_TEST

START_TEST(slashes_behind_change_nothing)
{
    struct folder folder;
    struct folder_files files;
    struct arena texts = {0};
    struct error error = {0};
    char slashed[300];
    folder_make(&folder);
    folder_write(&folder, "a.log", SLICE_LITERAL("x"));
    snprintf(slashed, sizeof slashed, "%s//", folder.path);
    ck_assert(folder_list(slashed, &files, &texts, &error));
    check_taken(&files, &folder, "a.log");
    folder_files_clear(&files);
    arena_clear(&texts);
    folder_remove(&folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("folder");
    TCase *folder = tcase_create("folder");
    tcase_add_loop_test(folder, a_name_decides, 0, (int)(sizeof names / sizeof names[0]));
    tcase_add_test(folder, a_long_name_is_no_trouble);
    tcase_add_test(folder, kinds_of_files);
    tcase_add_test(folder, depth_has_a_limit);
    tcase_add_test(folder, what_cannot_be_read);
    tcase_add_test(folder, slashes_behind_change_nothing);
    suite_add_tcase(suite, folder);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
