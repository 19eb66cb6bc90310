# The command line as a person or a script meets it: exit status, formats, folders, bad input, a
# failing output. Runs $TAIHU in the current folder, which is empty, on samples of the tree at
# $TAIHU_SOURCE_DIR; prints a line of TAP for each check.
set -u
plan=$TAIHU_SOURCE_DIR/samples/wuxi-2021.txt
later=$TAIHU_SOURCE_DIR/samples/wuxi-2022.txt
schema=$TAIHU_SOURCE_DIR/docs/reading.schema.json

. "$TAIHU_SOURCE_DIR/tests/scenario/lib/checks.sh"

silent() { run 0 "$@" && [ ! -s err ]; }

# A document that is a plan, small.
small_plan() {
    printf '2021年政府工作报告\n2021年工作安排\n一、推进创新\n提升企业能力。新增企业%s家。年内完成投资10亿元。\n' "$1"
}

# ---- usage ----

ok "without a word: status 2 and a hint" complains 2 "see taihu --help"
ok "help on stdout: status 0" says 0 "taihu plan reconcile PLAN OUTCOME..." --help
ok "help of a subcommand" says 0 "usage: taihu plan read FILE..." plan read --help
ok "help of every subcommand" bash -c '
    for words in "plan read" "plan reconcile" "plan report" "plan text" version; do
        "$TAIHU" $words --help | grep -q "^usage: taihu $words" || exit 1
    done'
ok "the version" says 0 "taihu " version
ok "an unknown subcommand, with the nearest" complains 2 'did you mean "plan read"?' plan raed x
ok "an unknown option, with the nearest" complains 2 'did you mean "--format"?' plan read --fromat x
ok "a format that is none" complains 2 'takes json|jsonl|csv|table, not "xml"' plan read --format xml x
ok "no file" complains 2 "takes FILE..., not 0 names" plan read
ok "a report wants -o" complains 2 "needs -o FILE.html" plan report "$plan"

# ---- formats ----

"$TAIHU_SOURCE_DIR/tools/npm-deps" tests/browser
validate() { node "$TAIHU_SOURCE_DIR/tests/scenario/validate.mjs" "$schema" "$@"; }

ok "json in a pipe without a word about it" says 0 '"targets": [' plan read "$plan"
cp out one.json
ok "one document is one object" grep -qx '{' one.json
ok "it is valid by the schema" validate one.json
ok "several documents are an array" says 0 '"targets": [' plan read "$plan" "$later"
cp out two.json
ok "the array is valid by the schema" validate two.json
ok "jsonl" silent plan read "$plan" "$later" --format jsonl
cp out two.jsonl
ok "jsonl has a line for each document" test "$(wc -l <two.jsonl)" -eq 2
ok "jsonl is valid by the schema" validate two.jsonl
ok "csv" says 0 "file,list,id," plan read "$plan" --format csv
ok "csv has one header for several documents" bash -c '
    "$TAIHU" plan read "$0" "$0" --format csv | grep -c "^file,list" | grep -qx 1' "$plan"
ok "table" says 0 "plan year 2021" plan read "$plan" --format table
"$TAIHU" plan text "$plan" -o text.out
ok "spans count bytes of plan text" node -e '
    const { readFileSync } = require("fs");
    const text = readFileSync("text.out");
    const r = JSON.parse(readFileSync("one.json", "utf8"));
    const quoted = [...r.targets, ...r.outcomes,
        ...r.areas.flatMap((a) => a.measures).flatMap((m) => m.tasks)];
    if (text.length !== r.document.bytes || quoted.length < 50) process.exit(1);
    for (const q of quoted) {
        if (text.subarray(...q.span).toString() !== q.text) process.exit(1);
    }'
ok "every target has a place in its task" node -e '
    const r = JSON.parse(require("fs").readFileSync("one.json", "utf8"));
    const tasks = new Map(r.areas.flatMap((a) => a.measures).flatMap((m) => m.tasks)
        .map((t) => [t.id, t]));
    for (const t of r.targets) {
        const task = t.task === null ? null : tasks.get(t.task);
        if (t.task !== null && !(task.span[0] <= t.span[0] && t.span[1] <= task.span[1]))
            process.exit(1);
    }'

# ---- reconcile and report ----

ok "a scoreboard in json" says 0 '"verdict": ' plan reconcile "$plan" "$later"
cp out board.json
ok "a judgement for every target of the year" node -e '
    const read = (f) => JSON.parse(require("fs").readFileSync(f, "utf8"));
    const targets = read("one.json").targets.filter((t) => t.horizon === null);
    const board = read("board.json");
    const words = ["met", "missed", "not_comparable", "not_reported"];
    if (board.length !== targets.length || board.length === 0) process.exit(1);
    for (const j of board) {
        if (!words.includes(j.verdict) || typeof j.why !== "string") process.exit(1);
        if ((j.outcome === null) !== (j.place === null)) process.exit(1);
    }'
ok "a scoreboard as a table with totals" says 0 "? not comparable" plan reconcile "$plan" "$later" --format table
ok "no scoreboard without an outcome" complains 2 "PLAN OUTCOME..." plan reconcile "$plan"
ok "no verdict when an outcome cannot be read" complains 1 "taihu: gone.txt: " plan reconcile "$plan" "$later" gone.txt
ok "and nothing on stdout then" test ! -s out
ok "a report says where it is" complains 0 "taihu: wrote page.html" plan report "$plan" "$later" -o page.html
ok "the report is a page" grep -qi '<!doctype html>' page.html
ok "a report into no folder" complains 1 "cannot create no/page.html" plan report "$plan" -o no/page.html

# ---- folders ----

mkdir -p many/sub many/.hidden empty
small_plan 10 >many/b.txt
small_plan 20 >many/a.txt
small_plan 30 >many/sub/c.TXT
small_plan 40 >many/.hidden/d.txt
small_plan 50 >many/notes.md
printf '<html><body><p>2021年工作</p><p>一、创新</p><p>提升能力。新增企业60家。</p></body></html>' >many/z.html
ok "a folder is read with all below it" silent plan read many --format jsonl
cp out many.jsonl
ok "in byte order, by name's ending, nothing hidden" bash -c '
    grep -o "\"file\":\"[^\"]*\"" many.jsonl | tr "\n" " " |
    grep -qx "\"file\":\"many/a.txt\" \"file\":\"many/b.txt\" \"file\":\"many/sub/c.TXT\" \"file\":\"many/z.html\" "'
ok "a folder is an array even of one document" bash -c '"$TAIHU" plan read many/sub | head -n 1 | grep -qx "\["'
ok "a folder without documents" complains 1 "taihu: empty: no document in this folder" plan read empty
ok "a folder given as a plan's text" complains 1 "taihu: many: " plan text many

# ---- bad input ----

: >empty.txt
printf 'ab\0\1\2\3' >binary.txt
printf '今天天气很好。\n' >noplan.txt
# 3,000 characters of 3 bytes, then one byte that begins no character
{ printf '中%.0s' {1..3000}; printf '\377'; printf '文%.0s' {1..3000}; } >broken.txt
printf 'PK\3\4 and no more' >cut.docx
ok "an empty file" complains 1 "taihu: empty.txt: " plan read empty.txt
ok "and nothing on stdout for it" test ! -s out
ok "a binary file" complains 1 "taihu: binary.txt: " plan read binary.txt
ok "a file that is not there" complains 1 "taihu: gone.txt: " plan read gone.txt
ok "a text with no plan in it" complains 1 "taihu: noplan.txt: " plan read noplan.txt
ok "a text with no plan still has a text" says 0 "今天天气很好" plan text noplan.txt
ok "invalid utf-8, with its place" complains 1 "offset 9000" plan read broken.txt
ok "a docx that is cut" complains 1 "taihu: cut.docx: " plan read cut.docx
ok "a device" complains 1 "taihu: /dev/zero: " plan read /dev/zero
ok "the good ones are read beside the bad" run 1 plan read empty.txt many/a.txt gone.txt many/b.txt --format jsonl
ok "as many lines as could be read" test "$(wc -l <out)" -eq 2
ok "as many messages as could not" test "$(wc -l <err)" -eq 2
run 1 plan read empty.txt gone.txt >/dev/null
ok "json of several of which none could be read" grep -qx '\[\]' out

# ---- output ----

ok "-o writes the file, stdout nothing" silent plan read "$plan" -o written.json
ok "it holds what stdout would" cmp written.json one.json
ok "nothing is left beside it" bash -c '! ls written.json.* 2>/dev/null'
echo keep >kept.json
ok "-o with a bad document" complains 1 "taihu: gone.txt: " plan read gone.txt -o kept.json
ok "keeps the file that was there" grep -qx keep kept.json
ok "a full disk behind stdout" bash -c '
    "$TAIHU" plan read "$0" >/dev/full 2>err
    [ $? -eq 1 ] && grep -q "cannot write stdout: No space" err' "$plan"
ok "a full disk behind -o" complains 1 "cannot write /dev/full" plan read "$plan" -o /dev/full
ok "a full disk behind help and version" bash -c '
    "$TAIHU" --help >/dev/full 2>/dev/null; [ $? -eq 1 ] || exit 1
    "$TAIHU" version >/dev/full 2>/dev/null; [ $? -eq 1 ]'
ok "a closed stdout" bash -c '
    "$TAIHU" plan read "$0" >&- 2>err
    [ $? -eq 1 ] && grep -q "cannot write stdout" err' "$plan"
# twenty readings are more than a pipe holds, so the writer meets the closed end
ok "a pipe closed at the other end" bash -c '
    for i in {1..20}; do set -- "$@" "$0"; done
    "$TAIHU" plan read "$@" --format jsonl 2>err | head -c 1 >/dev/null
    [ "${PIPESTATUS[0]}" -eq 1 ] && grep -q "cannot write stdout: Broken pipe" err' "$plan"
ok "the same bytes twice" bash -c '
    for format in json jsonl csv table; do
        cmp <("$TAIHU" plan read many "$0" --format $format) \
            <("$TAIHU" plan read many "$0" --format $format) || exit 1
    done' "$plan"
ok "no progress in a pipe" bash -c '
    for i in {1..60}; do set -- "$@" "$0"; done
    "$TAIHU" plan read "$@" --format jsonl 2>&1 >/dev/null | wc -c | grep -qx 0' "$plan"
