#!/usr/bin/env bash
# Every public header compiles alone, as C and as C++. Prints TAP; run in the project's root.
cd "${STUBBLE_SOURCE_ROOT:-.}" || exit 1
headers=()
for h in src/*/*.h; do # public headers: named as their module
    [ "$(basename "$h" .h)" = "$(basename "$(dirname "$h")")" ] && headers+=("$h")
done
echo "1..$((2 * ${#headers[@]}))"
n=0 bad=0
for header in "${headers[@]}"; do
    for language in c c++; do
        n=$((n + 1))
        standard=$([ $language = c ] && echo c17 || echo c++17)
        if echo "#include \"${header#src/}\"" | ${CC:-cc} -x $language -std=$standard -D_GNU_SOURCE -Wall -Wextra -Werror \
            -Isrc $(pkg-config --cflags jansson cairo pangocairo 2>/dev/null) -fsyntax-only - 2>/tmp/header.$$; then
            echo "ok $n - ${header#src/} alone as $language"
        else
            echo "not ok $n - ${header#src/} alone as $language"
            sed 's/^/#   /' /tmp/header.$$
            bad=1
        fi
    done
done
rm -f /tmp/header.$$
exit $bad
