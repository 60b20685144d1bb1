/*
 * The main() of a fuzz target where there is no libFuzzer: gives it each file that is named.
 *
 * The bytes end where a page does, and the page behind may not be read: one byte too far is a
 * crash, with or without a sanitizer.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void stop(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
}

static size_t file_size(FILE *file, const char *path)
{
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size < 0)
        stop(path);
    rewind(file);
    return (size_t)size;
}

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        stop(path);
    size_t size = file_size(file, path);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t readable = (size + page - 1) / page * page;
    uint8_t *memory =
        mmap(NULL, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + readable, page, PROT_NONE) != 0)
        stop(path);
    uint8_t *bytes = memory + readable - size;
    if (fread(bytes, 1, size, file) != size)
        stop(path);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, size);
    munmap(memory, readable + page);
}

int main(int count, char **paths)
{
    for (int i = 1; i < count; i++)
        replay(paths[i]);
    return 0;
}
