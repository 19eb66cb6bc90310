# What every scenario needs: a named check, a run of taihu, what it wrote where. Sourced by the
# scripts of tests/scenario, which run in an empty folder with $TAIHU and $TAIHU_SOURCE_DIR set.

# ok NAME COMMAND...: the command's exit status is the answer; a line of TAP.
ok() {
    local name=$1
    shift
    if "$@" >check.log 2>&1; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        tail -n 40 check.log | sed 's/^/# /'
    fi
}

# run STATUS ARGUMENT...: taihu ends with this status, its words in out and err.
run() {
    local want=$1 got=0
    shift
    timeout 60 "$TAIHU" "$@" >out 2>err </dev/null || got=$?
    [ "$got" -eq "$want" ] || {
        echo "taihu $*: expected status $want, got $got"
        cat err
        return 1
    }
}

# STATUS WORDS ARGUMENT...: the run, and the words on stdout, or in the one line on stderr.
says() { run "$1" "${@:3}" && grep -qF -- "$2" out; }
complains() { run "$1" "${@:3}" && grep -qF -- "$2" err && [ "$(wc -l <err)" -eq 1 ]; }
