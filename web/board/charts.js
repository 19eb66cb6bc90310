// Charts as SVG, each with the same figures in a table for who does not see it: the path of one
// item within its year, and an indicator over the years. What was observed is in history.js.
import { h, svg } from "./dom.js";
import { figure } from "./format.js";
import { t } from "./words.js";

const HIGH = 230;
const EDGE = { left: 52, right: 16, top: 22, bottom: 28 };
const LABEL = 38; // a year's room below the chart, in pixels
const FIGURE = 74; // the room that a year's figures need

// A drawing as wide as the place it stands in, so that its words keep their size. `draw` is given
// the width in pixels.
export function fitted(draw) {
    const box = h("div.fitted");
    let drawn = 0;
    const fit = (width) => {
        if (width === drawn || width < 1) return;
        drawn = width;
        box.replaceChildren(draw(width));
    };
    fit(480);
    new ResizeObserver(() => fit(Math.round(box.clientWidth))).observe(box);
    return box;
}

// Steps of 1, 2 or 5 times a power of ten that cover low..high with about five lines.
export function niceScale(low, high) {
    if (!(high > low))
        [low, high] = [Math.min(0, low), low === 0 ? 1 : Math.max(low, 0) * 1.2 || 1];
    const rough = (high - low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const from = Math.floor(low / step) * step;
    const to = Math.ceil(high / step) * step;
    const ticks = [];
    for (let i = 0; from + i * step <= to + step / 2; i++) ticks.push(from + i * step);
    return { from, to, ticks: ticks.map((v) => Number(v.toPrecision(10))) };
}

const short = (n) => (Math.abs(n) >= 1e6 ? n.toExponential(0) : String(n));
const mark = { report: (x, y) => svg("circle.report", { cx: x, cy: y, r: 4.5 }) };

function frame(label, wide, scale, y, columns) {
    return svg(
        "svg.chart",
        {
            viewBox: `0 0 ${wide} ${HIGH}`,
            width: wide,
            height: HIGH,
            role: "img",
            "aria-label": label,
        },
        scale.ticks.map((v) => [
            svg("line.grid", { x1: EDGE.left, x2: wide - EDGE.right, y1: y(v), y2: y(v) }),
            svg("text.tick", { x: EDGE.left - 8, y: y(v) + 4, "text-anchor": "end" }, short(v)),
        ]),
        columns.map(({ x, text }) =>
            svg("text.tick.column", { x, y: HIGH - 8, "text-anchor": "middle" }, text),
        ),
    );
}

const makeY = (scale) => (v) =>
    HIGH -
    EDGE.bottom -
    ((v - scale.from) / (scale.to - scale.from)) * (HIGH - EDGE.top - EDGE.bottom);

// Points of years that follow one another.
function runsOf(points) {
    const runs = [];
    for (const p of points) {
        const last = runs.at(-1)?.at(-1);
        if (last && p.year === last.year + 1) runs.at(-1).push(p);
        else runs.push([p]);
    }
    return runs;
}

const polyline = (points) =>
    "M" + points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");

export function table(caption, head, rows) {
    return h(
        "div.scroll",
        { tabindex: "0", role: "group", "aria-label": caption },
        h(
            "table.grid.short-first",
            null,
            h("caption", null, caption),
            h(
                "thead",
                null,
                h(
                    "tr",
                    null,
                    head.map((c) => h("th", { scope: "col" }, c)),
                ),
            ),
            h(
                "tbody",
                null,
                rows.map((row) =>
                    h(
                        "tr",
                        null,
                        row.map((c, i) =>
                            i === 0 ? h("th", { scope: "row" }, c) : h("td", null, c),
                        ),
                    ),
                ),
            ),
        ),
    );
}

const legend = (...items) =>
    h(
        "p.legend",
        { "aria-hidden": "true" },
        items.filter(Boolean).map(([name, text]) => h("span", null, h("i", { class: name }), text)),
    );

// --- an item within its year -------------------------------------------------------------------

const DAY = 86400000;
const dayOf = (iso) => Date.parse(iso.slice(0, 10) + "T00:00:00Z");

// data: {year, unit, expected: [{day, value}], reports: [{as_of, value}], at, target}; values are
// numbers or decimal strings. Reports that later ones replaced are left out by the caller.
export function pathChart(data) {
    const given = (list) => list && list.length > 0;
    return h(
        "figure.figure-box",
        null,
        fitted((wide) => drawPath(data, wide)),
        legend(
            given(data.expected) && ["expected", t("expected")],
            ["report", t("reported")],
            data.target && ["goal", t("target")],
            isWithin(data) && ["today", data.at],
        ),
    );
}

const isWithin = (data) => data.at?.startsWith(String(data.year));

function drawPath(data, wide) {
    const first = dayOf(`${data.year}-01-01`);
    const x = (iso) =>
        EDGE.left +
        Math.max(0, Math.min(1, (dayOf(iso) - first) / (365 * DAY))) *
            (wide - EDGE.left - EDGE.right);
    const expected = data.expected.map((p) => [p.day, Number(p.value)]);
    const reports = data.reports
        .filter((r) => r.value !== null && r.value !== "")
        .map((r) => [r.as_of, Number(r.value)])
        .sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const values = [0, ...expected, ...reports].map((p) => (p === 0 ? 0 : p[1]));
    if (data.target !== null && data.target !== undefined) values.push(Number(data.target));
    const scale = niceScale(Math.min(...values), Math.max(...values));
    const y = makeY(scale);
    const months = Array.from({ length: 12 }, (_, i) => ({
        x: x(`${data.year}-${String(i + 1).padStart(2, "0")}-15`),
        text: String(i + 1),
    }));
    const chart = frame(t("chart_path", expected.length, reports.length), wide, scale, y, months);
    if (data.target) {
        chart.append(
            svg("line.goal", {
                x1: EDGE.left,
                x2: wide - EDGE.right,
                y1: y(Number(data.target)),
                y2: y(Number(data.target)),
            }),
        );
    }
    if (isWithin(data)) {
        chart.append(
            svg("line.today", {
                x1: x(data.at),
                x2: x(data.at),
                y1: EDGE.top,
                y2: HIGH - EDGE.bottom,
            }),
        );
    }
    const at = (points) => points.map(([d, v]) => [x(d), y(v)]);
    if (expected.length) chart.append(svg("path.expected", { d: polyline(at(expected)) }));
    if (reports.length > 1) chart.append(svg("path.actual", { d: polyline(at(reports)) }));
    for (const [px, py] of at(reports)) chart.append(mark.report(px, py));
    return chart;
}

export function pathTable(data) {
    const unit = data.unit ?? "%";
    const days = new Map();
    for (const p of data.expected) days.set(p.day, [p.value, ""]);
    for (const r of data.reports) days.set(r.as_of, [days.get(r.as_of)?.[0] ?? "", r.value ?? ""]);
    const rows = [...days].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([d, v]) => [d, ...v]);
    return h(
        "details.data",
        null,
        h("summary", null, t("figures_table")),
        table(t("path_caption", unit), [t("day"), t("expected"), t("reported")], rows),
    );
}

// --- an indicator over the years ---------------------------------------------------------------

// Large numbers are drawn in ten thousands or hundred millions, as the documents write them.
const SCALES = [
    [1e8, "亿"],
    [1e4, "万"],
    [1, ""],
];

// What is plotted: the value in the unit that all of the series share, else the value as written.
const plain = (x, key) => {
    const v = x?.[`base_${key}`] ?? x?.[key];
    return v === null || v === undefined ? null : Number(v);
};

const upperOf = (x) => {
    // the server gives the lower bound in the shared unit; the upper one scales alike
    const [low, written] = [plain(x, "value"), Number(x?.value)];
    if (x?.value_max === null || x?.value_max === undefined || low === null) return null;
    return written === 0 ? Number(x.value_max) : (Number(x.value_max) * low) / written;
};

// {values, factor, word}: all numbers of a series, and the scale that its axis is written in
function scaleOf(points, unit) {
    const values = points
        .flatMap((p) => [plain(p.target, "value"), upperOf(p.target), plain(p.outcome, "value")])
        .filter((v) => v !== null && !Number.isNaN(v));
    const most = Math.max(...values.map(Math.abs));
    const [factor, word] = /^[%％]?$/.test(unit) ? [1, ""] : SCALES.find(([f]) => most >= f * 10 || f === 1);
    return { values, factor, word };
}

// The unit of a series' axis: "亿元" for figures in 元 that are that large.
export const axisUnit = (points, unit) => scaleOf(points, unit).word + unit;

// A target is a sign that says which side counts: a line with a mark up (at least), down (at most),
// a band (between), a line (exactly, about). An outcome is a dot.
function drawTarget(p, v, upper, x, y) {
    const parts = [svg("line.goal-bar", { x1: x - 13, x2: x + 13, y1: y(v), y2: y(v) })];
    if (upper !== null) {
        const band = { x: x - 13, y: y(upper), width: 26, height: Math.max(1, y(v) - y(upper)) };
        parts.push(svg("rect.goal-band", band));
    }
    if (p.comparator === "ge")
        parts.push(svg("path.goal-mark", { d: `M${x - 5} ${y(v) - 3}h10l-5-8z` }));
    if (p.comparator === "le")
        parts.push(svg("path.goal-mark", { d: `M${x - 5} ${y(v) + 3}h10l-5 8z` }));
    return svg("g", null, svg("title", null, `${p.year} ${t("target")} ${figure(p)}`), parts);
}

const drawOutcome = (p, x, y) =>
    svg("g", null, svg("title", null, `${p.year} ${t("outcome")} ${figure(p)}`), mark.report(x, y));

// The figures as they were written, the higher one above its sign, the other below.
function figuresOf(p, x, y) {
    const of = (sort) => ({ sort, x: p[sort], v: plain(p[sort], "value") });
    const [high, low] = [of("target"), of("outcome")]
        .filter((f) => f.v !== null)
        .sort((a, b) => b.v - a.v);
    const text = (f, dy) =>
        svg(
            "text.said-figure",
            { class: f.sort, x, y: y(f.v) + dy, "text-anchor": "middle" },
            `${f.x.value}${f.x.value_max ? "–" + f.x.value_max : ""}${f.x.unit ?? ""}`,
        );
    const same = low && Math.abs(y(high.v) - y(low.v)) < 1;
    return [high && text(high, -13), low && text(low, same ? 33 : 22)];
}

// points: [{year, target, outcome}] of one unit, by year. Years in which nothing was said stay empty.
export function yearsChart(points, unit) {
    const series = scaleOf(points, unit);
    if (series.values.length === 0) return null;
    return h(
        "figure.figure-box",
        null,
        fitted((wide) => drawYears(points, unit, series, wide)),
        legend(["goal-key", t("target")], ["report", t("outcome")]),
    );
}

function drawYears(points, unit, { values, factor, word }, wide) {
    const [low, high] = [Math.min(...values) / factor, Math.max(...values) / factor];
    const scale = niceScale(low > 0 && low < high * 0.6 ? 0 : Math.min(low, low * 0.95), high);
    const drawn = makeY(scale);
    const y = (v) => drawn(v / factor);
    const [first, last] = [points[0].year, points.at(-1).year];
    const step = (wide - EDGE.left - EDGE.right) / (last - first + 1);
    const x = (year) => EDGE.left + step * (year - first + 0.5);
    const every = Math.max(1, Math.ceil(LABEL / step)); // counted from the last year
    const years = Array.from({ length: last - first + 1 }, (_, i) => last - i)
        .filter((_, i) => i % every === 0)
        .map((year) => ({ x: x(year), text: String(year) }));
    const chart = frame(t("chart_years", points.length, word + unit), wide, scale, drawn, years);
    const done = points.filter((p) => plain(p.outcome, "value") !== null);
    const at = (p) => [x(p.year), y(plain(p.outcome, "value"))];
    // A year of which nothing is known is a gap, not a line across it.
    for (const run of runsOf(done))
        if (run.length > 1) chart.append(svg("path.actual", { d: polyline(run.map(at)) }));
    for (const p of points) {
        const v = plain(p.target, "value");
        if (v === null) continue;
        const said = { ...p.target, year: p.year };
        chart.append(drawTarget(said, v, upperOf(p.target), x(p.year), y));
    }
    for (const p of done) chart.append(drawOutcome({ ...p.outcome, year: p.year }, ...at(p)));
    if (step >= FIGURE)
        for (const p of points) chart.append(...figuresOf(p, x(p.year), y).filter(Boolean));
    return chart;
}
