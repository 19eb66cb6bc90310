// The journal as it stands, newest lines at the end of what is loaded; filtered by subject.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { actorName, moment, problemBox } from "./format.js";
import { button, field } from "./forms.js";
import { go, withQuery } from "./router.js";
import { lineText, t } from "./words.js";

const PART = 100;

export async function openJournal(main, route) {
    const subject = h("input", {
        type: "text",
        value: route.query.get("subject") ?? "",
        placeholder: "plan/1",
        autocomplete: "off",
    });
    const body = h("tbody");
    const messages = h("div");
    const more = button(t("load_more"), () => load());
    fill(
        main,
        h(
            "div.page.wide",
            null,
            h("h1", { tabindex: "-1" }, t("nav_journal")),
            h(
                "form.filter.plain",
                {
                    onsubmit: (e) => {
                        e.preventDefault();
                        go(withQuery({ subject: subject.value.trim() }));
                    },
                },
                field(t("subject"), subject),
                h("button", { type: "submit" }, t("show")),
            ),
            h(
                "table.grid.cards-on-phone.short-first",
                null,
                h(
                    "thead",
                    null,
                    h(
                        "tr",
                        null,
                        ["line", "time", "who", "what", "subject"].map((w) =>
                            h("th", { scope: "col" }, t(w)),
                        ),
                    ),
                ),
                body,
            ),
            messages,
            more,
        ),
    );
    let after = null;

    const line = (l) =>
        h(
            "tr",
            null,
            h("th", { scope: "row" }, l.line),
            h("td", null, h("time", null, moment(l.time))),
            h("td", null, actorName(l)),
            h("td", null, lineText(l)),
            h("td", null, h("code", null, l.subject)),
        );

    async function load() {
        const q = new URLSearchParams({ limit: String(PART) });
        if (after !== null) q.set("after", after);
        if (route.query.get("subject")) q.set("subject", route.query.get("subject"));
        try {
            const data = await get("/api/journal?" + q);
            body.append(...data.items.map(line));
            after = data.next;
            more.hidden = after === null || after === undefined;
            fill(
                messages,
                body.childElementCount === 0 && h("p.nothing", null, t("nothing_found")),
            );
        } catch (e) {
            fill(messages, problemBox(e));
        }
    }

    await load();
    return {
        update: (next) => {
            route = next;
            after = null;
            fill(body);
            return load();
        },
    };
}
