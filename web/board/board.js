// The board of a plan: the year at a glance, the list and, beside it, the document or one item.
import { get, getBytes } from "./api.js";
import { DocumentView } from "./document.js";
import { fill, h, say } from "./dom.js";
import { gather, onChange } from "./events.js";
import { Filters, makeFilter, isFiltered } from "./filters.js";
import { problemBox, readSubject } from "./format.js";
import { renderCards, renderOverall, renderTiles } from "./glance.js";
import { ItemPanel } from "./item.js";
import { bindKeys } from "./keys.js";
import { go, withQuery } from "./router.js";
import { keyOf, Rows } from "./rows.js";
import { organisations, seesWork, session } from "./session.js";
import { lineText, t } from "./words.js";

export async function openBoard(main, route, plan) {
    const page = new BoardPage(main, plan);
    await page.start(route);
    return page;
}

// How the page is asked of the server: the day, and what was known.
const boardPath = (plan, query) => {
    const q = new URLSearchParams();
    if (query.get("at")) q.set("at", query.get("at"));
    if (query.get("known")) q.set("known", query.get("known"));
    const tail = q.toString();
    return `/api/plans/${plan}/board${tail ? "?" + tail : ""}`;
};

class BoardPage {
    constructor(main, plan) {
        this.main = main;
        this.plan = plan;
        this.rows = new Rows();
        this.filters = new Filters();
        this.document = new DocumentView();
        this.head = h("div.board-head");
        this.glance = h("div.glance");
        this.itemSlot = h("div.item-slot");
        this.tabs = h("div.tabs");
        this.switch = h("nav.switch", { "aria-label": t("panes") });
        this.left = h(
            "div.pane#list-pane",
            { tabindex: "-1" },
            this.head,
            this.glance,
            this.filters.element,
            this.rows.element,
        );
        this.right = h(
            "aside.pane#side-pane",
            { "aria-label": t("side") },
            this.tabs,
            this.itemSlot,
            h(
                "div.document-slot",
                { tabindex: "0", role: "region", "aria-label": t("document") },
                this.document.element,
            ),
        );
        this.title = h("h1.unseen", { tabindex: "-1", lang: "zh" });
        this.element = h("div.board", null, this.title, this.left, this.right, this.switch);
        main.addEventListener("click", this.click);
        this.unbind = bindKeys(this);
        const soon = gather((changes) => this.live(changes));
        this.stopEvents = onChange(
            (c) =>
                readSubject(c.subject)?.plan === plan ||
                c.subject.startsWith("slip") ||
                c.kind.startsWith("settings"),
            soon,
        );
    }

    async start(route) {
        this.query = route.query;
        try {
            await organisations();
            const [, bytes] = await Promise.all([
                this.fetch(),
                getBytes(`/api/plans/${this.plan}/document`),
            ]);
            this.bytes = bytes;
        } catch (e) {
            this.showProblem(e);
            return;
        }
        fill(this.main, this.element);
        this.document.load(this.bytes, this.board);
        this.show();
        this.place(true);
    }

    // In place of the board, until the address asks for another one.
    showProblem(e) {
        const early = e.status === 404 && this.query.get("known") === "then";
        const toNow = h(
            "a.button.primary.to-now",
            { href: withQuery({ known: null }) },
            t("known_now"),
        );
        fill(
            this.main,
            h(
                "div.page",
                null,
                h("h1", { tabindex: "-1" }, t("nav_board")),
                early ? h("p.lead", { role: "alert" }, t("not_kept_then")) : problemBox(e),
                early && toNow,
            ),
        );
    }

    close() {
        this.unbind();
        this.stopEvents();
        this.main.removeEventListener("click", this.click);
    }

    async fetch() {
        const turn = (this.asked = (this.asked ?? 0) + 1);
        const board = await get(boardPath(this.plan, this.query));
        if (turn !== this.asked && this.board) return; // a newer one is under way
        for (const sort of ["task", "target"]) for (const x of board[sort + "s"]) x.sort = sort;
        board.taskOf = new Map(board.tasks.map((x) => [x.number, x]));
        board.targetOf = new Map(board.targets.map((x) => [x.number, x]));
        this.board = board;
    }

    // --- what the address asks for --------------------------------------------------------------

    async update(route) {
        const before = this.query;
        this.query = route.query;
        if (!this.bytes || !this.element.isConnected) return this.start(route);
        if (boardPath(this.plan, before) !== boardPath(this.plan, this.query)) {
            try {
                await this.fetch();
            } catch (e) {
                this.showProblem(e);
                return;
            }
            this.document.paint(this.board);
            this.panel = null;
        }
        this.show();
        this.place(
            before.get("item") !== this.query.get("item") ||
                before.get("pane") !== this.query.get("pane") ||
                before.get("byte") !== this.query.get("byte"),
        );
    }

    show() {
        const { board, query } = this;
        const passes = makeFilter(query);
        this.title.textContent = board.plan.title;
        fill(this.head, this.renderHead());
        fill(
            this.glance,
            renderOverall(board),
            renderTiles(board, query),
            renderCards(board, query),
        );
        this.rows.update(board, passes);
        this.filters.update(
            board,
            query,
            this.rows.shown,
            board.tasks.length + board.targets.length,
        );
    }

    renderHead() {
        const { plan, at } = this.board;
        const day = h("input#at", {
            type: "date",
            value: at,
            onchange: (e) => go(withQuery({ at: e.target.value })),
        });
        const known = (value, text) =>
            h(
                "button",
                {
                    type: "button",
                    "aria-pressed": String((this.query.get("known") ?? "now") === value),
                    onclick: () => go(withQuery({ known: value === "now" ? null : value })),
                },
                text,
            );
        const past = this.query.get("at");
        return [
            h(
                "div.titles",
                null,
                h("p.board-title", { lang: "zh" }, plan.title),
                h("p.soft", { lang: "zh" }, [plan.issuer, plan.issued].filter(Boolean).join(" · ")),
            ),
            h(
                "div.as-of",
                null,
                h("label", { for: "at" }, t("as_of")),
                day,
                past &&
                    h(
                        "div.segments",
                        { role: "group", "aria-label": t("known") },
                        known("now", t("known_now")),
                        known("then", t("known_then")),
                    ),
                past && h("a.button", { href: withQuery({ at: null, known: null }) }, t("today")),
            ),
            this.board.year_over && seesWork() && this.renderYearOver(),
        ];
    }

    // Behind its year a plan is red wherever nobody reported: that says little to who opens it first.
    renderYearOver() {
        const { year } = this.board.plan;
        const day = (word, value) =>
            h(
                "a.button",
                { href: withQuery({ at: value }), "data-day": value, title: value },
                t(word),
            );
        return h(
            "p.year-over",
            null,
            h("span", null, t("year_over")),
            h(
                "span.buttons",
                null,
                day("year_end", `${year}-12-31`),
                day("mid_year", `${year}-06-30`),
            ),
        );
    }

    // The panes: on a wide screen the list beside one other, on a narrow one only one.
    pane() {
        const wanted = this.query.get("pane");
        if (wanted === "item" && !this.query.get("item")) return "list";
        return ["document", "item", "list"].includes(wanted) ? wanted : "list";
    }

    place(moved) {
        const pane = this.pane();
        const key = this.query.get("item");
        this.element.dataset.pane = pane;
        const [, sort, number] = /^(task|target)\.(\d+)$/.exec(key ?? "") ?? [];
        const item = sort && this.board[sort + "Of"].get(Number(number));
        this.itemOf(item);
        const showsItem = pane === "item" && item;
        this.itemSlot.hidden = !showsItem;
        this.right.querySelector(".document-slot").hidden = Boolean(showsItem);
        this.renderTabs(item, pane);
        const row = this.rows.mark(item ? key : null);
        const sentence = this.document.show(item ? key : null, moved && !showsItem);
        if (!moved) return;
        if (this.query.get("byte"))
            this.revealBytes(Number(this.query.get("byte")), Number(this.query.get("to")));
        if (row && (pane !== "document" || this.isWide())) row.scrollIntoView({ block: "nearest" });
        if (showsItem) this.itemSlot.scrollTop = 0;
        return sentence;
    }

    itemOf(item) {
        const key = item ? keyOf(item.sort, item.number) : null;
        if (!item) {
            this.panel = null;
            fill(this.itemSlot);
        } else if (this.panel?.key !== key && this.pane() === "item") {
            this.panel = new ItemPanel(
                {
                    plan: this.plan,
                    year: this.board.plan.year,
                    at: this.query.get("at") ?? this.board.at,
                    known: this.query.get("known"),
                    slipDays: this.board.settings?.slip_days,
                },
                item.sort,
                item.number,
                {
                    close: () => this.leaveItem(),
                    changed: () => this.refresh(),
                },
            );
            this.panel.key = key;
            fill(this.itemSlot, this.panel.element);
            this.panel.refresh().then(() => {
                if (this.wantsFocus) this.panel?.head.querySelector("h2")?.focus();
                this.wantsFocus = false;
            });
        }
    }

    leaveItem() {
        const key = this.query.get("item");
        go(withQuery({ pane: null }));
        this.rows.element.querySelector(`[data-row="${key}"]`)?.focus();
    }

    renderTabs(item, pane) {
        const tab = (name, text, on) =>
            h(
                "a",
                {
                    href: withQuery({ pane: name }),
                    "data-tab": name,
                    "aria-current": on ? "true" : null,
                },
                text,
            );
        const itemOn = pane === "item";
        fill(
            this.tabs,
            tab("document", t("document"), !itemOn),
            item && tab("item", `${t(item.sort)} ${item.id}`, itemOn),
        );
        fill(
            this.switch,
            tab("list", t("list"), pane === "list"),
            tab("document", t("document"), pane === "document"),
            item && tab("item", t(item.sort), itemOn),
        );
    }

    // A sentence that no target has: an outcome of the year before.
    revealBytes(from, to) {
        const view = this.document;
        const words = view.text(from, to).slice(0, 12);
        const p = [...view.element.children].find((e) => e.textContent.includes(words));
        view.element.querySelectorAll(".hot-line").forEach((e) => e.classList.remove("hot-line"));
        p?.classList.add("hot-line");
        p?.scrollIntoView({ block: "center" });
    }

    // --- clicks ---------------------------------------------------------------------------------

    isWide() {
        return matchMedia("(min-width: 900px)").matches;
    }

    click = (e) => {
        if (e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey) return;
        const to = e.target.closest("[data-row], [data-source], [data-figure], [data-mark]");
        const around = e.target.closest("a, button") ? null : e.target.closest(".row");
        if (!to && (!around || String(getSelection()))) return;
        const { row, source, figure, mark } = to ? to.dataset : { row: around.dataset.key };
        e.preventDefault();
        if (row) this.chooseRow(row, e.detail === 0);
        else if (source) go(withQuery({ item: source, pane: "document" }));
        else if (!String(getSelection()) || figure)
            this.chooseSentence(figure ?? mark, e.detail === 0);
    };

    // With the mouse a row shows its sentence beside it, or its item where that is open; Enter, and
    // a tap on a narrow screen, open the item.
    chooseRow(key, byKeyboard) {
        const open =
            byKeyboard ||
            !this.isWide() ||
            this.pane() === "item" ||
            this.query.get("item") === key;
        this.wantsFocus = open && (byKeyboard || !this.isWide());
        go(withQuery({ item: key, pane: open ? "item" : null }));
    }

    chooseSentence(key, byKeyboard) {
        if (this.query.get("pane") === "document" && !this.isWide())
            go(withQuery({ item: key, pane: "list" }));
        else go(withQuery({ item: key, pane: null }));
        let link = this.rows.element.querySelector(`[data-row="${key}"]`);
        if (!link && isFiltered(this.query)) {
            // the filter hides it
            go(
                withQuery(
                    Object.fromEntries(
                        ["q", "owner", "light", "area", "due_before", "mine", "only"].map((k) => [
                            k,
                            null,
                        ]),
                    ),
                ),
            );
            link = this.rows.element.querySelector(`[data-row="${key}"]`);
        }
        link?.scrollIntoView({ block: "center" });
        if (byKeyboard || !this.isWide()) link?.focus({ preventScroll: true });
    }

    // --- changes while it is open ----------------------------------------------------------------

    async refresh() {
        try {
            await this.fetch();
        } catch {
            return; // the next change asks again
        }
        const top = this.left.scrollTop;
        this.document.paint(this.board);
        this.show();
        this.place(false);
        this.left.scrollTop = top;
    }

    async live(changes) {
        await this.refresh();
        const shown =
            this.panel &&
            changes.some((c) => {
                if (c.missed || c.subject.startsWith("slip")) return true;
                const s = readSubject(c.subject);
                return s?.sort === this.panel.sort && s.number === this.panel.number;
            });
        if (shown) await this.panel.refresh();
        this.announce(changes.filter((c) => !c.missed && c.actor !== `u/${session.account?.id}`));
    }

    // What others did: the last of it in words, and how much there was besides.
    announce(changes) {
        const last = changes.at(-1);
        if (!last) return;
        const s = readSubject(last.subject);
        const item = s?.sort && this.board[s.sort + "Of"].get(s.number);
        say(
            [item?.id, lineText(last), last.actor_name].filter(Boolean).join(" · ") +
                (changes.length > 1 ? ` (+${changes.length - 1})` : ""),
        );
    }
}
