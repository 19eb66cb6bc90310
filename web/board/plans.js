// The kept plans by year, and the way a new document comes in.
import { getAll, upload } from "./api.js";
import { fill, h, openDialog, say } from "./dom.js";
import { problemBox } from "./format.js";
import { button } from "./forms.js";
import { gather, onChange } from "./events.js";
import { address } from "./router.js";
import { may } from "./session.js";
import { t } from "./words.js";

const ACCEPT = ".pdf,.docx,.txt,.html,.htm";

function planCard(p) {
    return h(
        "li",
        null,
        h(
            "a.card.plan-card",
            { href: address(["plan", p.plan]), "data-plan": p.plan },
            h("b.year", null, p.year ?? "–"),
            h(
                "span.plan-words",
                null,
                h("h2", { lang: "zh" }, p.title),
                h("span.soft", { lang: "zh" }, [p.issuer, p.issued].filter(Boolean).join(" · ")),
                h(
                    "span.plan-counts",
                    null,
                    [
                        ["areas", p.areas],
                        ["measures", p.measures],
                        ["tasks", p.tasks],
                        ["targets", p.targets],
                    ].map(([word, n]) => h("span", null, h("b", null, n), " ", t(word))),
                ),
            ),
        ),
    );
}

const facts = (side) =>
    h(
        "td",
        { lang: "zh" },
        side ? [side.text, side.facts ? h("small.soft", null, side.facts) : null] : "–",
    );

// What a corrected document changes, before it is accepted.
function correctionTable(changes) {
    return h(
        "div.scroll",
        { tabindex: "0", role: "group", "aria-label": t("changes") },
        h(
            "table.grid",
            null,
            h(
                "thead",
                null,
                h(
                    "tr",
                    null,
                    ["changes", "thing", "was", "now"].map((w) => h("th", { scope: "col" }, t(w))),
                ),
            ),
            h(
                "tbody",
                null,
                changes.map((c) =>
                    h(
                        "tr",
                        { class: c.change },
                        h("th", { scope: "row" }, t("change_" + c.change)),
                        h("td", null, t(c.of), " ", c.now?.id ?? c.old?.id ?? c.number ?? ""),
                        facts(c.old),
                        facts(c.now),
                    ),
                ),
            ),
        ),
    );
}

class Loader {
    constructor(done) {
        this.done = done;
        this.state = h("div.load-state", { role: "status" });
        this.input = h("input#file", {
            type: "file",
            accept: ACCEPT,
            class: "unseen",
            onchange: () => this.send(this.input.files[0]),
        });
        this.element = h(
            "section.drop",
            { "aria-label": t("load_plan") },
            h("p", null, h("b", null, t("drop_here"))),
            h("p.soft", null, t("drop_formats")),
            this.input,
            h("label.button.primary", { for: "file" }, t("choose_file")),
            this.state,
        );
        for (const kind of ["dragover", "dragleave", "drop"])
            this.element.addEventListener(kind, (e) => this.drag(e));
    }

    drag(e) {
        e.preventDefault();
        this.element.classList.toggle("over", e.type === "dragover");
        if (e.type === "drop" && e.dataTransfer.files.length) this.send(e.dataTransfer.files[0]);
    }

    async send(file, confirm) {
        if (!file) return;
        const meter = h("progress", { max: 1, value: 0, "aria-label": t("sending") });
        const words = h("span", null, t("sending_file", file.name));
        fill(this.state, h("p", null, words), meter);
        const q = new URLSearchParams({ name: file.name });
        if (confirm) q.set("confirm", confirm);
        try {
            const { data } = await upload("/api/plans?" + q, file, (part) => {
                meter.value = part;
                if (part === 1) {
                    meter.removeAttribute("value");
                    words.textContent = t("reading_file", file.name);
                }
            });
            fill(
                this.state,
                h(
                    "p.good",
                    null,
                    t("load_" + data.result, file.name),
                    " ",
                    h("a", { href: address(["plan", data.plan]) }, t("open")),
                ),
            );
            say(t("load_" + data.result, file.name));
            this.done();
        } catch (e) {
            if (e.type === "/problems/correction") this.ask(file, e.body);
            else fill(this.state, problemBox(e));
        }
        this.input.value = "";
    }

    ask(file, body) {
        fill(this.state);
        const dialog = openDialog(
            t("correction_title"),
            h("p", null, t("correction_lead", body.changes.length)),
            correctionTable(body.changes),
            h(
                "div.buttons",
                null,
                button(
                    t("correction_accept"),
                    () => {
                        dialog.close();
                        this.send(file, body.line);
                    },
                    "button.primary",
                ),
                button(t("cancel"), () => dialog.close()),
            ),
        );
        dialog.classList.add("wide");
    }
}

export async function openPlans(main) {
    const list = h("div");
    const loader = may("plan.load") ? new Loader(() => refresh()) : null;
    fill(
        main,
        h("div.page", null, h("h1", { tabindex: "-1" }, t("nav_plans")), loader?.element, list),
    );

    async function refresh() {
        try {
            const plans = (await getAll("/api/plans")).sort((a, b) => b.year - a.year);
            fill(
                list,
                plans.length
                    ? h("ul.plans", null, plans.map(planCard))
                    : h("p.nothing", null, t(loader ? "no_plans_load" : "no_plans")),
            );
        } catch (e) {
            fill(list, problemBox(e));
        }
    }

    const soon = gather(refresh);
    const stop = onChange((c) => /^plan\/\d+$/.test(c.subject), soon);
    await refresh();
    return { update: refresh, close: stop };
}
