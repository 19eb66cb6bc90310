// The keys of the board: / search, j k rows, Enter opens, Esc closes, ? tells of them.
import { h, openDialog } from "./dom.js";
import { t } from "./words.js";

const KEYS = [
    ["/", "key_search"],
    ["j", "key_next"],
    ["k", "key_previous"],
    ["Enter", "key_open"],
    ["s", "key_sentence"],
    ["Esc", "key_close"],
    ["?", "key_help"],
];

export const showKeys = () =>
    openDialog(
        t("keys"),
        h(
            "dl.keys",
            null,
            KEYS.map(([key, word]) =>
                h("div", null, h("dt", null, h("kbd", null, key)), h("dd", null, t(word))),
            ),
        ),
        h("form", { method: "dialog" }, h("button.primary", null, t("close"))),
    );

const isTyping = (e) => e.closest?.("input, select, textarea, dialog, [contenteditable]");

export function bindKeys(page) {
    const step = (by) => {
        const links = page.rows.links();
        const now = links.indexOf(
            document.activeElement?.closest?.(".row")?.querySelector(".row-link"),
        );
        const next =
            links[
                now < 0
                    ? by > 0
                        ? 0
                        : links.length - 1
                    : Math.max(0, Math.min(links.length - 1, now + by))
            ];
        next?.focus({ preventScroll: true });
        next?.scrollIntoView({ block: "nearest" });
    };
    const acts = {
        "/": () => page.filters.search.focus(),
        j: () => step(1),
        k: () => step(-1),
        s: () => document.activeElement?.closest?.(".row")?.querySelector(".to-source")?.click(),
        "?": showKeys,
    };
    const down = (e) => {
        if (e.ctrlKey || e.metaKey || e.altKey) return;
        if (e.key === "Escape") {
            if (document.activeElement === page.filters.search) page.filters.search.blur();
            else if (page.pane() === "item" && !isTyping(e.target)) page.leaveItem();
            return;
        }
        if (isTyping(e.target) || !acts[e.key]) return;
        e.preventDefault();
        acts[e.key]();
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
}
