// The year held against what was reported: each target with its verdict, proposed or confirmed.
import { ask, get } from "./api.js";
import { fill, h, say } from "./dom.js";
import {
    actorName,
    figure,
    moment,
    problemBox,
    readSubject,
    verdictBadge,
    VERDICTS,
} from "./format.js";
import { button } from "./forms.js";
import { gather, onChange } from "./events.js";
import { address, go, withQuery } from "./router.js";
import { may } from "./session.js";
import { language, t } from "./words.js";

const why = (p) => (language() === "en" ? p.why_en : p.why) ?? p.why;

// The sentence of the later document that decides, with the way to it.
const source = (o) =>
    h(
        "blockquote",
        { lang: "zh" },
        h(
            "a",
            {
                href: address(["plan", o.plan], {
                    byte: o.span[0],
                    to: o.span[1],
                    pane: "document",
                }),
            },
            o.text,
        ),
    );

export function verdictBlock(v) {
    const { proposed, confirmed } = v;
    return h(
        "div.verdict",
        null,
        confirmed &&
            h(
                "p",
                null,
                verdictBadge(confirmed.verdict, false),
                " ",
                h(
                    "span.soft",
                    null,
                    t(
                        "confirmed_by",
                        actorName(confirmed),
                        moment(confirmed.time),
                    ),
                ),
                confirmed.note && h("span.note", { lang: "zh" }, confirmed.note),
            ),
        proposed &&
            h(
                "p",
                { class: confirmed ? "soft" : null },
                verdictBadge(proposed.verdict, true),
                " ",
                why(proposed),
            ),
        proposed?.outcome && source(proposed.outcome),
    );
}

// A later document says met or missed, and nobody has decided.
const isToConfirm = (v) =>
    !v.confirmed && (v.proposed?.verdict === "met" || v.proposed?.verdict === "missed");

const numberOf = (v) => (typeof v.target === "object" ? v.target.number : v.target);

export async function openVerdicts(main, route, plan) {
    const count = h("p.soft");
    const box = h("div");
    const choice = h(
        "select",
        { "aria-label": t("verdict"), onchange: (e) => go(withQuery({ verdict: e.target.value })) },
        h("option", { value: "" }, t("all_verdicts")),
        VERDICTS.map((v) => h("option", { value: v }, t("verdict_" + v))),
        h("option", { value: "to_confirm" }, t("to_confirm")),
    );
    fill(
        main,
        h(
            "div.page.wide",
            null,
            h("h1", { tabindex: "-1" }, t("nav_verdicts")),
            h("p.lead", null, t("verdicts_lead")),
            h("div.filter.plain", null, choice, count),
            box,
        ),
    );

    async function confirm(target, verdict, pressed) {
        pressed.disabled = true;
        try {
            await ask(
                "PUT",
                `/api/plans/${plan}/targets/${target.number}/verdict`,
                { verdict, note: "" },
                { version: target.version },
            );
            say(t("saved"));
        } catch (e) {
            say(e.status === 412 ? t("conflict_title") : e.message);
        }
        await refresh();
    }

    function line({ v, target }) {
        const now = v.confirmed?.verdict ?? v.proposed?.verdict;
        const p = v.proposed;
        return h(
            "tr",
            { "data-target": target.number },
            h(
                "th",
                { scope: "row" },
                h(
                    "a",
                    {
                        lang: "zh",
                        href: address(["plan", plan], {
                            item: `target.${target.number}`,
                            pane: "item",
                        }),
                    },
                    target.indicator ?? target.text,
                ),
                h("span.goal-line", { lang: "zh" }, figure(target)),
            ),
            h("td", null, now ? verdictBadge(now, !v.confirmed) : h("span.soft", null, "–")),
            h(
                "td",
                null,
                p && h("p", null, why(p)),
                p?.outcome && source(p.outcome),
                v.confirmed?.note && h("p.note", { lang: "zh" }, v.confirmed.note),
            ),
            h(
                "td.actions",
                null,
                may("verdict.confirm", target) &&
                    p &&
                    !v.confirmed &&
                    button(
                        t("confirm"),
                        (e) => confirm(target, p.verdict, e.target),
                        "button.primary",
                    ),
                h(
                    "a.button",
                    {
                        href: address(["plan", plan], {
                            item: `target.${target.number}`,
                            pane: "item",
                        }),
                    },
                    t("open"),
                ),
            ),
        );
    }

    async function refresh() {
        choice.value = route.query.get("verdict") ?? "";
        try {
            const [board, data] = await Promise.all([
                get(`/api/plans/${plan}/board`),
                get(`/api/plans/${plan}/verdicts`),
            ]);
            const wanted = choice.value;
            const rows = data.items
                .map((v) => ({ v, target: board.targets.find((x) => x.number === numberOf(v)) }))
                .filter(
                    ({ v, target }) =>
                        target &&
                        (!wanted ||
                            (wanted === "to_confirm"
                                ? isToConfirm(v)
                                : (v.confirmed?.verdict ?? v.proposed?.verdict) === wanted)),
                );
            count.textContent =
                t("shown", rows.length, data.items.length) +
                (data.outcomes.length
                    ? " · " + t("held_against", data.outcomes.map((o) => o.title).join("、"))
                    : " · " + t("no_outcomes"));
            fill(
                box,
                rows.length
                    ? h(
                          "table.grid.cards-on-phone",
                          null,
                          h(
                              "thead",
                              null,
                              h(
                                  "tr",
                                  null,
                                  ["target", "verdict", "why_and_source", "action"].map((c) =>
                                      h("th", { scope: "col" }, t(c)),
                                  ),
                              ),
                          ),
                          h("tbody", null, rows.map(line)),
                      )
                    : h("p.nothing", null, t("nothing_found")),
            );
        } catch (e) {
            fill(box, problemBox(e));
        }
    }

    const soon = gather(refresh);
    const stop = onChange((c) => readSubject(c.subject)?.plan === plan, soon);
    await refresh();
    return {
        update: (next) => {
            route = next;
            refresh();
        },
        close: stop,
    };
}
