// Supervision slips: an order to answer for late work. A slip is issued, answered, and then closed
// or sent back; each step is one form.
import { ask, get, getAll } from "./api.js";
import { fill, h, say } from "./dom.js";
import { actorName, moment, problemBox } from "./format.js";
import { bodyInput, button, changeForm, field, fileInput, fileLink } from "./forms.js";
import { gather, onChange } from "./events.js";
import { exportAddress } from "./filters.js";
import { go, withQuery, address } from "./router.js";
import { isBelowMine, may, session } from "./session.js";
import { t } from "./words.js";

const STATES = ["open", "answered", "closed", "withdrawn"];

export const slipBadge = (s) =>
    h(
        "span.slip-mark",
        { class: s.overdue ? "overdue" : s.state },
        t(s.overdue && s.state === "open" ? "slip_overdue" : "slip_" + s.state),
    );

// What was done with it after it was issued: answered, accepted, returned, withdrawn.
const steps = (s) => (s.steps ?? []).filter((x) => x.kind !== "issued");

const renderStep = (s) =>
    h(
        "li",
        null,
        h(
            "p",
            null,
            h("b", null, actorName(s)),
            " · ",
            h("time", { datetime: s.time }, moment(s.time)),
            " · ",
            h("span.reply", { class: s.kind }, t("line_slip_" + s.kind)),
        ),
        s.text && h("p.words", { lang: "zh" }, s.text),
        (s.files ?? []).length > 0 &&
            h(
                "ul.files",
                null,
                s.files.map((f) => h("li", null, fileLink(f))),
            ),
    );

function sendForm(slip, title, body, send, leave, done) {
    return changeForm({
        title,
        body,
        seen: slip.version,
        cancel: leave,
        done,
        send: (version) => send(version),
        latest: async () => ({
            version: (await ask("GET", "/api/slips/" + slip.id)).version,
            lines: [],
        }),
    });
}

function answerForm(slip, leave, done) {
    const text = h("textarea", { rows: 3, required: true });
    const files = fileInput();
    return sendForm(
        slip,
        t("slip_answer"),
        [field(t("slip_answer_text"), text), files.element],
        (version) =>
            ask(
                "POST",
                `/api/slips/${slip.id}/answer`,
                { text: text.value, files: files.digests() },
                { version },
            ),
        leave,
        done,
    );
}

// Who does not accept an answer says why.
function closeForm(slip, accepted, leave, done) {
    const text = h("textarea", { rows: 2, required: !accepted });
    return sendForm(
        slip,
        t(accepted ? "slip_accept" : "slip_send_back"),
        [field(t(accepted ? "note" : "slip_send_back_why"), text)],
        (version) =>
            ask("POST", `/api/slips/${slip.id}/close`, { accepted, text: text.value }, { version }),
        leave,
        done,
    );
}

function withdrawForm(slip, leave, done) {
    const text = h("textarea", { rows: 2, required: true });
    return sendForm(
        slip,
        t("slip_withdraw"),
        [field(t("slip_withdraw_why"), text)],
        (version) =>
            ask("POST", `/api/slips/${slip.id}/withdraw`, { text: text.value }, { version }),
        leave,
        done,
    );
}

const mayAnswer = (slip, item) =>
    session.may["slip.answer"] === "all" ||
    (session.may["slip.answer"] === "own" &&
        (isBelowMine(slip.organisation) || (item && may("slip.answer", item))));

// One slip with what may be done to it. The slot of its form outlives what is shown above it.
class SlipBox {
    constructor() {
        this.shown = h("div");
        this.slot = h("div.form-slot");
        this.element = h("div.slip", null, this.shown, this.slot);
    }

    // `done` is called after a change.
    show(slip, item, done) {
        this.item = item;
        this.done = done;
        this.element.className = "slip " + slip.state;
        this.element.dataset.slip = slip.id;
        fill(
            this.shown,
            h(
                "p.slip-line",
                null,
                slipBadge(slip),
                h("b", { lang: "zh" }, slip.organisation_name ?? slip.organisation),
                slip.due &&
                    h("span", { class: slip.overdue ? "overdue" : "soft" }, t("due_by", slip.due)),
            ),
            slip.demand && h("p.words", { lang: "zh" }, slip.demand),
            steps(slip).length > 0 && h("ol.rounds", null, steps(slip).map(renderStep)),
            h("div.buttons", null, this.buttons(slip, item)),
        );
        return this.element;
    }

    buttons(slip, item) {
        const { state } = slip;
        const waits = state === "open" || state === "answered";
        const step = (word, form, shape) => button(t(word), () => this.open(slip, form), shape);
        const close = (accepted) => (s, leave, done) => closeForm(s, accepted, leave, done);
        return [
            state === "open" &&
                mayAnswer(slip, item) &&
                step("slip_answer", answerForm, "button.primary.answer"),
            state === "answered" &&
                may("slip.close") && [
                    step("slip_accept", close(true), "button.primary.accept"),
                    step("slip_send_back", close(false), "button.send-back"),
                ],
            waits && may("slip.close") && step("slip_withdraw", withdrawForm, "button.withdraw"),
        ];
    }

    async open(slip, make) {
        const leave = () => fill(this.slot);
        const after = () => {
            leave();
            say(t("saved"));
            this.done();
        };
        try {
            const { data, version } = await ask("GET", "/api/slips/" + slip.id);
            this.show({ ...slip, ...data }, this.item, this.done); // a list has not what was answered
            fill(this.slot, make({ ...data, version }, leave, after));
            this.slot.querySelector("textarea")?.focus();
        } catch (e) {
            fill(this.slot, problemBox(e));
        }
    }
}

// The boxes of some slips, by number.
export class SlipBoxes {
    made = new Map();

    show(slip, item, done) {
        if (!this.made.has(slip.id)) this.made.set(slip.id, new SlipBox());
        return this.made.get(slip.id).show(slip, item, done);
    }
}

export async function slipForm(panel, with_) {
    const lead = (panel.item.owners ?? []).find((o) => o.role !== "support");
    const body = await bodyInput(lead?.name ?? "", lead?.organisation);
    const known = body.code() !== null;
    if (!known) body.input.value = "";
    body.input.required = true;
    const check = () => {
        const wrong = body.name() !== "" && body.code() === null;
        body.input.setCustomValidity(wrong ? t("choose_organisation") : "");
    };
    body.input.addEventListener("input", check);
    const demand = h("textarea", { rows: 3, required: true });
    const days = h("input", {
        type: "number",
        min: 1,
        max: 60,
        required: true,
        value: String(panel.place.slipDays ?? 5),
    });
    return changeForm({
        ...with_,
        class: "slip-form",
        title: t("issue_slip"),
        submit: t("issue_slip"),
        body: [
            field(t("slip_to"), body.input, lead && !known && t("slip_to_proposed", lead.name)),
            body.options,
            field(t("slip_demand"), demand),
            field(t("slip_days"), days),
        ],
        send: (version) =>
            ask(
                "POST",
                panel.path + "/slips",
                {
                    organisation: body.code(),
                    demand: demand.value,
                    days: Number(days.value),
                },
                { version },
            ),
    });
}

// --- the page of all slips ---------------------------------------------------------------------

export async function openSlips(main, route, plan) {
    const list = h("div.slips");
    const state = h(
        "select",
        { onchange: (e) => go(withQuery({ state: e.target.value })) },
        h("option", { value: "" }, t("all_states")),
        STATES.map((s) => h("option", { value: s }, t("slip_" + s))),
    );
    const mine = h("input", {
        type: "checkbox",
        onchange: (e) => go(withQuery({ mine: e.target.checked ? "1" : null })),
    });
    const exports = h("p.links");
    fill(
        main,
        h(
            "div.page",
            null,
            h("h1", { tabindex: "-1" }, t("slips")),
            h(
                "div.filter.plain",
                null,
                field(t("state"), state),
                session.account?.organisation && h("label.check", null, mine, t("mine")),
                exports,
            ),
            list,
        ),
    );
    const boxes = new SlipBoxes();
    let board = null;

    async function refresh() {
        const { query } = route;
        state.value = query.get("state") ?? "";
        mine.checked = query.get("mine") === "1";
        fill(
            exports,
            ["csv", "xlsx"].map((f) => [
                h(
                    "a.button",
                    {
                        href: exportAddress(plan, "slips", f),
                        download: "",
                    },
                    f.toUpperCase(),
                ),
                " ",
            ]),
        );
        const q = new URLSearchParams({ plan });
        for (const k of ["state", "mine"]) if (query.get(k)) q.set(k, query.get(k));
        try {
            const [slips, now] = await Promise.all([
                getAll("/api/slips?" + q),
                get(`/api/plans/${plan}/board`),
            ]);
            board = now;
            fill(list, slips.length ? slips.map(line) : h("p.nothing", null, t("no_slips")));
        } catch (e) {
            fill(list, problemBox(e));
        }
    }

    function line(slip) {
        const item = itemOf(slip, board);
        return h(
            "section.card.slip-card",
            null,
            item &&
                h(
                    "h2",
                    null,
                    h(
                        "a",
                        {
                            href: address(["plan", plan], {
                                item: `${item.sort}.${item.number}`,
                                pane: "item",
                            }),
                        },
                        h("span.no", null, item.id),
                        " ",
                        h("span", { lang: "zh" }, item.indicator ?? item.text),
                    ),
                ),
            boxes.show(slip, item, refresh),
        );
    }

    const soon = gather(refresh);
    const stop = onChange(
        (c) => /^(slip|plan)/.test(c.subject),
        (c) => main.querySelector("form.change") || soon(c),
    );
    await refresh();
    return {
        update: (next) => {
            route = next;
            refresh();
        },
        close: stop,
    };
}

// The task or target a slip is about, as the board has it; not there where a correction took it out.
function itemOf(slip, board) {
    const found = board[slip.of + "s"].find((x) => x.number === slip.number);
    return found ? { ...found, sort: slip.of } : null;
}
