// score: holds what the program reads against the golds of this folder, and the scores against floors.
//
//   node score.mjs TAIHU             a table, and a line of TAP for each gold; exit 1 below a floor
//   node score.mjs TAIHU --misses    what differs from the golds as well
//   node score.mjs TAIHU --floors    prints, behind the table, a floors.json for what is reached now
//
// A target that was read finds a target of the gold when value and unit agree and one clause holds
// the other. detection is the F1 of that; strict also wants the indicator (F1 over characters of
// 0.8), the comparator and the kind to be the gold's or one of its alternatives. Targets of the plan
// year alone count, on both sides. A gold target marked optional is neither missed nor wrong.
// areas, measures and tasks are F1 over titles and sentences.
// A verdict is right when it is the gold's or its alternative. A hard error is "met" or "missed"
// where the gold says otherwise, or one that quotes another sentence.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = new URL(".", import.meta.url);
const [taihu, ...options] = process.argv.slice(2);
const SLACK = 0.007; // a floor stands this far below what was reached: one target in 150
const INDICATOR_F1 = 0.8; // two cuts of one noun phrase: 全市新增就业 and 新增就业

const load = (name) => JSON.parse(readFileSync(new URL(name, here), "utf8"));
const files = (folder) => readdirSync(new URL(folder, here)).sort();
const names = (folder) => files(folder).map((n) => n.replace(/\.json$/, ""));

function run(...words) {
    // 30 s and 64 MB: a hundred times what a report takes
    const limits = { timeout: 30_000, maxBuffer: 1 << 26, encoding: "utf8" };
    return JSON.parse(execFileSync(taihu, words, limits));
}

// --- likeness -------------------------------------------------------------------------------------

const plain = (s) => (s ?? "").replace(/\s+/g, "").replace(/^[，。；,;.、“”"']+|[，。；,;.、“”"']+$/g, "");

// Whether one of two clauses holds the other.
function holds(a, b) {
    const [x, y] = [plain(a), plain(b)];
    return x !== "" && y !== "" && (x.includes(y) || y.includes(x));
}

const same = (a, b) => Math.abs(a - b) < 1e-9;

function tally(items) {
    const count = new Map();
    for (const x of items) count.set(x, (count.get(x) ?? 0) + 1);
    return count;
}

// How many items two lists have in common, repeats counted.
function common(a, b) {
    const have = tally(b);
    let n = 0;
    for (const [x, times] of tally(a)) n += Math.min(times, have.get(x) ?? 0);
    return n;
}

// 2 x both / (first + second); two empty lists agree.
const f1 = (both, first, second) => (first + second === 0 ? 1 : (2 * both) / (first + second));

function likeness(a, b) {
    const [x, y] = [a, b].map((s) => [...plain(s).replace(/[“”]/g, "")]);
    return f1(common(x, y), x.length, y.length);
}

const amount = (v) => (v === null || v === undefined ? null : Number(v));
const sign = (unit) => plain(unit).replaceAll("％", "%");

function sameQuantity(gold, read) {
    const [a, b] = [amount(gold.value), amount(read.value)];
    const equal = a === null || b === null ? a === b : same(a, b);
    return equal && sign(gold.unit) === sign(read.unit);
}

const either = (gold, field) => [gold[field], ...(gold[`${field}_alt`] ?? [])];

function faults(gold, read) {
    const named = either(gold, "indicator").some((n) => likeness(n, read.indicator) >= INDICATOR_F1);
    return [
        !named && "indicator",
        !either(gold, "kind").includes(read.kind) && "kind",
        gold.comparator !== read.comparator && "comparator",
    ].filter(Boolean);
}

// --- readings -------------------------------------------------------------------------------------

const ofPlanYear = (year) => (t) => [null, undefined, "", year, String(year)].includes(t.horizon);

// Some golds cover some areas only; 0 is the paragraph of main targets.
const within = (scope) => (t) => !scope || (t.overall && scope.includes(0)) || scope.includes(t.area);

function pairTargets(gold, reading, tell) {
    const mine = ofPlanYear(gold.document.year);
    const read = reading.targets.filter(mine).filter(within(gold.scope_areas));
    const wanted = gold.targets.filter(mine);
    const used = new Set();
    const score = { wanted: 0, found: 0, exact: 0 };
    for (const g of [...wanted.filter((t) => !t.optional), ...wanted.filter((t) => t.optional)]) {
        const free = read.filter((t) => !used.has(t) && sameQuantity(g, t) && holds(g.text, t.text));
        free.sort((a, b) => likeness(g.indicator, b.indicator) - likeness(g.indicator, a.indicator));
        if (free.length > 0) used.add(free[0]);
        if (g.optional) continue;
        score.wanted++;
        if (free.length === 0) {
            tell(`missed ${g.indicator} | ${g.value} ${g.unit} | ${g.text}`);
            continue;
        }
        const wrong = faults(g, free[0]);
        score.found++;
        score.exact += wrong.length === 0;
        for (const f of wrong) tell(`${f}: ${free[0][f]}, gold ${g[f]} | ${g.text}`);
    }
    const extra = read.filter((t) => !used.has(t));
    for (const t of extra) tell(`extra ${t.indicator} | ${t.value} ${t.unit} | ${t.text}`);
    return { ...score, read: score.found + extra.length };
}

function scoreReading(name, tell) {
    const gold = load(`reading/${name}.json`);
    const reading = run("plan", "read", fileURLToPath(new URL(gold.document.file, here)), "--format", "json");
    const t = pairTargets(gold, reading, tell);
    const measures = reading.areas.flatMap((a) => a.measures);
    const tree = {
        areas: reading.areas.map((a) => a.title),
        measures: measures.map((m) => m.title),
        tasks: measures.flatMap((m) => m.tasks).map((x) => x.text),
    };
    const scores = { detection: f1(t.found, t.wanted, t.read), strict: f1(t.exact, t.wanted, t.read) };
    for (const level of Object.keys(tree).filter((k) => k in gold)) {
        const want = gold[level].map((x) => plain(x.title ?? x));
        const have = tree[level].map(plain);
        const both = common(want, have);
        // where the gold covers some areas only, the others are not held against the reading
        scores[level] = f1(both, want.length, gold.scope_areas ? both : have.length);
        for (const x of want.filter((w) => !have.includes(w))) tell(`${level}: no "${x}"`);
    }
    return scores;
}

// --- verdicts -------------------------------------------------------------------------------------

function scoreVerdicts(name, tell) {
    const { plan, outcome } = load("floors.json").reconcile[name];
    const gold = load(`reconcile/${name}.json`);
    const paths = [plan, outcome].map((p) => fileURLToPath(new URL(p, here)));
    const got = run("plan", "reconcile", ...paths, "--format", "json");
    const used = new Set();
    const score = { right: 0, hard: 0 };
    for (const g of gold) {
        const v = got.find((x) => !used.has(x) && holds(g.target_text, x.target.text) &&
            (g.value === null || (amount(x.target.value) !== null && same(amount(g.value), amount(x.target.value)))));
        if (!v) {
            tell(`no target ${g.target_text}`);
            continue;
        }
        used.add(v);
        const right = [g.verdict, g.verdict_alt].flat().includes(v.verdict);
        const claims = v.verdict === "met" || v.verdict === "missed";
        const hard = claims && !(right && holds(g.outcome_text, v.outcome?.text));
        score.right += right;
        score.hard += hard;
        if (!right || hard) {
            tell(`${hard ? "hard" : "soft"}: ${v.verdict}, gold ${g.verdict} | ${g.target_text} | ${v.outcome?.text}`);
        }
    }
    return { right: score.right / gold.length, hard: score.hard };
}

// --- floors ---------------------------------------------------------------------------------------

// A line for each gold, so that a change of a floor is a change of one line.
function written(all) {
    const parts = Object.entries(all).map(([kind, rows]) => {
        const lines = Object.entries(rows).map(([name, row]) => {
            const cells = Object.entries(row).map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`);
            return `        ${JSON.stringify(name)}: {${cells.join(", ")}}`;
        });
        return `    ${JSON.stringify(kind)}: {\n${lines.join(",\n")}\n    }`;
    });
    return `{\n${parts.join(",\n")}\n}`;
}

const show = (k, v) => (k === "hard" || v === undefined ? String(v) : v.toFixed(3));
const below = (k, v, floor) => !(k === "hard" ? v <= floor : v >= floor);
const floorOf = (k, v) => (k === "hard" ? v : Math.floor((v - SLACK) * 1000) / 1000);

const kinds = {
    reading: { columns: ["detection", "strict", "areas", "measures", "tasks"], score: scoreReading },
    reconcile: { columns: ["right", "hard"], score: scoreVerdicts },
};

function check(kind, name, floors) {
    const { columns, score } = kinds[kind];
    const notes = [];
    let scores;
    try {
        scores = score(name, (note) => notes.push(note));
    } catch (e) {
        return { line: `not ok - ${kind} ${name}: ${e.message.split("\n")[0]}`, notes, scores: {} };
    }
    // a score without a floor fails, and a floor without its score
    const asked = new Set([...Object.keys(scores), ...columns.filter((c) => c in (floors ?? {}))]);
    const low = [...asked].filter((k) => below(k, scores[k], floors?.[k]));
    const why = low.map((k) => ` ${k} ${show(k, scores[k])}, floor ${floors?.[k]}`).join(",");
    return { line: low.length === 0 ? `ok - ${kind} ${name}` : `not ok - ${kind} ${name}:${why}`, notes, scores };
}

const floors = load("floors.json");
const reached = structuredClone(floors);
let failed = false;
for (const [kind, { columns }] of Object.entries(kinds)) {
    console.log(`# ${kind.padEnd(24)}${columns.map((c) => c.padStart(10)).join("")}`);
    // a gold without floors fails, and floors without a gold
    for (const name of new Set([...names(kind), ...Object.keys(floors[kind])])) {
        const { line, notes, scores } = check(kind, name, floors[kind][name]);
        const cells = columns.map((c) => (c in scores ? show(c, scores[c]) : "").padStart(10)).join("");
        console.log(`# ${name.padEnd(24)}${cells}\n${line}`);
        if (options.includes("--misses")) for (const n of notes) console.log(`#     ${n}`);
        failed ||= line.startsWith("not ok");
        const found = Object.entries(scores).map(([k, v]) => [k, floorOf(k, v)]);
        reached[kind][name] = { ...reached[kind][name], ...Object.fromEntries(found) };
    }
}
if (options.includes("--floors")) console.log(written(reached));
process.exitCode = failed ? 1 : 0;
