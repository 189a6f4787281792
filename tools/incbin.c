// Turns a file into assembler that holds its bytes: incbin NAME FILE > OUT.S
//
// The bytes never pass through the compiler, which would take a minute for a table of megabytes.
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: incbin NAME FILE > OUT.S\n", stderr);
        return 1;
    }
    // The sum of the bytes, so that the output changes with them and is assembled again.
    FILE *in = fopen(argv[2], "rb");
    if (!in) {
        perror(argv[2]);
        return 1;
    }
    unsigned long long sum = 14695981039346656037ULL; // FNV-1a
    for (int c; (c = getc(in)) != EOF;)
        sum = (sum ^ (unsigned long long)c) * 1099511628211ULL;
    fclose(in);
    printf("/* %016llx */\n", sum);
    printf(".section .rodata\n.balign 64\n.global %s\n%s:\n.incbin \"%s\"\n", argv[1], argv[1],
           argv[2]);
    printf(".global %s_end\n%s_end:\n.byte 0\n", argv[1], argv[1]);
    puts(".section .note.GNU-stack,\"\",%progbits");
    return fflush(stdout) != 0;
}
