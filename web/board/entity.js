// One entity: what it last said, where it is, its history and the flags of quality.
import { get } from "./api.js";
import { attributesOf, flagNumber, isNumber, latestOf, loadOutlines, nameOf, pointOf, typeOf } from "./entities.js";
import { fill, h } from "./dom.js";
import { flagSign, testsOf } from "./flags.js";
import { moment, problemBox } from "./format.js";
import { historyChart, historyTable } from "./history.js";
import { makeMap } from "./map.js";
import { address, withQuery } from "./router.js";
import { unitSign } from "./units.js";
import { t } from "./words.js";

const V1 = "/ngsi-ld/v1";
const HOUR = 3600000;
const AGAIN_MS = 15000; // observations are no lines of the journal: the page asks again
const MOST = 1000; // points of a chart

// How far back a chart goes from the latest observation.
const SPANS = { day: 24 * HOUR, week: 7 * 24 * HOUR, month: 31 * 24 * HOUR, last: null };

function saidOf(x) {
    if (x.type === "Relationship") {
        return [x.object].flat().map((id) => h("a", { href: address(["entities", id]) }, id));
    }
    if (x.type === "GeoProperty") {
        const c = x.value?.coordinates;
        return x.value?.type === "Point" ? `${c[0]}, ${c[1]}` : (x.value?.type ?? "");
    }
    const value = x.value ?? x.languageMap ?? x.vocab ?? x.json ?? x.valueList ?? x.objectList;
    return typeof value === "object" ? h("code", null, JSON.stringify(value)) : String(value);
}

const cell = (label, ...content) => h("td", { "data-label": label }, content);

function attributeRow(name, x, shown) {
    const charted = isNumber(x) && x.observedAt;
    return h(
        "tr",
        { class: name === shown ? "on" : null },
        h(
            "th",
            { scope: "row" },
            charted
                ? h(
                      "a",
                      { href: withQuery({ attr: name }), "aria-current": name === shown ? "true" : null },
                      name,
                  )
                : name,
        ),
        cell(t("value"), h("b", null, saidOf(x)), " ", unitSign(x.unitCode)),
        cell(t("observed_at"), x.observedAt ? h("time", { datetime: x.observedAt }, moment(x.observedAt)) : "–"),
        cell(
            t("quality"),
            flagNumber(x) === undefined
                ? "–"
                : h("span", { title: testsOf(x.qartod.value).join("\n") }, flagSign(flagNumber(x))),
        ),
    );
}

const attributeTable = (e, shown) =>
    h(
        "table.grid.cards-on-phone.short-first",
        null,
        h("caption.unseen", null, t("attributes")),
        h(
            "thead",
            null,
            h(
                "tr",
                null,
                ["attribute", "value", "observed_at", "quality"].map((w) => h("th", { scope: "col" }, t(w))),
            ),
        ),
        h(
            "tbody",
            null,
            attributesOf(e).map(([name, x]) => attributeRow(name, x, shown)),
        ),
    );

// The instances of one attribute's history: [{at, value, flag, tests}], oldest first.
async function loadHistory(id, name, end, span) {
    const q = new URLSearchParams({ attrs: name, options: "quality", lastN: String(MOST) });
    if (SPANS[span]) {
        q.set("timerel", "between");
        q.set("timeAt", new Date(Date.parse(end) - SPANS[span]).toISOString());
        q.set("endTimeAt", new Date(Date.parse(end) + 1).toISOString());
    }
    const e = await get(`${V1}/temporal/entities/${encodeURIComponent(id)}?${q}`);
    return [e[name] ?? []]
        .flat()
        .filter((x) => typeof x.value === "number" && x.observedAt)
        .map((x) => ({
            at: Date.parse(x.observedAt),
            said: x.observedAt,
            value: x.value,
            flag: flagNumber(x),
            qartod: x.qartod?.value,
        }))
        .sort((a, b) => a.at - b.at);
}

const spanLinks = (span) =>
    h(
        "ul.chips",
        { "aria-label": t("span") },
        Object.keys(SPANS).map((name) =>
            h(
                "li",
                null,
                h(
                    "a.chip",
                    { href: withQuery({ span: name }), "aria-current": name === span ? "true" : null },
                    t("span_" + name, MOST),
                ),
            ),
        ),
    );

export async function openEntity(main, route, id) {
    const map = makeMap({ outlines: await loadOutlines(), pick: () => {} });
    const head = h("div");
    const table = h("div");
    const history = h("section.card", { "aria-label": t("history") });
    const side = h("div.entities-map", null, map.element);
    let now = route;
    let turn = 0;
    let timer = 0;
    let latest = null;

    const chartedOf = (e) => attributesOf(e).filter(([, x]) => isNumber(x) && x.observedAt);

    function shownOf(e) {
        const names = chartedOf(e).map(([name]) => name);
        const wanted = now.query.get("attr");
        return names.includes(wanted) ? wanted : names[0];
    }

    async function showHistory(e, mine) {
        const name = shownOf(e);
        if (!name) return fill(history, h("p.nothing", null, t("no_history")));
        const x = chartedOf(e).find(([n]) => n === name)[1];
        const span = now.query.get("span") in SPANS ? now.query.get("span") : "week";
        const points = await loadHistory(id, name, x.observedAt, span);
        if (mine !== turn) return;
        const unit = unitSign(x.unitCode);
        fill(
            history,
            h("h2", null, t("history"), " · ", name, unit && ` (${unit})`),
            spanLinks(span),
            points.length ? historyChart(points, name, unit) : h("p.nothing", null, t("no_history")),
            points.length > 0 && historyTable(points, name, unit),
        );
    }

    async function show(anew) {
        const mine = ++turn;
        const e = await get(`${V1}/entities/${encodeURIComponent(id)}?options=quality`);
        if (mine !== turn) return;
        const stamp = JSON.stringify(e);
        if (!anew && stamp === latest) return;
        latest = stamp;
        fill(
            head,
            h("p.crumb", null, h("a", { href: address(["entities"], { type: [e.type].flat()[0] }) }, typeOf(e))),
            h("h1", { tabindex: "-1", lang: "zh" }, nameOf(e)),
            h("p.soft", null, h("code", null, e.id), latestOf(e) && " · " + moment(latestOf(e))),
        );
        fill(table, attributeTable(e, shownOf(e)));
        const point = pointOf(e);
        side.hidden = point === null;
        if (point && anew) {
            map.show([point]);
            map.choose(id);
        }
        await showHistory(e, mine);
    }

    async function refresh(next, anew = true) {
        now = next;
        try {
            await show(anew);
        } catch (e) {
            fill(history, problemBox(e));
        }
    }

    fill(
        main,
        h("div.page.wide", null, head, h("div.entities.one", null, table, h("div", null, history, side))),
    );
    await show(true);
    timer = setInterval(() => !document.hidden && refresh(now, false), AGAIN_MS);
    return { update: refresh, close: () => clearInterval(timer) };
}

