// How figures, days, lights and errors are written, in one place for all pages.
import { h, svg } from "./dom.js";
import { WORDS, language, t } from "./words.js";

const SIGNS = { ge: "≥ ", le: "≤ ", about: "≈ " };

// "≥ 4000个", "38亿美元", "5–8%"; the words of a promise without a number
export function figure(x) {
    if (x === null || x === undefined) return "";
    if (x.value === null || x.value === undefined) return t("no_number");
    const upper = x.value_max ? "–" + x.value_max : "";
    return `${SIGNS[x.comparator] ?? ""}${x.value}${upper}${x.unit ?? ""}`;
}

export const percent = (s) => (s === null || s === undefined ? "–" : s + "%");

const two = (n) => String(n).padStart(2, "0");

// A moment as the wall clock here shows it: 2021-03-01 10:03.
export function moment(iso) {
    const d = new Date(iso);
    if (Number.isNaN(d.getTime())) return iso ?? "";
    return (
        `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ` +
        `${two(d.getHours())}:${two(d.getMinutes())}`
    );
}

export const kindWord = (kind) => (kind ? t("kind_" + kind) : "");
export const roleWord = (role) => t("role_" + role);

// Who wrote a line of the journal; the program itself is named in the reader's language.
export const actorName = (l) =>
    l.actor === "system" ? t("system") : (l.actor_name ?? l.actor ?? "");

// What an indicator is, as the document names it.
export const zh = (text, props) => h("span", { lang: "zh", ...props }, text);

// --- signs: a shape and a word, never colour alone ---------------------------------------------

const SHAPES = {
    green: ["circle", { cx: 7, cy: 7, r: 5.5 }],
    yellow: ["path", { d: "M7 1.5 13.2 12.5H.8Z" }],
    red: ["rect", { x: 1.5, y: 1.5, width: 11, height: 11, rx: 1 }],
    none: ["circle", { cx: 7, cy: 7, r: 4.7 }],
    met: ["path", { d: "M1.8 7.6 5.4 11.2 12.2 3.2" }],
    missed: ["path", { d: "M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5" }],
    not_comparable: ["path", { d: "M2 5.5q2.5-3 5 0t5 0M2 9.5q2.5-3 5 0t5 0" }],
    not_reported: ["path", { d: "M2 7H12" }],
    undecided: ["path", { d: "M2.5 7h.1M7 7h.1M11.5 7h.1" }],
};

export function sign(name) {
    const [shape, props] = SHAPES[name] ?? SHAPES.none;
    return svg(
        "svg.sign",
        { class: name, viewBox: "0 0 14 14", "aria-hidden": "true" },
        svg(shape, props),
    );
}

export const LIGHTS = ["red", "yellow", "green", "none"];
export const VERDICTS = ["met", "missed", "not_comparable", "not_reported"];

// The sign with its word; `brief` leaves the word to who hears the page.
export const light = (name, brief = false) =>
    h(
        "span.light",
        { class: name },
        sign(name),
        h("span", { class: brief ? "unseen" : null }, t("light_" + name)),
    );

export const verdictBadge = (name, proposed) =>
    h(
        "span.light.badge",
        {
            class: name + (proposed ? " proposed" : ""),
        },
        sign(name),
        t("verdict_" + name),
        proposed ? h("small", null, t("proposed")) : null,
    );

// A bar whose parts are as long as their numbers; its words stand beside it.
export function bar(parts) {
    const all = parts.reduce((sum, [, n]) => sum + n, 0);
    return h(
        "div.bar",
        { "aria-hidden": "true" },
        parts
            .filter(([, n]) => n > 0)
            .map(([name, n]) => {
                const part = h("i", { class: name });
                part.style.flexGrow = String(n / all);
                return part;
            }),
    );
}

// How far it is, with a mark for where it should be.
export function meter(l) {
    const width = (s) => Math.max(0, Math.min(100, Number(s))) + "%";
    const done = h("i", { class: l.light });
    done.style.width = width(l.actual ?? 0);
    const mark = l.expected === null ? null : h("b");
    if (mark) mark.style.left = width(l.expected);
    return h("span.meter", { "aria-hidden": "true" }, done, mark);
}

export const reason = (l) => (language() === "en" ? l.why_en : l.why) ?? "";

// What a failed request says to a person: what kind of failure it is, in their language, and the
// server's own words, which name the value and the place.
export function problemText(e) {
    if (e.status === 0) return t("err_network");
    if (e.status === 413 && !e.body?.detail) return t("err_large");
    const detail = e.body?.detail || e.body?.title || e.message || String(e);
    const key = "err_" + e.status;
    return language() === "en" || !(key in WORDS) ? detail : t(key) + "：" + detail;
}

export const problemBox = (e) => h("p.problem", { role: "alert" }, problemText(e));

// "3.1.2" of the task or target that a subject like plan/1/task/12 names
export function readSubject(subject) {
    const m = /^plan\/(\d+)(?:\/(task|target)\/(\d+))?/.exec(subject ?? "");
    return m ? { plan: m[1], sort: m[2] ?? null, number: m[3] ? Number(m[3]) : null } : null;
}
