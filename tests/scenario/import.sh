# Importing files: the shipped samples, files of every fault, and a process that is killed. Runs
# $TAIHU in the current folder, which is empty, on samples of the tree at $TAIHU_SOURCE_DIR; prints a
# line of TAP for each check.
set -u
samples=$TAIHU_SOURCE_DIR/samples
maps=$samples/maps
rows=400000
kills=12
longest_ms=900 # that a process lives: from before it has opened the file to most of its rows

. "$TAIHU_SOURCE_DIR/tests/scenario/lib/checks.sh"
lines() { timeout 60 "$TAIHU" journal tail --db "$1" -n 1000000 | wc -l; }

# ---- the samples ----

ok "air: one half" says 0 "taken 568, passed over 0, rejected 0" \
    import "$samples/air/wuxi-2020-03.csv" --map "$maps/air.json" --db s.db
ok "its missing hours are counted" grep -qF \
    "steps of 3600 s: 760 of 1256 are not there, in 8 entities; rows for a step that had one: 72" out
ok "the journal tells of the file by its digest" grep -qF \
    "\"subject\":\"import/$(sha256sum <"$samples/air/wuxi-2020-03.csv" | cut -d' ' -f1)\",\"kind\":\"import.finished\"" \
    <("$TAIHU" journal tail --db s.db -n 1)
ok "air: the other, with line breaks in quotes" says 0 "taken 792, passed over 0, rejected 0" \
    import "$samples/air/wuxi-2020-04.csv" --map "$maps/air.json" --db s.db
before=$(lines s.db)
ok "again" says 0 "unchanged: " \
    import "$samples/air/wuxi-2020-04.csv" --map "$maps/air.json" --db s.db
ok "changes nothing" test "$(lines s.db)" -eq "$before"
ok "parking: no header" says 0 "taken 35717, passed over 0, rejected 0" \
    import "$samples/parking/birmingham.csv" --map "$maps/parking.json" --db s.db
ok "30 car parks" grep -qF "new entities 30," out
ok "stations" says 0 "new entities 2026," \
    import "$samples/river/stations.csv" --map "$maps/river-stations.json" --db s.db
ok "a day of rain: four readings are none" run 1 \
    import "$samples/river/wet_day.csv" --map "$maps/river-day.json" --db s.db --errors e.csv
ok "the rest is taken" grep -qF "taken 20725, passed over 0, rejected 4" out
ok "they are named" grep -qF 'wet_day.csv:row 873 (line 874), column "value": value "0.260|0.267": not a number' err
ok "and listed" grep -qF '873,874,value,0.260|0.267,not a number,2021-05-07T00:00:00Z,4032,level,Stage,mASD,0.260|0.267' e.csv
ok "all of them" test "$(wc -l <e.csv)" -eq 5
ok "outlines" says 0 "taken 7, passed over 0, rejected 0" \
    import "$samples/districts/wuxi.geojson" --map "$maps/districts.json" --db s.db
ok "the journal holds" says 0 "" journal verify --db s.db

# ---- the command line ----

printf '{"entities":[{"id":"urn:x:{id}","type":"T","time":{"text":"{t}","format":"%%s"},"attributes":[{"name":"v","kind":"number","column":"v"}]}]}' >map.json
printf 'id,t,v\na,0,1\na,60,x\na,120,3\n' >three.csv
ok "a dry run needs no database" run 1 import three.csv --map map.json --dry-run
ok "it says what it found" grep -qF "taken 2, passed over 0, rejected 1" out
ok "without it one is needed" complains 2 "needs --db FILE, or --dry-run" import three.csv --map map.json
ok "without a map" complains 2 "import needs --map MAP" import three.csv --db c.db
ok "a switch takes no value" complains 2 "takes no value" import three.csv --map map.json --dry-run=yes
ok "no such file" complains 1 "none.csv: cannot open" import none.csv --map map.json --db c.db
ok "a pipe" complains 1 "it is no file" import /dev/null --map map.json --db c.db
ok "a map with a slip" bash -c 'sed s/column/colum/ map.json >bad.json'
ok "is told where" complains 1 'bad.json: entities[0]: attributes[0] "v": ' import three.csv --map bad.json --db c.db
ok "strict keeps nothing" run 1 import three.csv --map map.json --db c.db --strict
ok "and says so" grep -qF "three.csv: a row was rejected: nothing is kept" err
ok "no row is there" bash -c '! "$TAIHU" journal tail --db c.db -n 100 | grep -q entities'
ok "else the others are" run 1 import three.csv --map map.json --db c.db
ok "as it says" grep -qF "taken 2, passed over 0, rejected 1" out
ok "nothing is told of progress" test "$(wc -l <err)" -eq 1
ok "help" says 0 "usage: taihu import FILE --map MAP [--db FILE]" import --help

# GBK, semicolons, CRLF, a decimal comma, two lines before the header: as a spreadsheet saves it
printf '\xb1\xed\r\n\r\n\xd5\xbe;\xca\xb1\xbc\xe4;\xd6\xb5\r\n\xce\xde\xce\xfd;2020\xc4\xea3\xd4\xc25\xc8\xd5 7:30;"1,5"\r\n' >gbk.csv
cat >gbk.json <<'END'
{"encoding": "gbk", "delimiter": ";", "decimal": ",", "skip": 2,
 "entities": [{"id": "urn:x:{站}", "type": "T",
  "time": {"text": "{时间}", "format": "%Y年%m月%d日 %H:%M", "zone": "+08:00"},
  "attributes": [{"name": "v", "kind": "number", "column": "值"}]}]}
END
ok "a spreadsheet's file in GBK" says 0 "taken 1, passed over 0, rejected 0" \
    import gbk.csv --map gbk.json --db c.db

# The same file as LibreOffice saves it: semicolons, GB18030 (85) though nobody says so, each text in
# quotes.
office() {
    command -v soffice >which.log || return 0 # tools/deps installs it for the tests
    cp "$samples/air/wuxi-2020-04.csv" air.csv
    timeout 120 soffice "-env:UserInstallation=file://$PWD/office" --headless \
        --infilter=CSV:44,34,76,1 --convert-to 'csv:Text - txt - csv (StarCalc):59,34,85,1' \
        --outdir saved air.csv
    sed 's/"encoding": "utf-8"/"delimiter": ";"/' "$maps/air.json" >office.json
    run 0 import saved/air.csv --map office.json --dry-run &&
        grep -qF "taken 792, passed over 0, rejected 0" out
}
ok "a file that LibreOffice saved" office

# ---- kill -9 ----

awk -v n="$rows" 'BEGIN { print "id,t,v"; for (i = 0; i < n; i++) printf "s%d,%d,%d\n", i % 7, 60 * int(i / 7), i }' >many.csv

# Kills imports of one file into one database, each of which goes on where the last one was.
kill_many() {
    local i pid status killed=0
    for ((i = 0; i < kills; i++)); do
        "$TAIHU" import many.csv --map map.json --db kill.db >kill.out 2>kill.err &
        pid=$!
        sleep "$(printf '0.%03d' $((RANDOM % longest_ms)))"
        kill -9 "$pid" 2>kill.log
        status=0
        wait "$pid" 2>kill.log || status=$?
        killed=$((killed + (status == 137)))
    done
    echo "$killed were killed"
    [ "$killed" -gt 0 ]
}

# All rows are taken, the file is known, and no batch was written twice.
whole() {
    run 0 import many.csv --map map.json --db kill.db || return 1
    grep -qE "^unchanged: |^taken $rows, passed over 0, rejected 0$" out || return 1
    run 0 import many.csv --map map.json --db kill.db && grep -q "^unchanged: many.csv, $rows rows" out || return 1
    run 0 journal verify --db kill.db || return 1
    # every batch has one line, whatever was killed
    [ "$("$TAIHU" journal tail --db kill.db -n 1000000 | grep -c '"entities.put"')" -eq $((rows / 1000)) ]
}

ok "killed $kills times" kill_many
ok "it goes on, and each batch is there once" whole

# ---- memory ----

# A file of 30 MB in little more than an empty one needs.
awk 'BEGIN { print "id,t,v"; for (i = 0; i < 1500000; i++) printf "s%d,%d,%d\n", i % 7, i, i }' >large.csv
memory() {
    (ulimit -v 400000 && timeout 120 "$TAIHU" import large.csv --map map.json --dry-run >out 2>err) &&
        grep -qF "taken 1500000, " out
}
ok "a large file in bounded memory" memory
