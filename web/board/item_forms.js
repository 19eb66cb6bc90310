// The forms of an item: who answers for it, a report, a drawn path, a verdict.
import { ask, newKey } from "./api.js";
import { fill, h } from "./dom.js";
import { VERDICTS } from "./format.js";
import { bodyInput, button, changeForm, field, fileInput } from "./forms.js";
import { pathChart } from "./charts.js";
import { session } from "./session.js";
import { t } from "./words.js";

const option = (value, text) => h("option", { value }, text);

// The owners as the server takes them.
export const ownersNow = (item) =>
    (item.owners ?? []).map((o) => ({
        organisation: o.organisation ?? null,
        name: o.name,
        role: o.role ?? "lead",
    }));

async function ownerLine(o, remove) {
    const body = await bodyInput(o.name);
    const role = h(
        "select",
        { value: o.role, "aria-label": t("role") },
        option("lead", t("role_lead")),
        option("support", t("role_support")),
    );
    body.input.setAttribute("aria-label", t("organisation"));
    body.input.placeholder = t("organisation_hint");
    // the code of a body that is left as it was, however its name is written
    const code = () => body.code() ?? (body.name() === o.name ? (o.organisation ?? null) : null);
    const line = { body, role, code };
    line.element = h(
        "div.owner-line",
        null,
        body.input,
        body.options,
        role,
        h(
            "button.quiet",
            {
                type: "button",
                "aria-label": t("remove"),
                onclick: () => remove(line),
            },
            "×",
        ),
    );
    return line;
}

export async function ownersForm(panel, with_) {
    const lines = [];
    const box = h("div");
    const show = () =>
        fill(
            box,
            lines.map((l) => l.element),
        );
    const remove = (line) => {
        lines.splice(lines.indexOf(line), 1);
        show();
    };
    const add = async (o) => {
        lines.push(await ownerLine(o, remove));
        show();
    };
    const start = ownersNow(panel.item);
    for (const o of start.length ? start : [{ name: "", role: "lead" }]) await add(o);
    const note = h("textarea", { rows: 2 });
    return changeForm({
        ...with_,
        class: "owners-form",
        title: t("owners_change"),
        body: [
            box,
            button(t("add_owner"), () => add({ name: "", role: "support" }), "button.quiet"),
            field(t("note"), note),
        ],
        send: (version) =>
            panel.put(
                "/owners",
                {
                    owners: lines
                        .filter((l) => l.body.name() !== "")
                        .map((l) => ({
                            organisation: l.code(),
                            name: l.body.name(),
                            role: l.role.value,
                        })),
                    note: note.value,
                },
                version,
            ),
    });
}

// id of a report -> id of the one that took its place
export function replacedOf(reports) {
    const map = new Map();
    for (const p of reports ?? []) {
        if (p.supersedes !== null && p.supersedes !== undefined) map.set(p.supersedes, p.id);
        if (p.superseded_by) map.set(p.id, p.superseded_by);
    }
    return map;
}

const unitOf = (panel) =>
    panel.sort === "target" && panel.item.value !== null ? panel.item.unit : "%";

// The report of that day that nothing has replaced.
function standingOn(reports, day) {
    const replaced = replacedOf(reports);
    return (reports ?? []).find((r) => r.as_of === day && !replaced.has(r.id));
}

// `old` is the report that this one takes the place of.
export function reportForm(panel, with_, old) {
    const unit = unitOf(panel);
    const value = h("input", {
        type: "text",
        inputmode: "decimal",
        autocomplete: "off",
        required: true,
        pattern: "-?[0-9]+([.][0-9]+)?",
        value: old?.value ?? "",
    });
    const day = h("input", {
        type: "date",
        required: true,
        max: session.today,
        value: old?.as_of ?? session.today,
    });
    const note = h("textarea", { rows: 3, value: old?.note ?? "" });
    const files = fileInput();
    const key = newKey();
    // Of one day only one report stands: a second one takes the place of the first, and says so.
    const replaced = () => old ?? standingOn(panel.data.progress, day.value);
    const hint = h("p.hint", { role: "status" });
    const tell = () => {
        const other = old ? null : replaced();
        fill(hint, other ? t("replaces_report", other.value + other.unit) : null);
    };
    day.addEventListener("change", tell);
    tell();
    return changeForm({
        ...with_,
        class: "report-form",
        title: old ? t("correct_report") : t("report_progress"),
        submit: t("send_report"),
        body: [
            h(
                "div.pair",
                null,
                field(unit ? t("value_in", unit) : t("value"), value),
                field(t("as_of"), day),
            ),
            hint,
            field(t("note"), note),
            files.element,
        ],
        look: tell,
        send: (version) =>
            ask(
                "POST",
                panel.path + "/progress",
                {
                    as_of: day.value,
                    value: value.value.trim() || null,
                    unit: unit ?? null,
                    note: note.value,
                    files: files.digests(),
                    supersedes: replaced()?.id ?? null,
                },
                { version, key: version === with_.seen ? key : newKey() },
            ),
    });
}

// Twelve values, and the line they make while they are typed.
export function pathForm(panel, with_) {
    const year = panel.place.year;
    const drawn = new Map((panel.data.path?.points ?? []).map((p) => [p.month, p.value]));
    const months = Array.from(
        { length: 12 },
        (_, i) => `${year}-${String(i + 1).padStart(2, "0")}`,
    );
    const preview = h("div.preview");
    const points = () =>
        inputs
            .map((input, i) => ({ month: months[i], value: input.value.trim() }))
            .filter((p) => p.value !== "");
    const draw = () =>
        fill(
            preview,
            pathChart({ ...panel.chartData(panel.item), expected: lineOf(points(), year) }),
        );
    const inputs = months.map((m) =>
        h("input", {
            type: "text",
            inputmode: "decimal",
            value: drawn.get(m) ?? "",
            pattern: "-?[0-9]+([.][0-9]+)?",
            oninput: draw,
        }),
    );
    draw();
    const unit = unitOf(panel);
    const remove =
        drawn.size > 0 &&
        button(
            t("remove_path"),
            async () => {
                await ask("DELETE", panel.path + "/path", undefined, { version: panel.version });
                with_.done();
            },
            "button.quiet",
        );
    return changeForm({
        ...with_,
        class: "path-form",
        title: t("draw_path_in", unit),
        body: [
            h("p.hint", null, t("path_hint")),
            h(
                "div.months",
                null,
                months.map((m, i) => field(m, inputs[i])),
            ),
            preview,
            remove,
        ],
        send: (version) => panel.put("/path", { points: points() }, version),
    });
}

// The line that the points make: from 0 at the year's start, level behind the last.
function lineOf(points, year) {
    const line = points
        .filter((p) => p.value !== "" && !Number.isNaN(Number(p.value)))
        .map((p) => ({ day: endOf(p.month), value: p.value }));
    if (line.length === 0) return [];
    return [
        { day: `${year}-01-01`, value: "0" },
        ...line,
        { day: `${year}-12-31`, value: line.at(-1).value },
    ];
}

const endOf = (month) => {
    const [y, m] = month.split("-").map(Number);
    return `${month}-${new Date(Date.UTC(y, m, 0)).getUTCDate()}`;
};

export function verdictForm(panel, with_, now) {
    const choice = h(
        "select",
        { value: now?.confirmed?.verdict ?? now?.proposed?.verdict ?? "not_reported" },
        VERDICTS.map((v) => option(v, t("verdict_" + v))),
    );
    const note = h("textarea", { rows: 2, value: now?.confirmed?.note ?? "" });
    return changeForm({
        ...with_,
        class: "verdict-form",
        title: t("verdict_change"),
        body: [field(t("verdict"), choice), field(t("note"), note)],
        send: (version) =>
            panel.put("/verdict", { verdict: choice.value, note: note.value }, version),
    });
}
