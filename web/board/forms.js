// What the forms share: fields with labels, files as evidence, and the way of a change through the
// server. When somebody else changed the thing meanwhile, the form says who and what, keeps what
// was typed, and lets the user look and send again.
import { Problem, upload } from "./api.js";
import { fill, h } from "./dom.js";
import { actorName, moment, problemBox } from "./format.js";
import { organisations } from "./session.js";
import { lineText, t } from "./words.js";

let ids = 0;
export const newId = (stem) => `${stem}-${++ids}`;

export function field(label, control, hint) {
    const id = control.id || newId("f");
    control.id = id;
    const hintId = hint ? id + "-hint" : null;
    if (hintId) control.setAttribute("aria-describedby", hintId);
    return h(
        "div.field",
        null,
        h("label", { for: id }, label),
        control,
        hint && h("small.hint", { id: hintId }, hint),
    );
}

export const button = (text, onclick, shape = "button") =>
    h(shape, { type: "button", onclick }, text);

// An input of organisations by name; code() gives the code of the one that was written in full, null
// for any other words. It begins with the name of the organisation `start`, else with `value`.
export async function bodyInput(value = "", start = null) {
    const bodies = await organisations();
    const list = newId("bodies");
    const input = h("input", {
        type: "text",
        list,
        value: bodies.get(start)?.name ?? value,
        autocomplete: "off",
        lang: "zh",
    });
    const options = h(
        "datalist",
        { id: list },
        [...bodies.values()].map((o) => h("option", { value: o.name })),
    );
    const code = () =>
        [...bodies.values()].find((o) => o.name === input.value.trim())?.code ?? null;
    return { input, options, code, name: () => input.value.trim() };
}

// Files go to the server one by one as they are chosen; the report then names their digests.
export function fileInput() {
    const files = [];
    const list = h("ul.files");
    const errors = h("div");
    const show = () =>
        fill(
            list,
            files.map((f) =>
                h(
                    "li",
                    null,
                    f.name,
                    " ",
                    h(
                        "button.quiet",
                        {
                            type: "button",
                            "aria-label": t("remove_file", f.name),
                            onclick: () => {
                                files.splice(files.indexOf(f), 1);
                                show();
                            },
                        },
                        "×",
                    ),
                ),
            ),
        );
    const input = h("input", {
        type: "file",
        multiple: true,
        accept: ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv,.txt",
        onchange: async () => {
            fill(errors);
            for (const file of input.files) {
                try {
                    files.push(
                        (await upload("/api/files?name=" + encodeURIComponent(file.name), file))
                            .data,
                    );
                } catch (e) {
                    errors.append(problemBox(e));
                }
            }
            input.value = "";
            show();
        },
    });
    return {
        element: h(
            "div.field",
            null,
            field(t("evidence"), input, t("evidence_hint")),
            list,
            errors,
        ),
        digests: () => files.map((f) => f.file),
    };
}

// A file is {file, name, ...} or its digest alone.
export function fileLink(f) {
    const digest = f.file ?? f;
    return h(
        "a",
        { href: "/api/files/" + digest, download: f.name ?? "" },
        f.name ?? digest.slice(0, 8),
    );
}

function conflictBox(lines, look) {
    const box = h(
        "div.conflict",
        { role: "alert", tabindex: "-1" },
        h("p.form-title", null, t("conflict_title")),
        lines.length
            ? h(
                  "ul",
                  null,
                  lines.map((l) =>
                      h(
                          "li",
                          null,
                          h("b", null, actorName(l)),
                          " · ",
                          h("time", null, moment(l.time)),
                          " · ",
                          lineText(l),
                      ),
                  ),
              )
            : h("p", null, t("conflict_unknown")),
        h("p", null, t("conflict_kept")),
        look,
    );
    queueMicrotask(() => box.focus());
    return box;
}

// options: {title, body: [nodes], submit: text, seen: version, send: async (version, key) => ...,
// latest: async () => ({version, lines}), done, cancel}. `latest` tells what changed after a
// version; `send` throws a Problem.
export function changeForm(options) {
    const messages = h("div.messages");
    const submit = h("button.primary", { type: "submit" }, options.submit ?? t("save"));
    const form = h(
        "form.change",
        { class: options.class, "aria-label": options.title },
        options.title && h("p.form-title", null, options.title),
        options.body,
        messages,
        h("div.buttons", null, submit, options.cancel && button(t("cancel"), options.cancel)),
    );
    let seen = options.seen;

    async function conflict() {
        const { version, lines } = await options.latest(seen);
        const redo = button(
            t("conflict_redo"),
            () => {
                seen = version;
                options.look?.();
                fill(messages, h("p.hint", { role: "status" }, t("conflict_ready")));
                submit.focus();
            },
            "button.primary",
        );
        fill(messages, conflictBox(lines, h("div.buttons", null, redo)));
    }

    form.addEventListener("submit", async (e) => {
        e.preventDefault();
        fill(messages);
        submit.disabled = true;
        try {
            await options.send(seen);
            options.done?.();
        } catch (error) {
            if (error instanceof Problem && error.status === 412 && options.latest) {
                await conflict().catch((again) => fill(messages, problemBox(again)));
            } else if (error instanceof Problem) {
                fill(messages, problemBox(error));
            } else {
                throw error;
            }
        } finally {
            submit.disabled = false;
        }
    });
    return form;
}
