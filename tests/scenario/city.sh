# The city's calendar and lists from the command line: days, deadlines, places, bodies, grid codes,
# and where the data files are found. Runs $TAIHU in the current folder, which is empty; prints a line
# of TAP for each check.
set -u
unset TAIHU_DATA

. "$TAIHU_SOURCE_DIR/tests/scenario/lib/checks.sh"

is() { run 0 "${@:2}" && [ "$(cat out)" = "$1" ]; }
# No data beside a complaint.
complains() { run "$1" "${@:3}" && grep -qF -- "$2" err && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ]; }

# ---- days ----

ok "a Sunday that is worked" says 0 "2021-02-07 Sunday worked 春节 (by notice)" city day 2021-02-07
ok "with the notice it rests on" grep -q "^calendar of 2021, version 1: http" out
ok "a holiday" says 0 "2021-10-01 Friday off 国庆节" city day 2021-10-01
ok "an ordinary day" says 0 "2021-03-01 Monday worked" city day 2021-03-01
ok "a year that is not loaded is named" complains 1 "no working-day calendar of 2050 is loaded" city day 2050-01-04
ok "no such day" complains 2 'cannot read date "2021-02-30": no such day' city day 2021-02-30
ok "no date" complains 2 "not YYYY-MM-DD" city day tomorrow

# ---- deadlines ----

ok "five working days over Spring Festival" is 2021-02-23 city add 2021-02-10 5
ok "ten over the New Year" is 2022-01-04 city add 2021-12-20 10
ok "backwards" is 2021-12-20 city add -- 2022-01-04 -10
ok "sixty calendar days" is "2021-05-10 (2021-05-09 is a day off)" city add 2021-03-10 60 --days calendar
ok "a rolled day behind National Day" is "2021-10-08 (2021-10-03 is a day off)" city add 2021-09-03 30 --days calendar
ok "a make-up Sunday stays" is 2021-02-07 city add 2021-01-08 30 --days calendar
ok "calendar days backwards" is 2021-02-07 city add --days calendar -- 2021-02-17 -10
last=$(tail -n 1 "$TAIHU_SOURCE_DIR/data/calendar/index.csv" | cut -d , -f 1)
ok "into a year that is not loaded" complains 1 "calendar of $((last + 1)) is loaded" city add "$last-12-25" 20
ok "not a number" complains 2 'cannot read "ten"' city add 2021-03-10 ten
ok "too many days" complains 2 "not a number of days up to 1000000" city add 2021-03-10 99999999999
ok "days of another kind" complains 2 "working|calendar" city add 2021-03-10 5 --days lunar

# ---- places and bodies ----

tab=$(printf '\t')
ok "a district by name" is "320213${tab}district${tab}市辖区${tab}无锡市 梁溪区" city find 梁溪区
ok "a town by code" is "320213021${tab}town${tab}街道${tab}无锡市 梁溪区 崇安寺街道" city find 320213021
ok "all of an ambiguous name" says 0 "320213023" city find 惠山
ok "the other one too" grep -q "^320206$tab" out
ok "a body by its short name" is "wuxi.development${tab}city${tab}organisation${tab}无锡市发展和改革委员会" city find 市发改委
ok "a body that is no more" says 0 "无锡市大数据管理局 (until 2024)" city find 市大数据局
ok "nothing" complains 1 'no place or body goes by "无此地"' city find 无此地

# ---- grid codes ----

ok "a grid code" is "320213021001001${tab}无锡市 梁溪区 崇安寺街道 胜利门社区居委会${tab}cell 1" city check-grid 320213021001001
ok "of a community not listed" says 0 "cell 1 of a community that is not listed" city check-grid 320213021999001
ok "of an abolished district" complains 1 "its first six digits are no district" city check-grid 320202021001001
ok "of fourteen digits" complains 1 "not 15 digits" city check-grid 32021302100100

# ---- coordinates ----

ok "GPS to Amap" is "116.4102445${tab}39.9164043" city convert --from wgs84 --to gcj02 116.404 39.915
ok "Amap to Baidu" is "116.4103695${tab}39.9213370" city convert --from gcj02 --to bd09 116.404 39.915
ok "and back" is "116.4040000${tab}39.9150000" city convert --from gcj02 --to wgs84 116.4102445 39.9164043
ok "not moved outside China" is "-74.0060000${tab}-0.5000000" city convert --from wgs84 --to bd09 -- -74.006 -0.5
ok "latitude first" complains 2 "latitude 120.3 is not -90 to 90 degrees" city convert --from wgs84 --to gcj02 31.5 120.3
ok "no degrees" complains 2 'cannot read "0x1p3": not degrees' city convert --from wgs84 --to gcj02 0x1p3 31.5
ok "a point without digits" complains 2 'cannot read "120."' city convert --from wgs84 --to gcj02 120. 31.5
ok "a longitude of another globe" complains 2 "is not -180 to 180" city convert --from wgs84 --to gcj02 "$(printf '9%.0s' $(seq 400))" 31.5
ok "a datum of another kind" complains 2 "wgs84|gcj02|bd09" city convert --from nad27 --to gcj02 120.3 31.5
ok "no datum" complains 2 "--to" city convert --from wgs84 120.3 31.5

# ---- the data folder ----

ok "an option without data" complains 1 "--data" city day 2021-03-01 --data nowhere
ok "a variable without data" env TAIHU_DATA=nowhere bash -c '! "$TAIHU" city day 2021-03-01 2>err && grep -q TAIHU_DATA err'
cp -r "$TAIHU_SOURCE_DIR/data" mine
ok "a folder of one's own" says 0 worked city day 2021-03-01 --data mine
ok "by the variable too" env TAIHU_DATA=mine "$TAIHU" city day 2021-03-01
printf '2021-02-30,off,x\n' >>mine/calendar/2021.csv
ok "a broken file is named with its line" complains 1 'mine/calendar/2021.csv: line 40: cannot read date "2021-02-30"' city day 2021-03-01 --data mine
printf 'date,day,name\n' >mine/calendar/2021.csv
ok "an empty year is no year" complains 1 "not the whole of 2021" city day 2021-03-01 --data mine
mkdir -p prefix/bin prefix/share
cp "$TAIHU" prefix/bin/taihu
ok "not found beside a program alone" bash -c '! prefix/bin/taihu city day 2021-03-01 2>err && grep -q "name their folder by --data" err'
cp -r "$TAIHU_SOURCE_DIR/data" prefix/share/taihu
ok "found where it is installed" prefix/bin/taihu city day 2021-03-01
