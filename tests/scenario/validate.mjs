// validate: checks JSON against a JSON Schema with ajv, which tests/browser installs.
//
//   node validate.mjs SCHEMA.json FILE...
//
// A FILE is one JSON value, or one a line where its name ends .jsonl; an array is checked item by
// item. Prints how many values were checked. Exit 1 with a line for each fault, or when there was
// nothing to check.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../browser/package.json", import.meta.url));
const { default: Ajv } = require("ajv/dist/2020.js");

const [schemaPath, ...paths] = process.argv.slice(2);
const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addFormat("date", /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, "utf8")));

function values(path) {
    // fatal: a byte that is no UTF-8 is a fault, not a replacement character
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    const all = path.endsWith(".jsonl")
        ? text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
        : [JSON.parse(text)];
    return all.flat();
}

let checked = 0;
let faults = 0;
for (const path of paths) {
    for (const value of values(path)) {
        checked++;
        if (!validate(value)) {
            for (const e of validate.errors.slice(0, 5)) {
                console.error(`${path}: ${e.instancePath}: ${e.message}`);
            }
            faults++;
        }
    }
}
console.log(`${checked} checked, ${faults} at fault`);
process.exit(checked > 0 && faults === 0 ? 0 : 1);
