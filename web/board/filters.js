// The filter of the board: what it shows, kept in the address, and which items pass it. The server
// filters an export by the same words; `only` is known here alone.
import { h, fill } from "./dom.js";
import { fold } from "./fold.js";
import { LIGHTS } from "./format.js";
import { go, readRoute, withQuery } from "./router.js";
import { isOwn, seesWork, session } from "./session.js";
import { language, t } from "./words.js";

export const KEYS = ["q", "owner", "light", "area", "due_before", "mine", "only"];

export const isFiltered = (query) => KEYS.some((k) => query.get(k));

const ONLY = {
    unreported: (i) => isCounted(i) && !i.light.reported,
    unowned: (i) => isCounted(i) && !i.owners_confirmed,
    slips_open: (i) => i.slip?.state === "open" || i.slip?.state === "answered",
    slips_overdue: (i) => Boolean(i.slip?.overdue),
    met: (i) => decided(i) === "met",
    missed: (i) => decided(i) === "missed",
    undecided: (i) => i.sort === "target" && decided(i) !== "met" && decided(i) !== "missed",
};

// The counts are of tasks, and of the targets that stand under none.
const isCounted = (i) => i.sort === "task" || i.task === null;

// What is only proposed decides nothing.
const decided = (i) => i.verdict?.confirmed ?? null;

const words = (i) =>
    fold([i.id, i.text, i.indicator, ...(i.owners ?? []).map((o) => o.name)].join(" "));

// Whether an item passes everything that the address asks for.
export function makeFilter(query) {
    const tests = [];
    const q = fold(query.get("q")?.trim() ?? "");
    if (q) tests.push((i) => q.split(/\s+/).every((w) => words(i).includes(w)));
    const owner = query.get("owner");
    if (owner)
        tests.push((i) => (i.owners ?? []).some((o) => (o.organisation ?? o.name) === owner));
    if (query.get("light")) tests.push((i) => i.light.light === query.get("light"));
    if (query.get("area")) tests.push((i) => String(i.area) === query.get("area"));
    if (query.get("due_before")) tests.push((i) => i.due < query.get("due_before"));
    if (query.get("mine")) tests.push(isOwn);
    if (ONLY[query.get("only")]) tests.push(ONLY[query.get("only")]);
    return (item) => tests.every((test) => test(item));
}

// --- the controls ------------------------------------------------------------------------------

const set = (key, replace) => (e) =>
    go(
        withQuery({
            [key]: e.target.type === "checkbox" ? (e.target.checked ? "1" : null) : e.target.value,
            pane: null,
        }),
        replace,
    );

// `bare`: the first choice says what it is of, the label is for who hears it
const field = (label, control, bare) =>
    h("label.field", { class: bare ? "bare-label" : null }, h("span", null, label), control);

function ownersOf(board) {
    const names = new Map();
    for (const item of [...board.tasks, ...board.targets]) {
        for (const o of item.owners ?? []) names.set(o.organisation ?? o.name, o.name);
    }
    return [...names].sort((a, b) => a[1].localeCompare(b[1], "zh"));
}

const option = (value, text, props) => h("option", { value, ...props }, text);

export class Filters {
    constructor() {
        this.search = h("input#search", {
            type: "search",
            placeholder: t("search_hint"),
            autocomplete: "off",
            oninput: set("q", true),
        });
        this.area = h("select#area", { onchange: set("area") });
        this.light = h("select#light", { onchange: set("light") });
        this.owner = h("select#owner", { onchange: set("owner") });
        this.due = h("input#due", { type: "date", onchange: set("due_before") });
        this.mine = h("input#mine", { type: "checkbox", onchange: set("mine") });
        this.count = h("output.shown", { for: "search" });
        this.clear = h(
            "button.quiet",
            {
                type: "button",
                onclick: () => go(withQuery(Object.fromEntries(KEYS.map((k) => [k, null])))),
            },
            t("clear_filter"),
        );
        this.exports = h("div.exports");
        this.more = h(
            "details.more-filters",
            { open: innerWidth > 760 },
            h("summary", null, t("filters")),
            h(
                "div.fields",
                null,
                field(t("area"), this.area, true),
                seesWork() && field(t("light"), this.light, true),
                seesWork() && field(t("owner"), this.owner, true),
                field(t("due_before"), this.due),
                seesWork() &&
                    session.account.organisation &&
                    h("label.check", null, this.mine, t("mine")),
            ),
        );
        this.element = h(
            "search.filter",
            { role: "search", "aria-label": t("filters") },
            h(
                "div.filter-first",
                null,
                field(t("search"), this.search, true),
                this.count,
                this.clear,
                this.exports,
            ),
            this.more,
        );
    }

    update(board, query, shown, all) {
        fill(
            this.area,
            option("", t("all_areas")),
            board.areas.map((a) => option(a.number, `${a.no} ${a.title}`, { lang: "zh" })),
        );
        fill(
            this.light,
            option("", t("all_lights")),
            LIGHTS.map((l) => option(l, t("light_" + l))),
        );
        fill(
            this.owner,
            option("", t("all_owners")),
            ownersOf(board).map(([key, name]) => option(key, name, { lang: "zh" })),
        );
        for (const [control, key] of [
            [this.area, "area"],
            [this.light, "light"],
            [this.owner, "owner"],
            [this.due, "due_before"],
            [this.search, "q"],
        ]) {
            // what is being typed is not taken from under the hand
            if (control !== document.activeElement || control.tagName === "SELECT")
                control.value = query.get(key) ?? "";
        }
        this.mine.checked = query.get("mine") === "1";
        this.count.textContent = t("shown", shown, all);
        this.clear.hidden = !isFiltered(query);
        // a menu that is open stays so while the board is refreshed
        const print = query.toString();
        if (this.exported !== print) fill(this.exports, exportMenu(board, query));
        this.exported = print;
    }
}

// Links, so that the browser saves the file; the filter goes along.
export function exportAddress(plan, view, format, query = new URLSearchParams()) {
    const q = new URLSearchParams({ view, format });
    for (const k of ["at", "known", "owner", "light", "area", "due_before", "q"]) {
        if (query.get(k)) q.set(k, query.get(k));
    }
    if (query.get("mine")) q.set("owner", session.account.organisation);
    if (language() === "en") q.set("lang", "en");
    return `/api/plans/${plan}/export?${q}`;
}

function exportMenu(board, query) {
    const plan = board.plan.plan;
    const views = seesWork() ? ["tasks", "targets", "slips"] : ["tasks", "targets"];
    return h(
        "details.menu",
        null,
        h("summary.button", null, t("export")),
        h(
            "div.menu-list",
            null,
            views.map((view) =>
                h(
                    "p",
                    null,
                    h("b", null, t("view_" + view)),
                    ["csv", "xlsx"].map((format) =>
                        h(
                            "a",
                            { href: exportAddress(plan, view, format, query), download: "" },
                            format.toUpperCase(),
                        ),
                    ),
                ),
            ),
            h(
                "p",
                null,
                h("b", null, t("print_page")),
                h(
                    "a",
                    { href: `/api/plans/${plan}/report`, target: "_blank", rel: "noopener" },
                    t("open"),
                ),
            ),
            readRoute().query.get("only") && h("p.hint", null, t("export_without_only")),
        ),
    );
}
