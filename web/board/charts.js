// Charts as SVG, each with the same figures in a table for who does not see it. Two only: the path
// of one item within its year, and an indicator over the years.
import { h, svg } from "./dom.js";
import { t } from "./words.js";

const WIDE = 560;
const HIGH = 230;
const EDGE = { left: 52, right: 16, top: 16, bottom: 28 };

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

function frame(label, scale, y, columns) {
    return svg(
        "svg.chart",
        { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": label },
        scale.ticks.map((v) => [
            svg("line.grid", { x1: EDGE.left, x2: WIDE - EDGE.right, y1: y(v), y2: y(v) }),
            svg("text.tick", { x: EDGE.left - 8, y: y(v) + 4, "text-anchor": "end" }, short(v)),
        ]),
        columns.map(({ x, text }) =>
            svg("text.tick", { x, y: HIGH - 8, "text-anchor": "middle" }, text),
        ),
    );
}

const makeY = (scale) => (v) =>
    HIGH -
    EDGE.bottom -
    ((v - scale.from) / (scale.to - scale.from)) * (HIGH - EDGE.top - EDGE.bottom);

const polyline = (points) =>
    "M" + points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");

export function table(caption, head, rows) {
    return h(
        "div.scroll",
        { tabindex: "0", role: "group", "aria-label": caption },
        h(
            "table.grid",
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
    const first = dayOf(`${data.year}-01-01`);
    const x = (iso) =>
        EDGE.left +
        Math.max(0, Math.min(1, (dayOf(iso) - first) / (365 * DAY))) *
            (WIDE - EDGE.left - EDGE.right);
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
    const chart = frame(t("chart_path", expected.length, reports.length), scale, y, months);
    if (data.target) {
        chart.append(
            svg("line.goal", {
                x1: EDGE.left,
                x2: WIDE - EDGE.right,
                y1: y(Number(data.target)),
                y2: y(Number(data.target)),
            }),
        );
    }
    if (data.at?.startsWith(String(data.year))) {
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
    return h(
        "figure.figure-box",
        null,
        chart,
        legend(
            expected.length && ["expected", t("expected")],
            ["report", t("reported")],
            data.target && ["goal", t("target")],
            data.at && ["today", data.at],
        ),
    );
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

// A target is a sign that says which side counts: a line with a mark up (at least), down (at most),
// a band (between), a line (exactly, about). An outcome is a dot.
function drawTarget(p, x, y) {
    const v = Number(p.value);
    const top = y(p.value_max ? Number(p.value_max) : v);
    const parts = [svg("line.goal-bar", { x1: x - 15, x2: x + 15, y1: y(v), y2: y(v) })];
    if (p.value_max)
        parts.push(
            svg("rect.goal-band", {
                x: x - 15,
                y: top,
                width: 30,
                height: Math.max(1, y(v) - top),
            }),
        );
    if (p.comparator === "ge")
        parts.push(svg("path.goal-mark", { d: `M${x - 5} ${y(v) - 3}h10l-5-8z` }));
    if (p.comparator === "le")
        parts.push(svg("path.goal-mark", { d: `M${x - 5} ${y(v) + 3}h10l-5 8z` }));
    return parts;
}

// points: [{year, target, outcome}] of one unit. `open` is called with a point's place.
export function yearsChart(points, unit) {
    const numbers = points
        .flatMap((p) => [p.target?.value, p.target?.value_max, p.outcome?.value])
        .filter((v) => v !== null && v !== undefined)
        .map(Number);
    if (numbers.length === 0) return null;
    const low = Math.min(...numbers);
    const scale = niceScale(
        low > 0 && low < Math.max(...numbers) * 0.6 ? 0 : Math.min(low, low * 0.95),
        Math.max(...numbers),
    );
    const y = makeY(scale);
    const step = (WIDE - EDGE.left - EDGE.right) / points.length;
    const x = (i) => EDGE.left + step * (i + 0.5);
    const chart = frame(
        t("chart_years", points.length, unit),
        scale,
        y,
        points.map((p, i) => ({ x: x(i), text: String(p.year) })),
    );
    const dots = points
        .map((p, i) => [p, i])
        .filter(([p]) => p.outcome?.value !== null && p.outcome?.value !== undefined);
    if (dots.length > 1) {
        chart.append(
            svg("path.actual", {
                d: polyline(dots.map(([p, i]) => [x(i), y(Number(p.outcome.value))])),
            }),
        );
    }
    points.forEach((p, i) => {
        if (p.target?.value !== null && p.target?.value !== undefined)
            chart.append(...drawTarget(p.target, x(i), y));
    });
    for (const [p, i] of dots) chart.append(mark.report(x(i), y(Number(p.outcome.value))));
    return h(
        "figure.figure-box",
        null,
        chart,
        legend(["goal-key", t("target")], ["report", t("outcome")]),
    );
}
