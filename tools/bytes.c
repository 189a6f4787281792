// Turns a file into a C array: bytes NAME FILE > OUT.c
#include <stdio.h>

int main(int argc, char **argv)
{
    FILE *in = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (!in) {
        fputs("usage: bytes NAME FILE > OUT.c\n", stderr);
        return 1;
    }
    printf("#include \"head/head_impl.h\"\nconst uint8_t %s[] = {", argv[1]);
    size_t count = 0;
    for (int c; (c = getc(in)) != EOF; count++)
        printf("%s%d,", count % 24 ? "" : "\n", c);
    printf("\n};\nconst size_t %s_length = %zu;\n", argv[1], count);
    fclose(in);
    return fflush(stdout) != 0;
}
