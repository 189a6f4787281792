#!/usr/bin/env bash
# data/template_head.bin is what tools/make_template.c makes of the mean head (TAP).
# usage: template.sh MAKE_TEMPLATE
set -u
obj=../shared/data/heads/ict-facekit/generic_neutral_mesh.obj
echo "1..1"
if [ ! -r "$obj" ]; then
    echo "# SKIP template: $obj is absent"
    echo "ok 1 - the_template_follows_from_the_mean_head # SKIP"
    exit 0
fi
made=$(mktemp)
trap 'rm -f "$made"' EXIT
if "$1" "$obj" "$made" >/dev/null && cmp -s "$made" data/template_head.bin; then
    echo "ok 1 - the_template_follows_from_the_mean_head"
else
    echo "not ok 1 - the_template_follows_from_the_mean_head"
fi
