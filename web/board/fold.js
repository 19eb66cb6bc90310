// Text as the search compares it, so that it finds simplified and traditional characters alike. The
// table is that of src/text/fold: tools/gen_fold writes it for the grammar and for this page.
import { PAIRS } from "./fold_table.js";

const FORMS = new Map(); // traditional to simplified
for (let i = 0; i < PAIRS.length; i += 2) FORMS.set(PAIRS[i], PAIRS[i + 1]);

// As the search compares: simplified, lower case, full-width letters and digits as ASCII.
export function fold(text) {
    let out = "";
    for (const c of text.normalize("NFKC").toLowerCase()) out += FORMS.get(c) ?? c;
    return out;
}
