// What the organisation of who is signed in has to do, what is late first, then what is due next.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { gather, onChange } from "./events.js";
import { exportAddress } from "./filters.js";
import { problemBox, readSubject } from "./format.js";
import { address } from "./router.js";
import { Rows } from "./rows.js";
import { isBelowMine, organisations, session } from "./session.js";
import { t } from "./words.js";

const GROUPS = ["late", "soon", "later"];

function groupOf(item, board) {
    if (item.light.overdue || item.light.light === "red" || item.slip?.overdue) return "late";
    if (Number(item.light.actual) >= 100) return "later"; // done
    const days = (Date.parse(item.due) - Date.parse(board.at)) / 86400000;
    return days <= 31 || (item.slip && item.slip.state === "open") ? "soon" : "later";
}

// Also what is only proposed: the office should say that it is not theirs.
const isMine = (item) => (item.owners ?? []).some((o) => isBelowMine(o.organisation));

export async function openMine(main, route, plan) {
    const rows = new Rows();
    const box = h("div.mine");
    fill(
        main,
        h(
            "div.page",
            null,
            h("h1", { tabindex: "-1" }, t("nav_mine")),
            h("p.lead", { lang: "zh" }, session.account?.organisation_name ?? ""),
            box,
        ),
    );

    async function refresh() {
        try {
            await organisations();
            const board = await get(`/api/plans/${plan}/board`);
            const items = [
                ...board.tasks.map((x) => ({ ...x, sort: "task" })),
                ...board.targets.map((x) => ({ ...x, sort: "target" })),
            ]
                .filter(isMine)
                .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : a.number - b.number));
            const filter = new URLSearchParams({ owner: session.account?.organisation ?? "" });
            fill(
                box,
                h(
                    "p.links",
                    null,
                    t("shown", items.length, board.tasks.length + board.targets.length),
                    " ",
                    ["csv", "xlsx"].map((f) => [
                        h(
                            "a.button",
                            { href: exportAddress(plan, "tasks", f, filter), download: "" },
                            f.toUpperCase(),
                        ),
                        " ",
                    ]),
                ),
                items.length === 0 && h("p.nothing", null, t("nothing_mine")),
                GROUPS.map((g) => [g, items.filter((x) => groupOf(x, board) === g)])
                    .filter(([, list]) => list.length)
                    .map(([g, list]) =>
                        h(
                            "section.area",
                            { class: g },
                            h("h2", null, t("mine_" + g), " ", h("small.soft", null, list.length)),
                            h(
                                "ul.rows",
                                null,
                                list.map((x) => rows.one(x)),
                            ),
                        ),
                    ),
            );
        } catch (e) {
            fill(box, problemBox(e));
        }
    }

    // the rows' links are of this page; they lead to the board
    const click = (e) => {
        const link = e.target.closest("[data-row], [data-source]");
        if (!link || e.ctrlKey || e.metaKey) return;
        e.preventDefault();
        const { row, source } = link.dataset;
        location.hash = address(["plan", plan], {
            item: row ?? source,
            pane: row ? "item" : "document",
        });
    };
    main.addEventListener("click", click);
    const soon = gather(refresh);
    const stop = onChange((c) => c.subject.startsWith("slip") || readSubject(c.subject)?.plan === plan, soon);
    await refresh();
    return {
        update: refresh,
        close: () => {
            stop();
            main.removeEventListener("click", click);
        },
    };
}
