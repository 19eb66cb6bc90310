# Keeping a plan: loaded, loaded again, corrected, and under a process that is killed. Runs $TAIHU
# in the current folder, which is empty, on samples of the tree at $TAIHU_SOURCE_DIR; prints a line
# of TAP for each check.
set -u
plan=$TAIHU_SOURCE_DIR/samples/wuxi-2021.txt
later=$TAIHU_SOURCE_DIR/samples/wuxi-2022.txt
counts="9 areas, 35 measures, 219 tasks, 49 targets"
kills=20
longest_ms=400 # that a process lives: from before it has opened the file to several loads

. "$TAIHU_SOURCE_DIR/tests/scenario/lib/checks.sh"
lines() { timeout 60 "$TAIHU" journal tail --db "$1" -n 1000000 | wc -l; }

# ---- once and again ----

ok "a plan is loaded" says 0 "loaded: 2021年政府工作重點, " plan load "$plan" --db k.db
ok "with all of it" grep -qFx "$counts" out
before=$(lines k.db)
ok "its line is the last" says 0 '"kind":"plan.loaded"' journal tail --db k.db -n 1
ok "and has counts and digest" node -e '
    const line = JSON.parse(require("fs").readFileSync("out", "utf8"));
    const p = line.payload;
    const digest = require("crypto").createHash("sha256")
        .update(require("fs").readFileSync(process.argv[1])).digest("hex");
    if (p.sha256 !== digest || p.areas !== 9 || p.measures !== 35) process.exit(1);
    if (p.tasks !== 219 || p.targets !== 49 || p.year !== 2021) process.exit(1);' "$plan"
ok "again" says 0 "unchanged: 2021年政府工作重點, " plan load "$plan" --db k.db
ok "says which line" grep -qFx "journal line $before" out
ok "nothing changed" test "$(lines k.db)" -eq "$before"
ok "nor does consent to nothing" says 0 "unchanged: " plan load "$plan" --db k.db --confirm yes
ok "change anything" test "$(lines k.db)" -eq "$before"

# ---- corrected ----

sed 's/地區生產總值增長7%/地區生產總值增長7.5%/' "$plan" >corrected.txt
ok "one number differs" test "$(diff "$plan" corrected.txt | grep -c '^>')" -eq 1
ok "a correction wants consent" complains 1 "add --confirm yes" \
    plan load corrected.txt --db k.db
ok "the diff names the target" grep -qFx "changed target t1 (number 1)" out
ok "its old text and value" grep -qFx "  - 地區生產總值增長7% [eq 7 %, growth_rate, overall]" out
ok "and the new" grep -qFx "  + 地區生產總值增長7.5% [eq 7.5 %, growth_rate, overall]" out
ok "and nothing else" grep -qFx "1 change" out
ok "nothing was written" test "$(lines k.db)" -eq "$before"
ok "no is no consent" run 1 plan load corrected.txt --db k.db --confirm no
ok "with it" says 0 "revised: " plan load corrected.txt --db k.db --confirm yes
ok "one line more" test "$(lines k.db)" -eq $((before + 1))
ok "which tells the change" says 0 '"kind":"plan.revised"' journal tail --db k.db -n 1
ok "old and new" node -e '
    const c = JSON.parse(require("fs").readFileSync("out", "utf8")).payload.changes;
    if (c.length !== 1 || c[0].of !== "target" || c[0].number !== 1) process.exit(1);
    if (!c[0].old.text.endsWith("7%") || !c[0].now.text.endsWith("7.5%")) process.exit(1);'
ok "the corrected text is what is kept" says 0 "unchanged: " plan load corrected.txt --db k.db

# A number within a task: the task has another text, too.
sed 's/有效期內高新技術企業增至4800家/有效期內高新技術企業增至5000家/' corrected.txt >second.txt
ok "a number in a task" run 1 plan load second.txt --db k.db
ok "changes the task and the target" test "$(grep -c '^changed ' out)" -eq 2
ok "adds and removes nothing" grep -qFx "2 changes" out
ok "the target" grep -qF "changed target t10 (number 10)" out
ok "the task" grep -qF "changed task 1.2.1 " out

ok "another plan" says 0 "loaded: 2022年政府工作报告, " plan load "$later" --db k.db
ok "both are listed" run 0 plan list --db k.db
ok "a line each, by year" awk -F'\t' -v line=$((before + 1)) '
    NR == 1 { ok = NF == 9 && $1 == 2021 && $4 == 9 && $5 == 35 && $6 == 219 && $7 == 49 && $9 == line }
    NR == 2 { ok = ok && NF == 9 && $1 == 2022 && $9 == line + 1 }
    END { exit !(ok && NR == 2) }' out
ok "the journal is whole" says 0 "intact: $((before + 2)) lines" journal verify --db k.db

# ---- wrong input ----

ok "without a database" complains 2 "needs --db FILE" plan load "$plan"
ok "a document that is not there" complains 1 "gone.txt" plan load gone.txt --db n.db
ok "makes no database" test ! -e n.db
ok "a database that is none" complains 1 "it is not a database" plan load "$plan" --db corrected.txt
ok "consent is yes or no" run 2 plan load "$plan" --db k.db --confirm maybe
ok "a list of no database" complains 1 "No such file" plan list --db n.db
printf '一、2021年重点工作\n（一）推进创新\n提升企业能力。新增企业5家。\n' >nobody.txt
ok "a plan of nobody" complains 1 "nobody.txt: cannot keep this plan: " plan load nobody.txt --db n.db
ok "is not kept" run 0 plan list --db n.db
ok "at all" test ! -s out

# ---- kill -9 ----

# Loads and corrections by turns, until it is killed with all it started. $1: the database.
load_forever() {
    while :; do
        "$TAIHU" plan load "$plan" --db "$1" --confirm yes
        "$TAIHU" plan load corrected.txt --db "$1" --confirm yes
    done
}

# Whether the plan is there, whole; a half is said. $1: the database.
kept() {
    run 0 plan list --db "$1" && [ -s out ] || return 1
    [ "$(cut -f4-7 out)" = "$(printf '9\t35\t219\t49')" ] || echo "half a plan in $1" >>halves
}

# After a kill: a plan that was acknowledged is there; where none is, the database may have been
# killed while it was made, before it had a journal and a key to sign with.
check() {
    if kept "$1"; then
        run 0 journal verify --db "$1" || return 1
    else
        ! grep -qE '^(loaded|revised|unchanged): ' load.out || return 1
    fi
    [ ! -e halves ]
}

# On a database of its own each second time, so that the first load is killed, too.
kill_one() {
    local db=kill-$(($1 / 2)).db pid
    set -m
    load_forever "$db" >load.out 2>load.err &
    pid=$!
    set +m
    sleep "$(printf '0.%03d' $((RANDOM % longest_ms)))"
    kill -9 -- "-$pid" 2>kill.err
    wait "$pid" 2>wait.err
    check "$db"
}

kill_many() {
    local i
    for ((i = 0; i < kills; i++)); do
        kill_one "$i" || {
            echo "kill $i"
            cat out err
            return 1
        }
    done
}

# The database goes on where it was left.
go_on() {
    local db
    for db in kill-*.db; do
        run 0 plan load "$plan" --db "$db" --confirm yes || return 1
        kept "$db" && check "$db" || return 1
    done
}

ok "killed $kills times: the plan is there whole or not at all, the chain verifies" kill_many
ok "and each database takes the plan" go_on
