# tools/tap counts what test programs say, and counts silence as failure.
set -u
tap=$TAIHU_SOURCE_DIR/tools/tap

# counts NAME PASSED FAILED, the stream on stdin.
counts() {
    local got
    got=$("$tap" | tail -n 1)
    if [ "$got" = "$2 $3" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1: expected $2 $3, got $got"
    fi
}

printf '# program: a\n1..2\nok 1 - x\nok 2 - y\n# exit: 0\n' | counts "passed cases" 2 0
printf '# program: a\nok - x\nnot ok - y\n# exit: 1\n' | counts "a failed case, once" 1 1
printf '# program: a\nok - x\n# exit: 3\n' | counts "a bad end that names no case" 1 1
printf '# program: a\n1..4\nok 1 - x\n# exit: 139\n' | counts "cases that a crash left out" 1 3
printf '# program: a\nhello\n# exit: 0\n' | counts "a program without a case" 0 1
printf '# program: a\nok - x\n# program: b\nok - y\n# exit: 0\n' | counts "an end not seen" 2 1
printf '# program: a\nok 1 - x # SKIP no tool\n# exit: 0\n' | counts "a skipped case as failed" 0 1
printf '# program: a\n1..1\nnot ok 1 # SKIP x\n# exit: 0\n' | counts "a case cmocka skipped" 0 1
printf '# program: a\nok 1 - suite\n# pass 5\n# fail 0\n# skipped 0\n# exit: 0\n' |
    counts "subtests by the summary of Node" 5 0
printf '# program: a\nok 1 - x\n# pass 5\n# fail 1\n# skipped 2\n# exit: 1\n' |
    counts "what failed and was skipped in Node" 5 3
printf '' | counts "nothing at all" 0 0
