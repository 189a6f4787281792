#!/usr/bin/env bash
# Format, structure, headers, static analysis. Run in the project's root by ./run lint.
set -uo pipefail
bad=0
show() { # faults, if any
    [ -z "$1" ] && return
    printf '%s\n' "$1"
    bad=1
}
step() { printf '%s\n' "lint: $*" >&2; }

step "format (clang-format 14)"
show "$(find src tests tools bench -name '*.[ch]' | grep -v _data | xargs clang-format-14 --dry-run -Werror 2>&1 | grep 'error:' | head -20)"

step "structure"
python3 tests/lint/structure.py | grep -v '^ok' | tail -n +2
[ "${PIPESTATUS[0]}" = 0 ] || bad=1

step "shell"
for script in run .ci/run $(find tests -name '*.sh'); do bash -n "$script" || bad=1; done

step "clang-tidy 14"
built=$(ninja -C build) || { show "$(printf '%s\n' "$built" | grep -v '^\[' | head -40)"; bad=1; }
checks='-*,bugprone-*,clang-analyzer-*,cert-err34-c,cert-flp30-c,cert-mem57-cpp,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result,-bugprone-reserved-identifier,-bugprone-branch-clone,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-optin.performance.Padding,-bugprone-assignment-in-if-condition,-bugprone-macro-parentheses,-bugprone-misplaced-widening-cast,-clang-analyzer-valist.Uninitialized'
show "$(find src -name '*.c' | sort | grep -Ev '_test\.c|_data\.c|fuzz_' |
    xargs -P "$(nproc)" -n 4 clang-tidy-14 -p build --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' --checks="$checks" 2>/dev/null |
    grep -E 'error:' | sort -u | head -40)"

[ $bad = 0 ] && echo "lint: clean" || echo "lint: faults above"
exit $bad
