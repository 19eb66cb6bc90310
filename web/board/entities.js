// What the city senses: its entities by type, where they are, what they last said and how far that
// is to be trusted.
import { ask, get } from "./api.js";
import { fill, h } from "./dom.js";
import { flagOf, flagSign } from "./flags.js";
import { moment, problemBox } from "./format.js";
import { button } from "./forms.js";
import { makeMap, middleOf } from "./map.js";
import { address, go, withQuery } from "./router.js";
import { unitSign } from "./units.js";
import { t } from "./words.js";

const V1 = "/ngsi-ld/v1";
const PART = 50;
const ON_MAP = 1000; // a page of NGSI-LD has no more
const SHOWN = 4; // values in a row of the list
const RESERVED = new Set(["id", "type", "@context", "scope", "createdAt", "modifiedAt"]);

// One attribute may have several instances; the first is the one that is shown.
export const instanceOf = (x) => (Array.isArray(x) ? x[0] : x);

// [[name, attribute]] of an entity in normalized form.
export const attributesOf = (e) =>
    Object.entries(e)
        .filter(([name, x]) => !RESERVED.has(name) && typeof x === "object" && x !== null)
        .map(([name, x]) => [name, instanceOf(x)]);

// What a person calls it: its name, else the end of its id.
export function nameOf(e) {
    const said = instanceOf(e.name)?.value;
    if (typeof said === "string" && said !== "") return said;
    return e.id.replace(/^urn:ngsi-ld:[^:]*:/, "");
}

export const typeOf = (e) => [e.type].flat().join(" · ");

export const isNumber = (x) => x.type === "Property" && typeof x.value === "number";

export function placeOf(e) {
    const own = instanceOf(e.location);
    const geo = own?.type === "GeoProperty" ? own : attributesOf(e).find(([, x]) => x.type === "GeoProperty")?.[1];
    return geo ? middleOf(geo.value) : null;
}

// The flag of an attribute; NaN where nobody judged it.
export const flagNumber = (x) => x.qartod?.value?.flag;

// Of flags the one that a person must see first.
const RANK = ["fail", "suspect", "missing", "good", "unjudged"];
const worst = (flags) =>
    flags.reduce((a, b) => (RANK.indexOf(flagOf(b)) < RANK.indexOf(flagOf(a)) ? b : a), undefined);

export const latestOf = (e) =>
    attributesOf(e)
        .map(([, x]) => x.observedAt)
        .filter(Boolean)
        .sort()
        .at(-1);

let outlines; // asked for once

export async function loadOutlines() {
    outlines ??= await get("/api/divisions/outlines").catch(() => null);
    return outlines;
}

export const pointOf = (e) => {
    const place = placeOf(e);
    return (
        place && {
            ...place,
            id: e.id,
            name: nameOf(e),
            flag: worst(attributesOf(e).map(([, x]) => flagNumber(x))),
        }
    );
};

function valueChip([name, x]) {
    return h(
        "span.reading",
        null,
        h("span.soft", null, name),
        " ",
        h("b", null, String(x.value)),
        " ",
        unitSign(x.unitCode),
        flagNumber(x) > 1 && flagNumber(x) !== 2 ? flagSign(flagNumber(x), true) : null,
    );
}

function row(e, choose) {
    // what was observed comes before what merely is so
    const readings = attributesOf(e)
        .filter(([, x]) => isNumber(x))
        .sort(([, a], [, b]) => Boolean(b.observedAt) - Boolean(a.observedAt));
    const at = latestOf(e);
    return h(
        "li",
        { "data-id": e.id, onmouseenter: () => choose(e.id) },
        h(
            "a.card.entity-row",
            { href: address(["entities", e.id]), onfocus: () => choose(e.id) },
            h("b", { lang: "zh" }, nameOf(e)),
            at ? h("time.soft", { datetime: at }, moment(at)) : null,
            h("span.readings", null, readings.slice(0, SHOWN).map(valueChip)),
        ),
    );
}

// The server takes no counts in a pattern, nor braces at all: any letter will do for one.
const escaped = (text) => text.replace(/[.*+?^$()[\]|\\]/g, "\\$&").replace(/[{}]/g, ".");

// A word that is no URI is looked for in names and ids.
function queryOf(type, words, more) {
    const q = new URLSearchParams({ type, options: "quality", ...more });
    if (words) q.set("idPattern", escaped(words));
    return `${V1}/entities?${q}`;
}

export async function openEntities(main, route) {
    const [types, ground] = await Promise.all([get(V1 + "/types"), loadOutlines()]);
    const names = types.typeList ?? [];
    const map = makeMap({ outlines: ground, pick: (id) => go(address(["entities", id])) });
    const list = h("ul.entity-list");
    const status = h("p.soft", { role: "status" });
    const messages = h("div");
    const more = button(t("load_more"), () => load(false));
    const search = h("input#search", {
        type: "search",
        "aria-label": t("search"),
        placeholder: t("search_entity"),
        value: route.query.get("q") ?? "",
        oninput: () => go(withQuery({ q: search.value.trim() }), true),
    });
    const kinds = h("ul.chips", { "aria-label": t("entity_types") });
    let now = route;
    let turn = 0;
    let known = 0;

    const typeNow = () => (names.includes(now.query.get("type")) ? now.query.get("type") : names[0]);

    const showKinds = () =>
        fill(
            kinds,
            names.map((name) =>
                h(
                    "li",
                    null,
                    h(
                        "a.chip",
                        {
                            href: address(["entities"], { type: name }),
                            "aria-current": name === typeNow() ? "true" : null,
                        },
                        name,
                    ),
                ),
            ),
        );

    const choose = (id) => {
        map.choose(id);
        for (const li of list.children) li.classList.toggle("on", li.dataset.id === id);
    };

    async function load(anew) {
        const mine = anew ? ++turn : turn;
        const words = now.query.get("q") ?? "";
        const from = anew ? 0 : list.childElementCount;
        try {
            const part = await ask(
                "GET",
                queryOf(typeNow(), words, { limit: PART, offset: from, count: "true" }),
            );
            if (mine !== turn) return;
            if (anew) fill(list);
            list.append(...part.data.map((e) => row(e, choose)));
            known = part.count ?? list.childElementCount;
            more.hidden = list.childElementCount >= known;
            status.textContent = t("n_entities", known);
            fill(messages, known === 0 && h("p.nothing", null, t("nothing_found")));
        } catch (e) {
            if (mine === turn) fill(messages, problemBox(e));
        }
    }

    async function place() {
        const mine = turn;
        const all = await get(queryOf(typeNow(), now.query.get("q") ?? "", { limit: ON_MAP })).catch(() => []);
        if (mine === turn) map.show(all.map(pointOf).filter(Boolean));
    }

    async function refresh(next) {
        now = next;
        showKinds();
        await load(true);
        await place();
    }

    fill(
        main,
        h(
            "div.page.wide",
            null,
            h("h1", { tabindex: "-1" }, t("nav_entities")),
            h("p.lead", null, t("entities_lead")),
            names.length === 0
                ? h("p.nothing", null, t("no_entities"))
                : h(
                      "div.entities",
                      null,
                      h(
                          "div.entities-list",
                          null,
                          kinds,
                          h("div.filter.plain", null, h("div.field.grow", null, search)),
                          status,
                          list,
                          messages,
                          more,
                      ),
                      h("div.entities-map", null, map.element),
                  ),
        ),
    );
    if (names.length > 0) await refresh(route);
    return { update: names.length > 0 ? refresh : () => {} };
}
