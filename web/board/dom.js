// Elements without a framework: h() makes one, fill() changes what stands in one. Whatever comes
// from the server becomes a text node or an attribute; nothing is ever parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

function put(element, name, value) {
    if (value === null || value === undefined || value === false) return;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class")
        element.setAttribute(
            "class",
            element.getAttribute("class") ? element.getAttribute("class") + " " + value : value,
        );
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
}

function make(element, shape, props, children) {
    for (const [, sign, word] of shape.matchAll(/([.#])([\w-]+)/g)) {
        if (sign === "#") element.id = word;
        else element.classList.add(word);
    }
    const value = props?.value;
    for (const [name, v] of Object.entries(props ?? {}))
        if (name !== "value") put(element, name, v);
    append(element, children);
    // a select knows its value only when its options are there
    if (value !== undefined) put(element, "value", value);
    return element;
}

// h("a.row#first", {href: "#", onclick: f}, "text", node, [more], null)
export function h(shape, props, ...children) {
    return make(document.createElement(/^[\w-]+/.exec(shape)[0]), shape, props, children);
}

export function svg(shape, props, ...children) {
    return make(document.createElementNS(SVG, /^[\w-]+/.exec(shape)[0]), shape, props, children);
}

export function append(element, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        element.append(child instanceof Node ? child : String(child));
    }
    return element;
}

// Makes `children` all that stands in the element; nodes that stay are not moved, so that focus,
// scroll and typed text stay too.
export function fill(element, ...children) {
    const wanted = children
        .flat(Infinity)
        .filter((c) => c !== null && c !== undefined && c !== false)
        .map((c) => (c instanceof Node ? c : document.createTextNode(String(c))));
    const keep = new Set(wanted);
    for (const old of [...element.childNodes]) if (!keep.has(old)) old.remove();
    wanted.forEach((node, i) => {
        if (element.childNodes[i] !== node)
            element.insertBefore(node, element.childNodes[i] ?? null);
    });
    return element;
}

// --- what is said aloud and shown for a while -------------------------------------------------

let speaker;
let toasts;

export function makeSpeaker() {
    speaker = h("p.unseen#live", { role: "status", "aria-live": "polite" });
    toasts = h("div.toasts", { "aria-hidden": "true" });
    return [speaker, toasts];
}

export function say(text) {
    speaker.textContent = text;
    const toast = h("p.toast", null, text);
    toasts.append(toast);
    while (toasts.childElementCount > 3) toasts.firstElementChild.remove();
    setTimeout(() => toast.remove(), 6000);
}

// --- dialog -----------------------------------------------------------------------------------

let dialogs = 0;

// A modal dialog; the browser keeps the focus in it and Esc closes it.
export function openDialog(title, ...content) {
    const id = `dialog-${++dialogs}`;
    const before = document.activeElement;
    const dialog = h(
        "dialog",
        { "aria-labelledby": id },
        h("h2", { id, tabindex: "-1" }, title),
        content,
    );
    dialog.addEventListener("close", () => {
        dialog.remove();
        if (before?.isConnected) before.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}
