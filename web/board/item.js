// One task or target, whole: sentence, owners, progress, path, slips, verdict, history. A refresh
// renews what is shown; a form that is open stays as it is, with what was typed.
import { ask } from "./api.js";
import { fill, h, say } from "./dom.js";
import {
    actorName,
    figure,
    kindWord,
    light,
    meter,
    moment,
    percent,
    problemBox,
    reason,
    zh,
} from "./format.js";
import { button } from "./forms.js";
import {
    ownersForm,
    ownersNow,
    pathForm,
    replacedOf,
    reportForm,
    verdictForm,
} from "./item_forms.js";
import { pathChart, pathTable } from "./charts.js";
import { SlipBoxes, slipForm } from "./slips.js";
import { withQuery } from "./router.js";
import { may, seesWork } from "./session.js";
import { verdictBlock } from "./verdicts.js";
import { fileLink } from "./forms.js";
import { language, lineText, t } from "./words.js";

// One block: what is shown, renewed each time, and a slot for a form, which is not. The elements stay
// where they are, so that who types in the form keeps the focus.
class Block {
    constructor(title) {
        this.buttons = h("span.part-buttons");
        this.shown = h("div");
        this.slot = h("div.form-slot");
        this.element = h(
            "section.part",
            null,
            h("div.part-head", null, h("h3", null, title), this.buttons),
            this.shown,
            this.slot,
        );
    }

    show(content, buttons) {
        fill(this.shown, content);
        fill(this.buttons, buttons);
        return this.element;
    }
}

export class ItemPanel {
    // `place`: {plan, year, at, known}; `close` leaves the panel; `changed` is told of one's own change
    constructor(place, sort, number, { close, changed }) {
        Object.assign(this, { place, sort, number, changed });
        this.path = `/api/plans/${place.plan}/${sort}s/${number}`;
        this.head = h("div.item-head");
        this.blocks = {};
        this.slips = new SlipBoxes();
        this.asked = 0; // counts, so that a late answer does not cover a newer one
        this.sections = h("div");
        this.element = h(
            "article.item",
            { "aria-labelledby": "item-title" },
            h(
                "div.item-bar",
                null,
                h(
                    "a.to-document",
                    { href: withQuery({ pane: "document" }) },
                    t("show_in_document"),
                ),
                h(
                    "button.close",
                    { type: "button", onclick: close, "aria-label": t("close") },
                    "×",
                ),
            ),
            this.head,
            this.sections,
        );
    }

    async refresh() {
        const q = new URLSearchParams();
        if (this.place.at) q.set("at", this.place.at);
        if (this.place.known) q.set("known", this.place.known);
        const tail = q.toString() ? "?" + q : "";
        const turn = ++this.asked;
        try {
            const { data, version } = await ask("GET", this.path + tail);
            if (turn !== this.asked) return;
            this.data = data;
            this.version = version ?? data.item.version;
            this.show();
        } catch (e) {
            fill(this.head, problemBox(e));
        }
    }

    // What a form needs when its version is no longer the last one.
    latest = async (seen) => {
        const { data, version } = await ask("GET", this.path);
        return { version, lines: (data.timeline ?? []).filter((l) => l.line > Number(seen)) };
    };

    put(path, body, version) {
        return ask("PUT", this.path + path, body, { version });
    }

    block(name, title, shown, ...buttons) {
        this.blocks[name] ??= new Block(title);
        return this.blocks[name].show(shown, buttons);
    }

    open(name, make) {
        const { slot, buttons } = this.blocks[name];
        const leave = () => {
            fill(slot);
            buttons.querySelector("button")?.focus();
        };
        Promise.resolve(
            make({
                seen: this.version,
                latest: this.latest,
                look: () => this.refresh(),
                cancel: leave,
                done: () => {
                    leave();
                    say(t("saved"));
                    this.refresh();
                    this.changed();
                },
            }),
        ).then(
            (form) => {
                fill(slot, form);
                form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
            },
            (e) => fill(slot, problemBox(e)),
        );
    }

    opener(text, name, make, shape) {
        return button(text, () => this.open(name, make), shape);
    }

    show() {
        const x = { ...this.data.item, sort: this.sort };
        this.item = x;
        fill(this.head, this.renderHead(x));
        fill(
            this.sections,
            seesWork() && this.renderOwners(x),
            seesWork() && this.renderProgress(x),
            seesWork() && this.renderSlips(x),
            this.sort === "target" && this.renderVerdict(x),
            this.renderTimeline(),
        );
    }

    renderHead(x) {
        const target = this.sort === "target";
        return [
            h(
                "p.crumb",
                null,
                t(this.sort),
                " ",
                h("b", null, x.id),
                x.deadline && h("span", null, " · " + t("deadline_said", x.deadline)),
            ),
            h(
                "h2#item-title",
                { lang: "zh", tabindex: "-1" },
                target ? (x.indicator ?? x.text) : x.text,
            ),
            target &&
                h(
                    "p.goal-line",
                    { lang: "zh" },
                    kindWord(x.kind) && h("span", { lang: language() }, kindWord(x.kind), " "),
                    x.value !== null && h("b", null, figure(x)),
                ),
            target && h("blockquote", { lang: "zh" }, x.text),
            seesWork() &&
                h(
                    "div.status-line",
                    null,
                    light(x.light.light),
                    x.light.reported &&
                        h(
                            "span.pace",
                            null,
                            meter(x.light),
                            h(
                                "span",
                                null,
                                `${percent(x.light.actual)} / ${t("should", percent(x.light.expected))}`,
                            ),
                        ),
                    h(
                        "span",
                        { class: x.light.overdue ? "overdue" : "soft" },
                        x.light.overdue ? t("overdue_since", x.due) : t("due_by", x.due),
                    ),
                ),
            seesWork() && reason(x.light) && h("p.why", null, reason(x.light)),
        ];
    }

    renderOwners(x) {
        const mayChange = may("owner.set", x);
        const list = (x.owners ?? []).length
            ? h(
                  "ul.owner-list",
                  null,
                  x.owners.map((o) =>
                      h(
                          "li",
                          null,
                          h("span.owner", { class: o.source, lang: "zh" }, o.name),
                          " ",
                          h(
                              "span.soft",
                              null,
                              t("role_" + (o.role ?? "lead")),
                              " · ",
                              t("source_" + o.source),
                              o.source === "proposed" && o.confidence
                                  ? ` ${Math.round(o.confidence * 100)}%`
                                  : "",
                          ),
                      ),
                  ),
              )
            : h("p.soft", null, t("no_owner"));
        const confirm =
            mayChange &&
            !x.owners_confirmed &&
            (x.owners ?? []).length > 0 &&
            button(
                t("confirm_owners"),
                (e) => this.confirmOwners(e.target),
                "button.primary.confirm-owners",
            );
        const messages = (this.ownerMessages ??= h("div"));
        return this.block(
            "owners",
            t("owners"),
            [list, messages],
            confirm,
            mayChange && this.opener(t("change"), "owners", (with_) => ownersForm(this, with_)),
        );
    }

    async confirmOwners(pressed) {
        pressed.disabled = true;
        fill(this.ownerMessages);
        try {
            await this.put("/owners", { owners: ownersNow(this.item), note: "" }, this.version);
            say(t("saved"));
            this.changed();
            await this.refresh();
        } catch (e) {
            pressed.disabled = false;
            if (e.status !== 412) return fill(this.ownerMessages, problemBox(e));
            // nothing was typed: the form shows what changed and asks again
            this.open("owners", (with_) => ownersForm(this, with_));
            await this.refresh();
        }
    }

    chartData(x) {
        const replaced = replacedOf(this.data.progress);
        const target = this.sort === "target" && x.value !== null;
        return {
            year: this.place.year,
            unit: target ? x.unit : "%",
            at: this.place.at,
            target: target ? x.value : "100",
            expected: this.data.expected ?? [],
            reports: (this.data.progress ?? []).filter((p) => !replaced.has(p.id)),
        };
    }

    renderProgress(x) {
        const data = this.chartData(x);
        const reports = this.data.progress ?? [];
        const replaced = replacedOf(reports);
        const list =
            reports.length === 0
                ? h("p.soft", null, t("no_reports"))
                : h(
                      "ol.reports",
                      null,
                      reports.map((p) => this.renderReport(p, replaced.get(p.id))),
                  );
        const chart = [pathChart(data), pathTable(data)];
        return this.block(
            "progress",
            t("progress"),
            [h("p.soft", null, t("path_" + (x.path ?? "none"))), chart, list],
            may("progress.report", x) &&
                this.opener(
                    t("report_progress"),
                    "progress",
                    (with_) => reportForm(this, with_),
                    "button.primary.report",
                ),
            may("path.set", x) &&
                this.opener(t("draw_path"), "progress", (with_) => pathForm(this, with_)),
        );
    }

    renderReport(p, replaced) {
        const words = [
            h("b", null, p.value === null ? t("no_number") : `${p.value}${p.unit ?? ""}`),
            " ",
            h("time", { datetime: p.as_of }, t("as_of_day", p.as_of)),
            p.note ? h("span.note", { lang: "zh" }, p.note) : null,
        ];
        const files = Array.isArray(p.files) ? p.files : [];
        return h(
            "li",
            { class: replaced ? "replaced" : null },
            replaced ? h("s", null, words) : h("div", null, words),
            h(
                "small.soft",
                null,
                actorName(p),
                " · ",
                moment(p.time),
                replaced ? " · " + t("replaced") : "",
                !files.length && p.files > 0 ? " · " + t("n_files", p.files) : "",
            ),
            files.length > 0 &&
                h(
                    "ul.files",
                    null,
                    files.map((f) => h("li", null, fileLink(f))),
                ),
            !replaced &&
                may("progress.report", this.item) &&
                h(
                    "button.quiet",
                    {
                        type: "button",
                        onclick: () => this.open("progress", (with_) => reportForm(this, with_, p)),
                    },
                    t("correct_report"),
                ),
        );
    }

    renderSlips(x) {
        const slips = this.data.slips ?? [];
        const late = x.light.light === "red" || x.light.overdue;
        const none = !slips.some((s) => s.state === "open" || s.state === "answered");
        const list = slips.length
            ? slips.map((s) =>
                  this.slips.show(s, x, () => {
                      this.refresh();
                      this.changed();
                  }),
              )
            : h("p.soft", null, t("no_slips"));
        return this.block(
            "slips",
            t("slips"),
            list,
            late &&
                none &&
                may("slip.issue", x) &&
                this.opener(
                    t("issue_slip"),
                    "slips",
                    (with_) => slipForm(this, with_),
                    "button.primary.issue",
                ),
        );
    }

    renderVerdict(x) {
        const v = this.data.verdict;
        const proposed = v?.proposed?.verdict;
        const mayConfirm = may("verdict.confirm", x);
        return this.block(
            "verdict",
            t("verdict"),
            v ? verdictBlock(v) : h("p.soft", null, t("no_verdict")),
            mayConfirm &&
                proposed &&
                !v.confirmed &&
                button(
                    t("confirm_verdict", t("verdict_" + proposed)),
                    () => this.confirmVerdict(proposed),
                    "button.primary.confirm-verdict",
                ),
            mayConfirm &&
                this.opener(t("change"), "verdict", (with_) => verdictForm(this, with_, v)),
        );
    }

    async confirmVerdict(verdict) {
        try {
            await this.put("/verdict", { verdict, note: "" }, this.version);
            say(t("saved"));
            this.changed();
        } catch (e) {
            say(e.status === 412 ? t("conflict_title") : e.message);
        }
        await this.refresh();
    }

    renderTimeline() {
        const lines = this.data.timeline ?? [];
        if (lines.length === 0) return null;
        return h(
            "section.part",
            null,
            h("h3", null, t("timeline")),
            h(
                "ol.timeline",
                null,
                [...lines]
                    .sort((a, b) => b.line - a.line)
                    .map((l) =>
                        h(
                            "li",
                            null,
                            h("time", { datetime: l.time }, moment(l.time)),
                            " ",
                            h("b", null, actorName(l)),
                            " ",
                            zh(lineText(l), { lang: null }),
                            h("small.soft", null, " #" + l.line),
                        ),
                    ),
            ),
        );
    }
}
