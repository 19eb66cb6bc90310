// The document beside the list. Its bytes are cut at the places that tasks and targets name: spans
// count UTF-8 bytes, so the text is sliced before it is decoded. It stands here as it was written;
// signs and numbers are added by the style alone.
import { h } from "./dom.js";
import { figure } from "./format.js";
import { withQuery } from "./router.js";
import { keyOf } from "./rows.js";
import { seesWork } from "./session.js";
import { t } from "./words.js";

const NEWLINE = 10;

// [start, end) of each line that holds more than white space
export function linesOf(bytes) {
    const lines = [];
    for (let from = 0; from < bytes.length;) {
        let to = bytes.indexOf(NEWLINE, from);
        if (to < 0) to = bytes.length;
        if (bytes.subarray(from, to).some((b) => b > 32)) lines.push([from, to]);
        from = to + 1;
    }
    return lines;
}

const within = (list, a, b) => list.find((m) => m.from <= a && b <= m.to);
const narrower = (x, y) => x.to - x.from - (y.to - y.from);
const mark = (key, span, extra) => ({ key, from: span[0], to: span[1], ...extra });

// What is marked: sentences of tasks, clauses of targets, the number of each target, headings.
function marksOf(board) {
    const tasks = board.tasks.map((x) => mark(keyOf("task", x.number), x.span, { item: x }));
    const targets = board.targets
        .map((x) => mark(keyOf("target", x.number), x.span, { item: x }))
        .sort(narrower);
    const figures = board.targets
        .map((x) =>
            mark(keyOf("target", x.number), x.number_span ?? x.indicator_span ?? x.span, {
                item: x,
            }),
        )
        .sort(narrower);
    const headings = board.areas.flatMap((a) => [
        mark(null, [a.span[0], a.span[0]], { class: "area-start" }),
    ]);
    return { tasks, targets, figures, headings };
}

function cut(marks, from, to) {
    const at = new Set([from, to]);
    for (const list of [marks.tasks, marks.targets, marks.figures]) {
        for (const m of list) {
            for (const p of [m.from, m.to]) if (p > from && p < to) at.add(p);
        }
    }
    return [...at].sort((a, b) => a - b);
}

const figureLink = (m, text) =>
    h(
        "a.figure",
        {
            href: withQuery({ item: m.key, pane: "list" }),
            "data-figure": m.key,
            // what is seen first, as it is seen
            "aria-label": `${text || figure(m.item)} · ${t("target")} ${m.item.id} ${m.item.indicator ?? ""}`,
        },
        text,
    );

export class DocumentView {
    constructor() {
        this.element = h("div.text", { lang: "zh" });
        this.marked = [];
    }

    // Writes the whole text anew; thirty thousand bytes take some milliseconds.
    load(bytes, board) {
        this.bytes = bytes;
        this.decoder = new TextDecoder("utf-8");
        this.marks = marksOf(board);
        this.linked = new Set();
        const lines = linesOf(bytes).map(([from, to]) => this.line(from, to));
        this.element.replaceChildren(...lines);
        this.paint(board);
    }

    text(from, to) {
        return this.decoder.decode(this.bytes.subarray(from, to)).replace(/\r$/, "");
    }

    line(from, to) {
        const p = h("p");
        if (this.marks.headings.some((m) => m.from >= from && m.from < to))
            p.classList.add("heading");
        const at = cut(this.marks, from, to);
        let task = null; // the wrapper that is open, and whose it is
        let target = null;
        for (let i = 0; i + 1 < at.length; i++) {
            const [a, b] = [at[i], at[i + 1]];
            const inTask = within(this.marks.tasks, a, b);
            const inTarget = within(this.marks.targets, a, b);
            if (task?.of !== inTask) {
                task = inTask ? { of: inTask, element: this.taskMark(inTask, a) } : null;
                if (task) p.append(task.element);
                target = null;
            }
            if (target?.of !== inTarget) {
                target = inTarget ? { of: inTarget, element: this.targetMark(inTarget) } : null;
                if (target) (task?.element ?? p).append(target.element);
            }
            this.piece(target?.element ?? task?.element ?? p, a, b);
        }
        return p;
    }

    piece(parent, a, b) {
        const all = this.marks.figures.filter((m) => m.from <= a && b <= m.to);
        const [first, ...rest] = all.filter((m) => !this.linked.has(m.key));
        if (!first) {
            const again = all[0]; // a number that is cut in two keeps its look
            parent.append(again ? h("span.figure-rest", null, this.text(a, b)) : this.text(a, b));
            return;
        }
        parent.append(figureLink(first, this.text(a, b)));
        this.linked.add(first.key);
        for (const m of rest) {
            parent.append(figureLink(m, ""));
            this.linked.add(m.key);
        }
    }

    taskMark(m, a) {
        const element = h("span.sentence", { "data-mark": m.key });
        if (a === m.from) {
            element.append(
                h("a.task-no", {
                    href: withQuery({ item: m.key, pane: "list" }),
                    "data-figure": m.key,
                    "data-no": m.item.id,
                    "aria-label": `${t("task")} ${m.item.id}`,
                }),
            );
        }
        return element;
    }

    targetMark(m) {
        return h("mark", { "data-mark": m.key });
    }

    // The lights of the marks, which change more often than the text.
    paint(board) {
        const lights = new Map();
        for (const x of board.tasks) lights.set(keyOf("task", x.number), x.light.light);
        for (const x of board.targets) lights.set(keyOf("target", x.number), x.light.light);
        for (const e of this.element.querySelectorAll("[data-mark], [data-figure]")) {
            if (seesWork()) e.dataset.light = lights.get(e.dataset.mark ?? e.dataset.figure);
        }
    }

    // Lights the sentence up; `reveal` also brings it into sight.
    show(key, reveal) {
        for (const e of this.marked) e.classList.remove("hot");
        this.marked = key ? [...this.element.querySelectorAll(`[data-mark="${key}"]`)] : [];
        const link = key && this.element.querySelector(`[data-figure="${key}"]`);
        // one clause may hold two targets: the mark has the key of one
        if (link && this.marked.length === 0) this.marked = [link.closest("[data-mark]") ?? link];
        for (const e of this.marked) e.classList.add("hot");
        const first = this.marked[0] ?? null;
        if (first && reveal) first.scrollIntoView({ block: "center" });
        return first;
    }
}
