// The flags of quality (QARTOD), as signs and words: a shape for each, never colour alone.
import { h, svg } from "./dom.js";
import { t } from "./words.js";

const NAMES = { 1: "good", 2: "unjudged", 3: "suspect", 4: "fail", 9: "missing" };

export const SHAPES = {
    good: ["circle", { cx: 7, cy: 7, r: 5 }],
    suspect: ["path", { d: "M7 1.5 13.2 12.5H.8Z" }],
    fail: ["rect", { x: 1.5, y: 1.5, width: 11, height: 11 }],
    missing: ["path", { d: "M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5" }],
    unjudged: ["circle", { cx: 7, cy: 7, r: 4.2 }],
};

// "good", "suspect" ... of 1, 3 ...; an observation that nobody judged has none.
export const flagOf = (flag) => NAMES[flag] ?? "unjudged";

export const TESTS = ["gross", "spike", "rate", "flat", "gap"];

// The sign with its word; `brief` leaves the word to who hears the page.
export function flagSign(flag, brief = false) {
    const name = flagOf(flag);
    const [shape, props] = SHAPES[name];
    return h(
        "span.flag",
        { class: name },
        svg("svg.sign", { viewBox: "0 0 14 14", "aria-hidden": "true" }, svg(shape, props)),
        h("span", { class: brief ? "unseen" : null }, t("flag_" + name)),
    );
}

// What each test said, in words: "spike: suspect".
export const testsOf = (qartod) =>
    TESTS.filter((name) => qartod?.[name] !== undefined).map(
        (name) => t("test_" + name) + t("colon") + t("flag_" + flagOf(qartod[name])),
    );
