// What is measured, over the years: each target beside the outcome, each with the way to its
// sentence.
import { get, getAll } from "./api.js";
import { axisUnit, table, yearsChart } from "./charts.js";
import { fill, h } from "./dom.js";
import { fold } from "./fold.js";
import { figure, kindWord, problemBox } from "./format.js";
import { address, go, withQuery } from "./router.js";
import { t } from "./words.js";

export async function openIndicators(main, route) {
    const search = h("input#search", {
        type: "search",
        "aria-label": t("search"),
        placeholder: t("search_indicator"),
        value: route.query.get("q") ?? "",
        oninput: () => go(withQuery({ q: search.value }), true),
    });
    const list = h("div");
    fill(
        main,
        h(
            "div.page",
            null,
            h("h1", { tabindex: "-1" }, t("nav_indicators")),
            h("p.lead", null, t("indicators_lead")),
            h("div.filter.plain", null, h("div.field.grow", null, search)),
            list,
        ),
    );
    let asked = 0;

    async function refresh(now) {
        const turn = ++asked;
        const q = now.query.get("q") ?? "";
        try {
            const items = await getAll(
                "/api/indicators" + (q ? "?q=" + encodeURIComponent(q) : ""),
            );
            if (turn !== asked) return;
            fill(
                list,
                items.length
                    ? h(
                          "ul.indicators",
                          null,
                          items.map((i) =>
                              h(
                                  "li",
                                  null,
                                  h(
                                      "a.card",
                                      { href: address(["indicators", i.key]) },
                                      h("b", { lang: "zh" }, i.name),
                                      h(
                                          "span.soft",
                                          null,
                                          i.first === i.last ? i.first : `${i.first}–${i.last}`,
                                          " · ",
                                          t("n_years", count(i.years)),
                                      ),
                                  ),
                              ),
                          ),
                      )
                    : h("p.nothing", null, t("nothing_found")),
            );
        } catch (e) {
            if (turn === asked) fill(list, problemBox(e));
        }
    }

    await refresh(route);
    return { update: refresh };
}

const count = (years) => (Array.isArray(years) ? years.length : years);

const place = (p) =>
    address(
        ["plan", p.plan],
        p.number
            ? { item: `target.${p.number}`, pane: "document" }
            : { byte: p.span[0], to: p.span[1], pane: "document" },
    );

const cell = (x, sort) =>
    x
        ? [
              h("a", { href: place(x), "data-point": sort, lang: "zh" }, figure(x)),
              h("small.soft.said", { lang: "zh" }, x.text),
          ]
        : "–";

export async function openIndicator(main, route, key) {
    const data = await get("/api/indicators/" + encodeURIComponent(key));
    const points = [...data.points].sort((a, b) => a.year - b.year);
    // figures of different things counted, or of another kind, do not share an axis
    const groups = new Map();
    for (const p of points) {
        for (const sort of ["target", "outcome"]) {
            const x = p[sort];
            if (!x) continue;
            const unit = x.base_unit ?? x.unit ?? "";
            const name = `${fold(unit)}|${isRate(x.kind) ? x.kind : ""}`;
            if (!groups.has(name))
                groups.set(name, {
                    unit,
                    kind: isRate(x.kind) ? x.kind : null,
                    years: new Map(),
                });
            const { years } = groups.get(name);
            if (!years.has(p.year))
                years.set(p.year, { year: p.year, target: null, outcome: null });
            years.get(p.year)[sort] = x;
        }
    }
    const charts = [...groups.values()]
        .map((g) => ({ ...g, points: [...g.years.values()] }))
        .map((g) => ({ ...g, axis: axisUnit(g.points, g.unit) }))
        .map((g) => [g, yearsChart(g.points, g.unit)])
        .filter(([, c]) => c);
    fill(
        main,
        h(
            "div.page",
            null,
            h("p.crumb", null, h("a", { href: "#/indicators" }, t("nav_indicators"))),
            h("h1", { tabindex: "-1", lang: "zh" }, data.name),
            h(
                "div.charts",
                null,
                charts.map(([g, chart]) =>
                    h(
                        "section.card",
                        null,
                        h(
                            "h2",
                            null,
                            kindWord(g.kind),
                            g.kind && g.axis && " · ",
                            h("span", { lang: "zh" }, g.axis),
                        ),
                        chart,
                    ),
                ),
            ),
            table(
                t("indicator_caption"),
                [t("year"), t("target"), t("outcome")],
                points.map((p) => [
                    String(p.year),
                    cell(p.target, "target"),
                    cell(p.outcome, "outcome"),
                ]),
            ),
        ),
    );
    return {};
}

const isRate = (kind) => kind === "growth_rate" || kind === "reduction";
