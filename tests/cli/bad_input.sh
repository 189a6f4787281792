#!/usr/bin/env bash
# Bad input to `stubble plan`, end to end: exit status, one sentence on stderr, nothing left behind.
set -u
stubble=${STUBBLE_BUILD_ROOT:?}/stubble
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
count=0

# check NAME STATUS 'PATTERN' COMMAND...: the command ends so, says so in one line, and leaves no folder.
check() {
    local name=$1 status=$2 pattern=$3 got lines
    shift 3
    "$@" >out.txt 2>err.txt
    got=$?
    lines=$(grep -c '' err.txt)
    count=$((count + 1))
    if [ "$got" = "$status" ] && [ "$lines" = 1 ] && grep -q -- "$pattern" err.txt &&
        grep -q '^stubble: ' err.txt && [ ! -s out.txt ] &&
        [ -z "$(find . -maxdepth 1 -name 'out*' ! -name out.txt)" ]; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        echo "#   status $got, $lines lines: $(head -c 400 err.txt | tr '\n' '|')"
        find . -maxdepth 1 -name 'out*' ! -name out.txt | sed 's/^/#   left: /'
        rm -rf out out.part-*
    fi
}

plan() {
    "$stubble" plan "$@" --out out --no-pictures --no-sheets
}

put() { # put FILE TEXT
    printf '%s' "$2" >"$1"
}

fiducials='"fiducials": {"nasion": [0,90,0], "lpa": [-70,0,0], "rpa": [70,0,0]}'
scan() { # scan FILE [UNIT]: a case for a scan
    printf '{"stubble": 1, "head": {"scan": "%s", "unit": "%s", %s}, "loss": {"norwood": "6"}}' \
        "$1" "${2:-mm}" "$fiducials"
}

# ---- The case file
check 'a missing case' 2 'none.json cannot be read: No such file' plan none.json
check 'a folder for a case' 2 'is not a regular file' plan .
put empty.json ''
check 'an empty case' 2 'empty.json is not valid JSON' plan empty.json
put cut.json '{"stubble": 1, "client": {'
check 'a case cut short' 2 'cut.json is not valid JSON.* at line 1' plan cut.json
put noversion.json '{}'
check 'no version' 2 'noversion.json: stubble must be given and be 1' plan noversion.json
put future.json '{"stubble": 2}'
check 'a later version' 2 'future.json: stubble must be 1, not 2' plan future.json
put unknown.json '{"stubble": 1, "hiar": {}}'
check 'an unknown field' 2 'unknown.json: unknown field hiar' plan unknown.json
put type.json '{"stubble": 1, "client": {"age": "forty"}}'
check 'a wrong type' 2 'client.age must be a number, not "forty"' plan type.json
put range.json '{"stubble": 1, "design": {"hairline": {"glabella_mm": 5}}}'
check 'a value out of range' 2 'design.hairline.glabella_mm must be 50 to 110 mm, not 5' plan range.json
put nan.json '{"stubble": 1, "design": {"dots_per_cm2": NaN}}'
check 'NaN' 2 'nan.json is not valid JSON' plan nan.json
put inf.json '{"stubble": 1, "design": {"dots_per_cm2": 1e999}}'
check 'an infinite number' 2 'inf.json is not valid JSON' plan inf.json
put both.json '{"stubble": 1, "head": {"scan": "a.obj", "measurements": {}}}'
check 'scan and measurements together' 2 'either scan or measurements, not both' plan both.json
put tape.json '{"stubble": 1, "loss": {"norwood": "6"}, "head": {"measurements": {"circumference_mm": 500, "length_mm": 225, "breadth_mm": 175}}}'
check 'a tape that contradicts itself' 2 'circumference' plan tape.json
put none_lost.json '{"stubble": 1, "design": {"dots_per_cm2": 60}}'
check 'no loss' 2 'there is nothing to plan' plan none_lost.json
put gap.json '{"stubble": 1, "loss": {"norwood": "3"}, "design": {"min_gap_mm": 2.9}}'
check 'a gap that cannot be had' 2 'gap' plan gap.json
put off.json '{"stubble": 1, "loss": {"norwood": "6"}, "design": {"keep_out": [{"what": "wound", "outline": [[-2,-2],[2,-2],[2,2],[-2,2]]}]}}'
check 'an outline off the head' 2 'off.json: design.keep_out: the outline of a wound must cross the head' plan off.json

# ---- The scan
put nofid.json '{"stubble": 1, "head": {"scan": "a.obj", "unit": "mm"}}'
check 'no fiducials' 2 'no fiducials' plan nofid.json
put nounit.json "{\"stubble\": 1, \"head\": {\"scan\": \"a.obj\", $fiducials}}"
check 'no unit' 2 'head.unit or scale must be given' plan nounit.json
put noscan.json "$(scan absent.obj)"
check 'a missing scan' 2 'absent.obj' plan noscan.json
put garbage.glb 'glTF is not what this is, whatever its name says'
put garbage.json "$(scan garbage.glb)"
check 'a damaged scan' 2 'garbage.glb' plan garbage.json
printf 'v 0 0 0\nv 1 0 0\nv 0 1 0\n' >cloud.obj
put cloud.json "$(scan cloud.obj)"
check 'a point cloud' 2 'cloud.obj' plan cloud.json
printf 'v -70 0 0\nv 70 0 0\nv 0 90 0\nv 0 0 120\nf 1 2 4\nf 2 3 4\nf 3 1 4\nf 1 3 2\n' >tiny.obj
put huge.json "$(scan tiny.obj m)"
check 'an absurd size after units' 2 'tiny.obj' plan huge.json
put flat.json "$(scan tiny.obj mm)"
check 'a shape that is no head' 2 '' plan flat.json
put unit.json "$(scan tiny.obj parsec)"
check 'an unknown unit' 2 'head.unit must be one of mm, cm, m, inch, not "parsec"' plan unit.json

printf '{"asset":{"version":"2.0"},"extensionsRequired":["KHR_draco_mesh_compression"]}' >draco.gltf
put draco.json "$(scan draco.gltf)"
check 'Draco compression' 2 'draco.gltf: uses Draco compression, which is not supported' plan draco.json
{
    printf 'ply\nformat binary_little_endian 1.0\nelement vertex 9\nproperty uchar x\nproperty uchar y\nproperty uchar z\n'
    printf 'element face 13000000\nproperty list uchar uchar vertex_indices\nproperty uchar flags\nend_header\n'
    printf 'abcdefghijklmnopqrstuvwxyz!'
    yes $'\3\1\2\4' | head -c 65000000 # the flags are the ends of lines
} >many.ply
put many.json "$(scan many.ply)"
check 'thirteen million triangles' 2 'many.ply: .*12000000' plan many.json
rm many.ply
truncate -s 3G vast.stl
put vast.json "$(scan vast.stl)"
check 'a file beyond all size' 2 'vast.stl' plan vast.json
rm vast.stl
printf 'v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n' >nan.obj
put nanscan.json "$(scan nan.obj)"
check 'NaN in a scan' 2 'nan.obj: ' plan nanscan.json
printf 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n' >beyond.obj
put beyond.json "$(scan beyond.obj)"
check 'a face of a vertex that is not there' 2 'beyond.obj: ' plan beyond.json
put folder.json "$(scan .)"
check 'a folder for a scan' 2 'regular file' plan folder.json
touch locked.obj && chmod 000 locked.obj
put locked.json "$(scan locked.obj)"
[ "$(id -u)" = 0 ] || check 'an unreadable scan' 2 'locked.obj cannot be read: Permission' plan locked.json
put axis.json '{"stubble": 1, "head": {"scan": "tiny.obj", "unit": "mm", "fiducials": {"nasion": [0,0,0], "lpa": [-70,0,0], "rpa": [70,0,0]}}, "loss": {"norwood": "6"}}'
check 'fiducials in one line' 2 'tiny.obj: the fiducials lie in one line' plan axis.json

# ---- The call
put good.json '{"stubble": 1, "loss": {"norwood": "3v"}}'
mkdir mine && touch mine/letter.txt
check 'a folder that is not ours' 2 'mine exists and holds no plan.json' \
    "$stubble" plan good.json --out mine
mkdir kept && touch kept/plan.json kept/notes.txt
check "a plan folder with the user's own notes" 2 'kept holds notes.txt, which would be deleted' \
    "$stubble" plan good.json --out kept
check 'a data folder that is none' 2 '--data must name a folder' plan good.json --data nowhere
mkdir data && put data/limits.json '{"limit.grid_cv": 1}'
check 'own data with a fault' 2 'data/limits.json: limit.grid_cv must be an object' plan good.json --data data
check 'threads out of range' 2 '--threads must be a whole number from 0 to 256' plan good.json --threads -1
touch taken
check 'an output folder that is a file' 2 'taken exists and holds no plan.json' \
    "$stubble" plan good.json --out taken
check 'an output folder inside of a file' 2 'taken/in.* cannot be made: Not a directory' \
    "$stubble" plan good.json --out taken/in
check 'head of a missing case' 2 'none.json cannot be read' "$stubble" head none.json
check 'layout of a missing mesh' 2 'none.stl' "$stubble" layout none.stl --density 5 -o out.csv
check 'layout of a damaged mesh' 2 'garbage.glb' "$stubble" layout garbage.glb --density 5 -o out.csv
check 'layout into a folder that is not there' 2 'nowhere/dots.csv cannot be written: the folder to put it in does not exist' \
    "$stubble" layout tiny.obj --density 5 -o nowhere/dots.csv
check 'layout with NaN for a density' 2 'must be a number from' \
    "$stubble" layout tiny.obj --density nan -o out.csv
check 'preview of a folder that is no plan' 2 'mine' "$stubble" preview mine --view front -o out.png
check 'sheet of a folder that is no plan' 2 'mine' "$stubble" sheet mine -o out.pdf
check 'an output folder that cannot be made' 2 'cannot be made: the folder to put it in does not exist' \
    "$stubble" plan good.json --out /proc/nowhere/out

# ---- The disk: files may grow to 4 kB only, as on a disk that fills up.
full() {
    (
        trap '' XFSZ
        ulimit -f 4
        plan good.json
    )
}
check 'a full disk' 1 'cannot be written' full

# ---- Interrupted half way: nothing is left, and an older plan stays as it was.
count=$((count + 1))
"$stubble" plan good.json --out out >/dev/null 2>err.txt &
pid=$!
for _ in $(seq 200); do
    [ -e "out.part-$pid" ] && break
    read -r -t 0.02 <> <(:) || true
done
seen=$([ -e "out.part-$pid" ] && echo yes)
kill -TERM $pid
wait $pid
got=$?
if [ "$seen" = yes ] && [ "$got" = 143 ] && [ ! -e out ] && [ ! -e "out.part-$pid" ]; then
    echo "ok $count - a plan interrupted half way leaves nothing"
else
    echo "not ok $count - a plan interrupted half way leaves nothing"
    echo "#   seen: $seen, status $got, $(ls -d out* | tr '\n' ' ')"
    rm -rf out out.part-*
fi

# ---- And the good one leaves a folder.
count=$((count + 1))
if plan good.json >/dev/null 2>err.txt && [ -s out/plan.json ] && [ -s out/dots.csv ]; then
    echo "ok $count - a good case is planned"
else
    echo "not ok $count - a good case is planned"
    sed 's/^/#   /' err.txt
fi

# ---- A scan with files that are not there: the plan is made, and says what is left out.
# The mean head, with the names of a material file and a picture that are absent.
ok() { # ok NAME COMMAND...
    local name=$1
    shift
    count=$((count + 1))
    if "$@"; then echo "ok $count - $name"; else echo "not ok $count - $name"; fi
}
ict=${STUBBLE_SOURCE_ROOT:?}/../shared/data/heads/ict-facekit/generic_neutral_mesh.obj
if [ -f "$ict" ]; then
    mkdir scanned
    { printf 'mtllib absent.mtl\n'; grep -v '^mtllib' "$ict"; } >scanned/head.obj
    sed 's|"scan": *"[^"]*"|"scan": "scanned/head.obj"|' "$STUBBLE_SOURCE_ROOT/tests/cases/ict.json" >incomplete.json
    line='stubble: warning: head.obj: it names files that are absent or outside its folder and were left out: absent.mtl'
    "$stubble" head incomplete.json --json >head.json 2>err.txt
    ok 'head: one line for absent files of a scan' test "$(cat err.txt)" = "$line"
    ok 'head: and a warning in its JSON' grep -q '"warnings":\["head.obj: it names files.*absent.mtl"\]' head.json
    rm -rf out
    plan incomplete.json --json >plan.out 2>err.txt
    ok 'plan: one line for absent files of a scan' test "$(cat err.txt)" = "$line"
    ok 'plan: and a warning in its JSON' grep -q '"id":"scan-incomplete"' plan.out
    ok 'plan: and in plan.json' grep -q 'left out: absent.mtl' out/plan.json
    # A picture of 10^10 pixels in 33 bytes.
    printf '\211PNG\r\n\032\n\0\0\0\015IHDR\0\001\206\240\0\001\206\240\010\002\0\0\0\0\0\0\0' >scanned/bomb.png
    grep '^usemtl' "$ict" | sort -u | sed 's/usemtl \(.*\)/newmtl \1\nmap_Kd bomb.png/' >scanned/absent.mtl
    rm -rf out out.json
    check 'a picture that is a bomb' 2 'head.obj: its texture' plan incomplete.json
else
    count=$((count + 1))
    echo "# SKIP $ict is not there"
    echo "ok $count - absent files of a scan: not tried"
fi
echo "1..$count"
