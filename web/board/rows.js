// The list of the board: measure, task, target. Rows whose item has not changed stay the elements
// they were, so that focus and scroll outlive every refresh.
import { fill, h } from "./dom.js";
import { figure, light, meter, percent, verdictBadge } from "./format.js";
import { withQuery } from "./router.js";
import { seesWork } from "./session.js";
import { language, t } from "./words.js";

export const keyOf = (sort, number) => `${sort}.${number}`;

const owner = (o) =>
    h(
        "span.owner",
        { class: o.source, lang: "zh", title: t("source_" + o.source) },
        o.source === "proposed" ? h("i", null, t("proposed_mark")) : null,
        o.name,
    );

function owners(item) {
    const list = item.owners ?? [];
    if (list.length === 0) return h("span.owner.nobody", null, t("no_owner"));
    const shown = list.slice(0, 2).map(owner);
    if (list.length > 2) shown.push(h("span.owner.rest", null, "+" + (list.length - 2)));
    return shown;
}

function progress(l) {
    if (!l.reported) return h("span.soft", null, t("unreported"));
    return h(
        "span.pace",
        null,
        meter(l),
        h(
            "span",
            null,
            percent(l.actual),
            l.expected !== null && h("small", null, ` / ${t("should", percent(l.expected))}`),
        ),
    );
}

function slipMark(slip) {
    if (!slip || slip.state === "closed" || slip.state === "withdrawn") return null;
    return h(
        "span.slip-mark",
        { class: slip.overdue ? "overdue" : slip.state },
        t(slip.overdue ? "slip_overdue" : "slip_" + slip.state),
    );
}

function meta(item, inherits) {
    if (!seesWork()) return null;
    return h(
        "div.row-meta",
        null,
        inherits ? null : owners(item),
        h(
            "span.due",
            { class: item.light.overdue ? "overdue" : null },
            item.light.overdue ? t("overdue_since", item.due) : t("due_by", item.due),
        ),
        progress(item.light),
        slipMark(item.slip),
    );
}

function verdict(item) {
    const v = item.verdict;
    if (!v || !(v.confirmed ?? v.proposed)) return null;
    return verdictBadge(v.confirmed ?? v.proposed, !v.confirmed);
}

// The row's own link carries its words; the page decides what a click on it means.
function row(item, main) {
    const key = keyOf(item.sort, item.number);
    return h(
        "li.row",
        {
            class: item.sort === "target" && item.task !== null ? "target below" : item.sort,
            "data-key": key,
            "data-light": item.light.light,
        },
        h(
            "div.row-head",
            null,
            h(
                "a.row-link",
                { href: withQuery({ item: key, pane: "item" }), "data-row": key },
                main,
            ),
            h("span.row-side", null, verdict(item), seesWork() ? light(item.light.light) : null),
            h(
                "a.to-source",
                {
                    href: withQuery({ item: key, pane: "document" }),
                    "data-source": key,
                    "aria-label": `${t("source_short")} ${item.id}`,
                },
                h("span", { "aria-hidden": "true" }, t("source_short")),
            ),
        ),
        meta(item, item.sort === "target" && item.task !== null),
    );
}

const taskRow = (item) =>
    row(item, [h("span.no", null, item.id), h("span.words", { lang: "zh" }, item.text)]);

const targetRow = (item) =>
    row(item, [
        h("span.no", null, item.id),
        h("span.words", { lang: "zh" }, item.indicator ?? item.text),
        h("b.value", { lang: "zh" }, figure(item)),
        item.horizon && h("small.horizon", null, t("horizon", item.horizon)),
    ]);

export class Rows {
    constructor() {
        this.made = new Map(); // key -> {print, element}
        this.element = h("div.list");
        this.shown = 0;
    }

    one(item) {
        const key = keyOf(item.sort, item.number);
        const print = JSON.stringify(item) + language() + withQuery({ item: null, pane: null });
        const old = this.made.get(key);
        if (old?.print === print) return old.element;
        const element = item.sort === "task" ? taskRow(item) : targetRow(item);
        this.made.set(key, { print, element });
        return element;
    }

    targets(numbers, board, passes) {
        const found = numbers.map((n) => board.targetOf.get(n)).filter((x) => x && passes(x));
        this.shown += found.length;
        return found.map((x) => this.one(x));
    }

    measure(m, board, passes) {
        const lines = [];
        for (const n of m.tasks) {
            const task = board.taskOf.get(n);
            if (!task) continue;
            const own = this.targets(task.targets, board, passes);
            if (passes(task)) this.shown++;
            else if (own.length === 0) continue;
            lines.push(this.one(task), ...own);
        }
        return lines.length === 0
            ? null
            : h(
                  "section.measure",
                  null,
                  h("h3", { lang: "zh" }, m.title),
                  h("ul.rows", null, lines),
              );
    }

    update(board, passes) {
        // taking rows out of the page to put them into new lists would lose the focus
        const focused = document.activeElement?.closest?.("[data-key]")?.dataset.key;
        const link = document.activeElement?.className.split(" ")[0];
        this.shown = 0;
        const groups = [];
        const loose = this.targets(
            board.targets.filter((x) => x.task === null).map((x) => x.number),
            board,
            passes,
        );
        if (loose.length)
            groups.push(
                h(
                    "section.area",
                    { id: "area-main" },
                    h("h2", null, t("main_targets")),
                    h("ul.rows", null, loose),
                ),
            );
        for (const area of board.areas) {
            const measures = area.measures
                .map((m) => this.measure(m, board, passes))
                .filter(Boolean);
            if (measures.length)
                groups.push(
                    h(
                        "section.area",
                        { id: "area-" + area.number },
                        h("h2", { lang: "zh" }, h("span.no", null, area.no), area.title),
                        measures,
                    ),
                );
        }
        fill(this.element, groups.length ? groups : h("p.nothing", null, t("nothing_found")));
        if (focused && !this.element.contains(document.activeElement)) {
            this.element
                .querySelector(`[data-key="${focused}"] .${link}`)
                ?.focus({ preventScroll: true });
        }
    }

    links() {
        return [...this.element.querySelectorAll(".row-link")];
    }

    mark(key) {
        for (const e of this.element.querySelectorAll(".row.current")) {
            if (e.dataset.key !== key) {
                e.classList.remove("current");
                e.querySelector(".row-link").removeAttribute("aria-current");
            }
        }
        const found = key && this.element.querySelector(`[data-key="${key}"]`);
        if (!found) return null;
        found.classList.add("current");
        found.querySelector(".row-link").setAttribute("aria-current", "true");
        return found;
    }
}
