# The store under a process that is killed, on a disk that is full, and the journal as `taihu
# journal` shows it. Runs $TAIHU, and tests/store/loader beside it, in the current folder, which is
# empty; prints a line of TAP for each check.
set -u
loader=$(dirname "$TAIHU")/tests/store/loader
kills=200      # in all
kills_each=20  # on one database, so that new ones are killed while they are made
longest_ms=110 # that a process lives: from before it has opened the file to hundreds of commits

. "$TAIHU_SOURCE_DIR/tests/scenario/lib/checks.sh"

# ---- kill -9 ----

# One process with four threads, killed at a random moment. $1: the database; what it acknowledged
# goes to said, and behind all.
kill_one() {
    local ms=$((RANDOM % longest_ms)) pid
    "$loader" write "$1" 4 >said 2>said.err &
    pid=$!
    sleep "$(printf '0.%03d' "$ms")"
    kill -9 "$pid" 2>kill.err
    wait "$pid" 2>wait.err
    [ $? -eq 137 ] || {
        echo "the loader ended by itself"
        cat said.err
        return 1
    }
    cat said >>all
    timeout 20 "$loader" check "$1" said
}

kill_many() {
    local i acknowledged=0
    for ((i = 0; i < kills; i++)); do
        if [ $((i % kills_each)) -eq 0 ]; then
            rm -f k.db k.db-* k.db.*
            : >all
        fi
        kill_one k.db || return 1
        acknowledged=$((acknowledged + $(wc -l <said)))
        if [ $((i % kills_each)) -eq $((kills_each - 1)) ]; then
            timeout 60 "$loader" check k.db all || return 1
            run 0 journal verify --db k.db || return 1
        fi
    done
    echo "$acknowledged" >acknowledged
}

ok "killed $kills times: all that was acknowledged is there, the chain verifies" kill_many
ok "and there was something to lose" test "$(cat acknowledged)" -gt "$kills"

# ---- taihu journal ----

lines=$("$loader" check k.db said)
ok "verify says how many lines" says 0 "intact: $lines lines, the last of 20" journal verify --db k.db
ok "and the last hash" grep -qE '^last hash: [0-9a-f]{64}$' out
ok "and what is signed" grep -qE "^signed up to line $lines, [0-9]+ checkpoints, key [0-9a-f]{64}\$" out
ok "tail prints ten lines" run 0 journal tail --db k.db
ok "ten" test "$(wc -l <out)" -eq 10
ok "tail -n 4" run 0 journal tail --db k.db -n 4
ok "each is JSON, linked to the one before" node -e '
    const lines = require("fs").readFileSync("out", "utf8").trim().split("\n").map(JSON.parse);
    if (lines.length !== 4 || lines[3].seq !== Number(process.argv[1])) process.exit(1);
    for (let i = 1; i < 4; i++) {
        if (lines[i].prev !== lines[i - 1].hash || lines[i].seq !== lines[i - 1].seq + 1) process.exit(1);
        if (lines[i].kind !== "load.added" || typeof lines[i].payload !== "object") process.exit(1);
        if (Date.parse(lines[i].time) !== lines[i].time_ms) process.exit(1);
    }' "$lines"
ok "tail -n 0" run 0 journal tail --db k.db -n 0
ok "nothing" test ! -s out
ok "all of them" run 0 journal tail --db k.db --lines 1000000
ok "as many as there are" test "$(wc -l <out)" -eq "$lines"
ok "-n wants a number" complains 2 'takes a number of lines, not "x"' journal tail --db k.db -n x
ok "without a database" complains 2 "needs --db FILE" journal verify
ok "a database that is not there" complains 1 "No such file" journal verify --db gone.db
printf 'not a database, %0200d' 1 >text.db
ok "a file that is none" complains 1 "it is not a database" journal verify --db text.db

# Follows a process that writes, until it has seen enough of it.
follow() {
    local writer follower i status=1
    "$loader" write k.db 2 >said 2>said.err &
    writer=$!
    timeout 30 "$TAIHU" journal tail --db k.db -n 1 --follow yes >followed 2>followed.err &
    follower=$!
    for ((i = 0; i < 300; i++)); do
        [ "$(wc -l <followed)" -lt 50 ] || { status=0 && break; }
        sleep 0.1
    done
    kill -9 "$writer"
    kill "$follower"
    wait 2>wait.err
    return "$status"
}
ok "tail --follow sees lines as they come" follow
ok "none twice, none left out" node -e '
    const text = require("fs").readFileSync("followed", "utf8");
    const seqs = text.slice(0, text.lastIndexOf("\n")).split("\n").map((l) => JSON.parse(l).seq);
    if (!seqs.every((s, i) => i === 0 || s === seqs[i - 1] + 1)) process.exit(1);'

# Tampering with the file itself: one letter of one line.
# The follower may end a moment after its timeout does: while it reads, pages stay in the -wal file
# and a letter changed in the database is not what is read.
settled() {
    local i
    for ((i = 0; i < 50; i++)); do
        "$loader" check k.db said || return 1
        [ -s k.db-wal ] || return 0
        sleep 0.1
    done
    return 1
}
ok "no process is left, all pages are in the database" settled
tampered=$(head -n 1 said | cut -d' ' -f1)
token=$(head -n 1 said | cut -d' ' -f2)
tamper() {
    local at
    for at in $(LC_ALL=C grep -aobF "${token}load.added" k.db | cut -d: -f1); do
        printf 'X' | dd of=k.db bs=1 seek="$at" conv=notrunc
    done
}
ok "one letter of the file is changed" tamper
ok "verify names the line" complains 1 "k.db: journal line $tampered was altered" journal verify --db k.db

# ---- a full disk ----

# A small disk of its own where that is allowed, with something on it that can be taken away; else a
# limit on the size of files that is lifted later.
mkdir disk
if mount -t tmpfs -o size=4m tmpfs disk 2>mount.err; then
    head -c 1000000 /dev/zero >disk/ballast
    limit=unlimited
    give_room() { rm disk/ballast; }
else
    limit=2048
    give_room() { prlimit --pid "$1" --fsize=unlimited; }
fi
trap 'umount disk 2>umount.err' EXIT

mkfifo go
fill() {
    local pid i
    (
        ulimit -S -f "$limit"
        exec timeout -k 5 60 "$loader" fill disk/f.db
    ) <go >filled 2>filled.err &
    exec 3>go
    for ((i = 0; i < 600; i++)); do
        ! grep -q '^read:' filled || break
        sleep 0.1
    done
    pid=$(pgrep -P $! -x loader)
    give_room "$pid"
    echo >&3
    exec 3>&-
    wait $! || {
        cat filled filled.err
        return 1
    }
}
ok "a disk becomes full and has room again" fill
ok "the error says so" grep -qE '^full: cannot [a-z ]+ disk/f.db: the disk is full$' filled
ok "reads went on, and saw what was acknowledged" grep -qE '^read: ([0-9]+) lines, \1 acknowledged$' filled
ok "writes go on when there is room" grep -qE '^again: [0-9]+ lines, signed up to [0-9]+$' filled
ok "five lines more, all signed" awk '
    /^read:/ { before = $2 }
    /^again:/ { after = $2; signed_to = $7 }
    END { exit !(before > 20 && after == before + 5 && signed_to == after) }' filled
ok "the journal is whole" says 0 "intact: " journal verify --db disk/f.db
