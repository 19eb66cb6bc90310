// The year at a glance: the whole plan in one bar and a row of counts, then a card for each area.
import { h } from "./dom.js";
import { bar, LIGHTS, sign, zh } from "./format.js";
import { address, withQuery } from "./router.js";
import { seesWork } from "./session.js";
import { t } from "./words.js";

// What a bar is of: lights, or verdicts for who may not see the work.
const parts = (g, verdicts) =>
    verdicts
        ? [
              ["met", g.met],
              ["missed", g.missed],
              ["undecided", g.undecided],
          ]
        : LIGHTS.map((l) => [l, g[l]]);

function tile(name, count, { on, ...link }) {
    return h(
        "li",
        null,
        h(
            "a.tile",
            {
                class: name + (on ? " on" : "") + (count === 0 ? " zero" : ""),
                "aria-current": on ? "true" : null,
                ...link,
            },
            h("b", null, count),
            h(
                "span",
                null,
                SIGNED.has(name) ? sign(name) : null,
                t(
                    SIGNED.has(name)
                        ? VERDICT.has(name)
                            ? "verdict_" + name
                            : "light_" + name
                        : name,
                ),
            ),
        ),
    );
}

// Most counts are filters: a link that sets it, or takes it out when it is set.
function filter(key, value, chosen) {
    const on = chosen.get(key) === value;
    return {
        on,
        href: withQuery({ [key]: on ? null : value, item: null, pane: null }),
        "data-filter": `${key}=${value}`,
    };
}

const VERDICT = new Set(["met", "missed", "undecided"]);
const SIGNED = new Set([...LIGHTS, ...VERDICT]);

export function renderTiles(board, query) {
    const g = board.glance;
    const tiles = [];
    if (seesWork()) {
        for (const l of LIGHTS) tiles.push(tile(l, g[l], filter("light", l, query)));
        for (const only of ["unreported", "unowned", "slips_open", "slips_overdue"]) {
            tiles.push(tile(only, g[only], filter("only", only, query)));
        }
    }
    if (board.year_over || !seesWork()) {
        for (const v of VERDICT) tiles.push(tile(v, g[v], filter("only", v, query)));
    }
    if (seesWork() && board.targets.some((x) => x.verdict?.proposed)) {
        const to = address(["plan", board.plan.plan, "verdicts"], { verdict: "to_confirm" });
        tiles.push(tile("to_confirm", g.to_confirm, { href: to }));
    }
    const list = h("ul.tiles", { "aria-label": t("whole_plan") }, tiles);
    list.style.setProperty(
        "--columns",
        String(tiles.length > 8 ? Math.ceil(tiles.length / 2) : tiles.length),
    );
    // on a phone no row with one tile alone
    list.style.setProperty("--columns-phone", tiles.length % 4 === 1 ? "3" : "4");
    return list;
}

const notice = (name, n) => (n > 0 ? h("li", { class: name }, `${t(name)} ${n}`) : null);

function card(area, board, chosen) {
    const g = area.glance;
    const on = chosen === String(area.number);
    const tasks = area.measures.reduce((n, m) => n + m.tasks.length, 0);
    const shown = parts(g, !seesWork());
    return h(
        "li",
        null,
        h(
            "a.card",
            {
                class: on ? "on" : null,
                "aria-current": on ? "true" : null,
                "data-area": area.number,
                href: withQuery({ area: on ? null : area.number, item: null, pane: null }),
            },
            h("span.card-no", { "aria-hidden": "true" }, area.no),
            h("h2", { lang: "zh" }, area.title),
            bar(shown),
            h(
                "ul.counts",
                null,
                shown.map(([name, n]) =>
                    h(
                        "li",
                        { class: n === 0 ? "zero" : null },
                        sign(name),
                        h(
                            "span.unseen",
                            null,
                            t((VERDICT.has(name) ? "verdict_" : "light_") + name) + " ",
                        ),
                        n,
                    ),
                ),
            ),
            h(
                "ul.notices",
                null,
                h("li", null, t("n_tasks", tasks)),
                seesWork() && [
                    notice("unreported", g.unreported),
                    notice("unowned", g.unowned),
                    notice("slips_open", g.slips_open),
                    notice("slips_overdue", g.slips_overdue),
                ],
                board.year_over &&
                    seesWork() && [
                        notice("verdict_met", g.met),
                        notice("verdict_missed", g.missed),
                        notice("verdict_undecided", g.undecided),
                    ],
            ),
        ),
    );
}

export function renderCards(board, query) {
    const areas = board.areas.filter((a) => a.measures.length > 0 || a.title);
    return h(
        "ul.cards",
        { "aria-label": t("areas") },
        areas.map((a) => card(a, board, query.get("area"))),
    );
}

export const renderOverall = (board) =>
    h("div.overall", null, bar(parts(board.glance, !seesWork())));

export const areaName = (area) => zh(`${area.no}　${area.title}`);
