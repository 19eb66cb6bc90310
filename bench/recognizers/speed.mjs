// speed: how fast Microsoft's Recognizers-Text finds Chinese numbers in texts.
//
//   node speed.mjs SECONDS FILE...
//
// Feeds the texts a paragraph at a time, as an application would, to models made once beforehand, in
// two rounds of SECONDS each: numbers alone, then numbers with percentages, currencies and dimensions.
// Prints one line a round: NAME BYTES WALL_SECONDS CPU_SECONDS FINDS PEAK_KB.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { Culture, NumberRecognizer } = require("@microsoft/recognizers-text-number");
const { NumberWithUnitRecognizer } = require("@microsoft/recognizers-text-number-with-unit");

const WARM_UP_PARAGRAPHS = 50; // enough for the engine to compile the regular expressions

const seconds = Number(process.argv[2]);
const files = process.argv.slice(3).map((path) => readFileSync(path));

const number = new NumberRecognizer(Culture.Chinese);
const unit = new NumberWithUnitRecognizer(Culture.Chinese);
const rounds = {
    "numbers": [number.getNumberModel()],
    "numbers-and-units": [
        number.getNumberModel(),
        number.getPercentageModel(),
        unit.getCurrencyModel(),
        unit.getDimensionModel(),
    ],
};

// The paragraphs of all files, over and over; decoded anew each time, so that no string meets a
// cache that an earlier pass filled.
function* paragraphs() {
    for (;;) {
        for (const file of files) {
            for (const line of file.toString("utf8").split("\n")) {
                if (line.trim() !== "") yield line;
            }
        }
    }
}

function countFinds(models, text) {
    return models.reduce((sum, model) => sum + model.parse(text).length, 0);
}

for (const [name, models] of Object.entries(rounds)) {
    const texts = paragraphs();
    for (let i = 0; i < WARM_UP_PARAGRAPHS; i++) countFinds(models, texts.next().value);

    const cpu = process.cpuUsage();
    const start = performance.now();
    let bytes = 0;
    let found = 0;
    while (performance.now() - start < seconds * 1000) {
        const text = texts.next().value;
        found += countFinds(models, text);
        bytes += Buffer.byteLength(text) + 1;
    }
    const wall = (performance.now() - start) / 1000;
    const used = process.cpuUsage(cpu);
    const busy = (used.user + used.system) / 1e6;
    const peak = process.resourceUsage().maxRSS;
    console.log(name, bytes, wall.toFixed(3), busy.toFixed(3), found, peak);
}
