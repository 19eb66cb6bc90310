# Whole documents against their golds: targets, areas, tasks and verdicts, each score above its
# floor. Prints a table and a line of TAP for each gold; tests/golden/README.md says what they are.
set -u
exec node "$TAIHU_SOURCE_DIR/tests/golden/score.mjs" "$TAIHU"
