// Turns files into a C source: a table of their names and bytes, for the program to fall back on.
// usage: embed FILE... > builtin_data.c
#include <stdio.h>
#include <string.h>

// The name as in the data folder: "prices.json", "evidence/loss.json".
static const char *data_name(const char *path)
{
    static const char folder[] = "data/";
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (const char *at = path; (at = strstr(at, folder)); at++) {
        if (at == path || at[-1] == '/')
            name = at + strlen(folder);
    }
    return name;
}

static int put_bytes(const char *path, int index)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return 1;
    }
    printf("static const unsigned char file_%d[] = {", index);
    int c, column = 0;
    while ((c = getc(in)) != EOF)
        printf("%s%d,", column++ % 24 ? "" : "\n", c);
    printf("0\n};\n");
    fclose(in);
    return 0;
}

int main(int argc, char **argv)
{
    printf("#include \"plan/plan_impl.h\"\n");
    for (int i = 1; i < argc; i++) {
        if (put_bytes(argv[i], i))
            return 1;
    }
    printf("const struct smp_builtin smp_builtins[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("{ \"%s\", file_%d, sizeof file_%d - 1 },\n", data_name(argv[i]), i, i);
    printf("{ 0, 0, 0 } };\n");
    return 0;
}
