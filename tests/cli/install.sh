#!/usr/bin/env bash
# What `./run install` puts down works below any prefix, from any folder, with nothing of the build around it.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset STUBBLE_LOADER STUBBLE_HEIC STUBBLE_DATA STUBBLE_SOURCE_ROOT
count=0

tell() { # tell STATUS NAME
    count=$((count + 1))
    [ "$1" = 0 ] && echo "ok $count - $2" || { echo "not ok $count - $2"; sed 's/^/# /' "$work/said.txt"; }
}

meson install -C "${STUBBLE_BUILD_ROOT:?}" --no-rebuild --destdir "$work/to" >"$work/said.txt" 2>&1
tell $? "the program and its reader are installed"
mkdir "$work/elsewhere" "$work/moved"
program=$(find "$work/to" -name stubble -type f -perm -1)
mv "$(dirname "$(dirname "$program")")"/* "$work/moved"
cd "$work/elsewhere" || exit 1
cat >mesh.obj <<'EOF'
v 0 0 0
v 40 0 0
v 0 40 0
v 0 0 40
f 1 3 2
f 1 2 4
f 1 4 3
f 2 3 4
EOF
# Nothing of the environment but a path, and the settings of the sanitizers where those are on.
bare=(env -i PATH=/usr/bin:/bin)
for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
    [ -n "${!name:-}" ] && bare+=("$name=${!name}")
done
layout=("$work/moved/bin/stubble" layout mesh.obj --density 20 -o dots.csv)
"${bare[@]}" "${layout[@]}" >"$work/said.txt" 2>&1 && [ -s dots.csv ]
tell $? "a mesh is read from any folder, after the installation was moved"
echo '{"stubble": 1, "client": {"sex": "male"}, "loss": {"norwood": "3"}}' >case.json
"${bare[@]}" "$work/moved/bin/stubble" plan case.json --no-pictures --out plan >"$work/said.txt" 2>&1 &&
    [ -s plan/sheets/sheets.pdf ]
tell $? "a plan with its sheets is made with nothing but the program"
[ ! -e "$STUBBLE_BUILD_ROOT/stubble-heic" ] || [ -x "$work/moved/libexec/stubble-heic" ]
tell $? "the reader of HEIC is installed beside the other"
printf '#!/bin/sh\nexit 9\n' >"$work/moved/libexec/stubble-loader"
"${bare[@]}" "${layout[@]}" >"$work/said.txt" 2>&1
[ $? != 0 ]
tell $? "the reader used is the one that was installed, not one of the build"
echo "1..$count"
