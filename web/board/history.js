// What was observed over time: a line that breaks where observations are missing, each doubtful one
// with the sign of its flag, and the same figures as a table.
import { h, svg } from "./dom.js";
import { fitted, niceScale, table } from "./charts.js";
import { SHAPES, flagOf, flagSign, testsOf } from "./flags.js";
import { moment } from "./format.js";
import { t } from "./words.js";

const HIGH = 260;
const EDGE = { left: 56, right: 16, top: 18, bottom: 30 };
const GAP = 2.5; // times the usual distance: what is further apart is not joined
const LABEL = 92; // the room that a moment's words need, in pixels
const ROWS = 200; // of the table; the newest

const HOUR = 3600000;
const STEPS = [1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 30, 24 * 91, 24 * 365].map((n) => n * HOUR);

// The middle one of the distances between observations.
function usual(points) {
    const all = points.slice(1).map((p, i) => p.at - points[i].at);
    return all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
}

function runsOf(points) {
    const far = usual(points) * GAP;
    const runs = [];
    for (const p of points) {
        const run = runs.at(-1);
        if (run && p.at - run.at(-1).at <= far) run.push(p);
        else runs.push([p]);
    }
    return runs;
}

const two = (n) => String(n).padStart(2, "0");

// What stands below a line of the grid: the hour within days, else the day.
function short(ms, step) {
    const d = new Date(ms);
    const day = `${two(d.getMonth() + 1)}-${two(d.getDate())}`;
    if (step >= 24 * HOUR * 91) return `${d.getFullYear()}-${two(d.getMonth() + 1)}`;
    return step >= 24 * HOUR ? day : `${day} ${two(d.getHours())}:00`;
}

function momentsOf(from, to, wide) {
    const most = Math.max(1, Math.floor((wide - EDGE.left - EDGE.right) / LABEL));
    const step = STEPS.find((s) => (to - from) / s <= most) ?? (to - from) / most;
    const shift = new Date(from).getTimezoneOffset() * 60000; // lines at the hours of the wall clock
    const list = [];
    for (let at = Math.ceil((from - shift) / step) * step + shift; at <= to; at += step) list.push(at);
    return list.map((at) => ({ at, text: short(at, step) }));
}

// Words at the right edge stand before their line.
const anchorOf = (x, wide) => (x > wide - LABEL / 2 ? "end" : "middle");

const isDoubtful = (p) => p.flag === 3 || p.flag === 4;

function mark(p, x, y) {
    const [shape, props] = SHAPES[flagOf(p.flag)];
    return svg(
        "g.flag-mark",
        { class: flagOf(p.flag), transform: `translate(${x - 7} ${y - 7})` },
        svg(shape, props),
    );
}

function draw(points, name, unit, wide, say) {
    const values = points.map((p) => p.value);
    const scale = niceScale(Math.min(...values), Math.max(...values));
    const [from, to] = [points[0].at, points.at(-1).at];
    const x = (at) =>
        EDGE.left + (to === from ? 0.5 : (at - from) / (to - from)) * (wide - EDGE.left - EDGE.right);
    const y = (v) =>
        HIGH - EDGE.bottom - ((v - scale.from) / (scale.to - scale.from)) * (HIGH - EDGE.top - EDGE.bottom);
    const chart = svg(
        "svg.chart",
        {
            viewBox: `0 0 ${wide} ${HIGH}`,
            width: wide,
            height: HIGH,
            role: "img",
            "aria-label": t("chart_history", name, points.length, points.filter(isDoubtful).length),
        },
        scale.ticks.map((v) => [
            svg("line.grid", { x1: EDGE.left, x2: wide - EDGE.right, y1: y(v), y2: y(v) }),
            svg("text.tick", { x: EDGE.left - 8, y: y(v) + 4, "text-anchor": "end" }, String(v)),
        ]),
        momentsOf(from, to, wide).map(({ at, text }) => [
            svg("line.grid", { x1: x(at), x2: x(at), y1: EDGE.top, y2: HIGH - EDGE.bottom }),
            svg("text.tick", { x: x(at), y: HIGH - 9, "text-anchor": anchorOf(x(at), wide) }, text),
        ]),
    );
    for (const run of runsOf(points)) {
        const line = run.map((p) => `${x(p.at).toFixed(1)} ${y(p.value).toFixed(1)}`).join("L");
        if (run.length > 1) chart.append(svg("path.actual", { d: "M" + line }));
        else chart.append(svg("circle.report", { cx: x(run[0].at), cy: y(run[0].value), r: 3 }));
    }
    for (const p of points.filter(isDoubtful)) chart.append(mark(p, x(p.at), y(p.value)));
    // the observation nearest to the pointer is told below the chart
    const here = svg("line.today", { y1: EDGE.top, y2: HIGH - EDGE.bottom, visibility: "hidden" });
    chart.append(here);
    chart.addEventListener("pointermove", (e) => {
        const at = from + ((e.clientX - chart.getBoundingClientRect().left - EDGE.left) / (wide - EDGE.left - EDGE.right)) * (to - from);
        const p = points.reduce((a, b) => (Math.abs(b.at - at) < Math.abs(a.at - at) ? b : a));
        here.setAttribute("x1", x(p.at));
        here.setAttribute("x2", x(p.at));
        here.setAttribute("visibility", "visible");
        say(p);
    });
    return chart;
}

// points: [{at, said, value, flag, qartod}], oldest first, at least one.
export function historyChart(points, name, unit) {
    const told = h("p.told", { "aria-hidden": "true" }, " ");
    const say = (p) =>
        told.replaceChildren(
            `${moment(p.said)} · ${p.value} ${unit} `,
            p.flag === undefined ? "" : flagSign(p.flag),
        );
    say(points.at(-1));
    return h("figure.figure-box", null, fitted((wide) => draw(points, name, unit, wide, say)), told);
}

export function historyTable(points, name, unit) {
    const rows = points
        .slice(-ROWS)
        .reverse()
        .map((p) => [
            moment(p.said),
            String(p.value),
            p.flag === undefined ? "–" : h("span", null, flagSign(p.flag), isDoubtful(p) && h("small", null, " ", testsOf(p.qartod).join(t("comma")))),
        ]);
    return h(
        "details.data",
        null,
        h("summary", null, t("figures_table")),
        table(t("history_caption", name, rows.length), [t("observed_at"), `${name}${unit && ` (${unit})`}`, t("quality")], rows),
    );
}
