#!/usr/bin/env python3
"""Rules of the house that a compiler does not check. Prints TAP; run in the project's root."""
import pathlib
import re
import sys

# A module may include only itself and modules to its left (docs/architecture.md).
ORDER = ["base", "sandbox", "colour", "image", "mesh", "head", "skin", "pigment", "shade", "photo", "measure", "design", "layout", "plan", "preview", "page", "sheet", "choice", "recovery", "report", "cli"]
# Programs of their own: what each may include.
PROGRAMS = {"loader": ["base", "sandbox", "colour", "image", "mesh", "loader"]}
# design.md lists these as leaning only on the rows above; layout knows nothing of heads.
FORBIDDEN = {"layout": {"head", "design", "image", "colour"}}
BANNED = r"\b(strcpy|strcat|sprintf|gets|atoi|atof|strtok|alloca|setlocale|rand|srand)\s*\("
# libjpeg and libpng report errors by a jump: it stays in the files that call them.
JUMP, MAY_JUMP = r"\b(setjmp|longjmp)\s*\(", r"(jpeg|png)"
MAX_FILE, MAX_FUNCTION = 500, 60

SRC = pathlib.Path("src")
SOURCES = sorted(p for ext in ("*.c", "*.h") for p in SRC.rglob(ext))
# And what does not belong to a module.
ALL = SOURCES + sorted(p for ext in ("*.c", "*.h") for place in ("tests", "tools", "bench") for p in pathlib.Path(place).rglob(ext))


def includes_point_one_way():
    for path in SOURCES:
        module = path.relative_to(SRC).parts[0]
        allowed = PROGRAMS.get(module) or ORDER[: ORDER.index(module) + 1]
        for target in re.findall(r'#include "([a-z_0-9]+)/', path.read_text()):
            if target in ORDER + list(PROGRAMS) and (target not in allowed or target in FORBIDDEN.get(module, ())):
                yield f"{path} includes {target}/, which stands below {module}/ or is not for it"


def private_headers_stay_private():
    for path in SOURCES:
        module = path.relative_to(SRC).parts[0]
        for target, name in re.findall(r'#include "([a-z_0-9]+)/([a-z_0-9]+)\.h"', path.read_text()):
            if target != module and name != target:
                yield f"{path} includes {target}/{name}.h, which is private to {target}/"


def one_public_header_a_module():
    for module in ORDER:
        if any((SRC / module).glob("*.c")) and not (SRC / module / f"{module}.h").exists():
            yield f"src/{module} has no {module}.h"


def files_stay_short():
    for path in ALL:
        lines = path.read_text().count("\n")
        if lines >= MAX_FILE and "_data" not in path.name:
            yield f"{path} has {lines} lines (limit {MAX_FILE})"


def functions_stay_short():
    for path in ALL:
        start = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line == "{":
                start = number
            elif line.startswith("}") and start:
                if number - start > MAX_FUNCTION and not path.name.endswith("_test.c"):
                    yield f"{path}:{start} is a function of {number - start} lines (limit {MAX_FUNCTION})"
                start = None


def banned_calls_are_absent():
    for path in ALL:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(BANNED, line.split("//")[0]):
                yield f"{path}:{number} calls a banned function: {line.strip()}"
            if re.search(JUMP, line) and not re.search(MAY_JUMP, path.name):
                yield f"{path}:{number} jumps, which only the codec files may: {line.strip()}"
        if "<threads.h>" in path.read_text():
            yield f"{path} includes <threads.h>"


def headers_have_guards_and_say_what_they_are_for():
    for path in ALL:
        if path.suffix == ".h":
            text = path.read_text()
            if not text.startswith("//"):
                yield f"{path} does not begin with what it is for"
            if "#ifndef SMP_" not in text:
                yield f"{path} has no include guard"


def main():
    rules = [includes_point_one_way, private_headers_stay_private, one_public_header_a_module, files_stay_short,
             functions_stay_short, banned_calls_are_absent, headers_have_guards_and_say_what_they_are_for]
    print(f"1..{len(rules)}")
    bad = False
    for number, rule in enumerate(rules, 1):
        faults = list(rule())
        bad |= bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - {rule.__name__}")
        for fault in faults:
            print(f"#   {fault}")
    sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
