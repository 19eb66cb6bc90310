// The pages of what the city senses, in Chromium: types and list, the map, one entity with its
// history and flags of quality, search, keyboard, phone, both languages, axe-core.
//
//   TAIHU       the program, build/taihu without it; for the browser see lib/browser.mjs
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, open as openPage, PHONE, photograph, violations } from "./lib/browser.mjs";
import { startServer } from "./lib/server.mjs";

const V1 = "/ngsi-ld/v1";
const HOUR = 3600000;
const START = Date.parse("2026-03-01T00:00:00Z");
const STATIONS = [
    ["urn:ngsi-ld:AirQualityObserved:xuelang", "雪浪", [120.26, 31.49]],
    ["urn:ngsi-ld:AirQualityObserved:huangxiang", "黄巷", [120.29, 31.62]],
    ["urn:ngsi-ld:AirQualityObserved:nowhere", "无处", null],
];
// 48 hours with a hole of six; one value stands out of any range an instrument has
const HOURS = Array.from({ length: 48 }, (_, i) => i).filter((i) => i < 20 || i >= 26);
const pm25 = (i) => (i === 40 ? -5 : 30 + (i % 7));

let server;
let browser;

const station = ([id, name, at], i) => ({
    id,
    type: "AirQualityObserved",
    name: { type: "Property", value: name },
    pm25: {
        type: "Property",
        value: pm25(i),
        unitCode: "GQ",
        observedAt: new Date(START + i * HOUR).toISOString(),
    },
    ...(at && { location: { type: "GeoProperty", value: { type: "Point", coordinates: at } } }),
    refDevice: { type: "Relationship", object: "urn:ngsi-ld:Device:d1" },
});

before(async () => {
    server = await startServer();
    browser = await launch();
    const send = (body) => server.other.call("POST", V1 + "/entityOperations/upsert?options=update", body);
    for (const i of HOURS) {
        const answer = await send(STATIONS.map((s) => station(s, i)));
        assert.ok(answer.status < 300, JSON.stringify(answer.body));
    }
    await send([{ id: "urn:ngsi-ld:Device:d1", type: "Device", name: { type: "Property", value: "<b>d1</b>" } }]);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

const open = (options, use) => openPage(browser, server, options, use);

const goTo = async (page, hash, selector) => {
    await page.goto(server.url + "/" + hash);
    await page.waitForSelector(selector);
};

const LIST = "#/entities?type=AirQualityObserved";
const ONE = "#/entities/" + encodeURIComponent(STATIONS[0][0]);
const list = (page) => goTo(page, LIST, ".entity-row");
const one = (page, query = "") => goTo(page, ONE + query, ".chart .actual");

describe("the list", () => {
    test("has each type, its entities with their latest values, and how many", () =>
        open({}, async (page) => {
            await list(page);
            assert.deepEqual(await page.locator(".chip").allTextContents(), ["AirQualityObserved", "Device"]);
            assert.equal(await page.locator(".entity-row").count(), 3);
            const row = page.locator(".entity-row", { hasText: "雪浪" });
            assert.match(await row.textContent(), /pm25\s*35\s*µg\/m³/);
            assert.match(await page.locator(".entities-list [role=status]").textContent(), /3/);
            await photograph(page, "entities");
        }));

    test("finds by a part of the id", () =>
        open({}, async (page) => {
            await list(page);
            await page.fill("#search", "huang");
            await page.waitForFunction(() => document.querySelectorAll(".entity-row").length === 1);
            assert.match(page.url(), /q=huang/);
            await page.fill("#search", "a{2}(");
            await page.waitForSelector(".nothing");
        }));

    test("another type shows its own, and text is text", () =>
        open({}, async (page) => {
            await list(page);
            await page.click(".chip:text('Device')");
            await page.waitForSelector(".entity-row:has-text('<b>d1</b>')");
        }));
});

describe("the map", () => {
    test("has the seven districts and a mark for each entity with a place", () =>
        open({}, async (page) => {
            await list(page);
            await page.waitForSelector(".map-mark");
            assert.equal(await page.locator(".map-ground path").count(), 7);
            assert.equal(await page.locator(".map-mark").count(), 2);
            assert.ok((await page.locator(".map-names text").allTextContents()).includes("滨湖区"));
        }));

    test("a mark opens its entity; keys and buttons move and zoom", () =>
        open({}, async (page) => {
            await list(page);
            const view = () => page.$eval(".map", (e) => e.getAttribute("viewBox"));
            const first = await view();
            await page.focus(".map");
            await page.keyboard.press("+");
            const near = await view();
            assert.notEqual(near, first);
            await page.keyboard.press("ArrowLeft");
            assert.notEqual(await view(), near);
            await page.keyboard.press("0");
            assert.equal(await view(), first);
            await page.click(".map-buttons button >> nth=0");
            assert.notEqual(await view(), first);
            await page.click(".map-buttons button >> nth=2");
            await page.click(`.map-mark[data-id="${STATIONS[1][0]}"]`);
            await page.waitForSelector("h1:text('黄巷')");
        }));
});

describe("one entity", () => {
    test("has its attributes, its history with holes, and the flag of what is doubtful", () =>
        open({}, async (page) => {
            await one(page, "?span=last");
            assert.match(await page.locator("table").first().textContent(), /pm25.*µg\/m³/);
            // the hole of six hours parts the line
            assert.equal(await page.locator(".chart .actual").count(), 2);
            assert.equal(await page.locator(".chart .flag-mark.fail").count(), 1);
            await page.click(".data summary");
            assert.equal(await page.locator(".data tbody tr").count(), HOURS.length);
            assert.match(await page.locator(".data").textContent(), /不合格/);
            await page.hover(".chart");
            assert.match(await page.locator(".told").textContent(), /µg\/m³/);
            await photograph(page, "entity");
        }));

    test("a span is looked at back from the latest observation", () =>
        open({}, async (page) => {
            await one(page, "?span=day");
            await page.click(".data summary");
            // hours 23 to 47, of which 23, 24 and 25 are missing
            assert.equal(await page.locator(".data tbody tr").count(), 22);
            await page.click(".chip >> nth=3");
            await page.waitForFunction(
                (n) => document.querySelectorAll(".data tbody tr").length === n,
                HOURS.length,
            );
        }));

    test("a relationship leads on; one that is not there is said", () =>
        open({}, async (page) => {
            await one(page);
            await page.click("a:text('urn:ngsi-ld:Device:d1')");
            await page.waitForSelector("h1:text('<b>d1</b>')");
            await page.goto(server.url + "/#/entities/urn%3Angsi-ld%3ADevice%3Anone");
            await page.waitForSelector(".problem");
        }));

    test("what is observed meanwhile appears by itself", () =>
        open({}, async (page) => {
            await page.clock.install();
            await one(page);
            const answer = await server.other.call("POST", V1 + "/entityOperations/upsert?options=update", [
                { ...station(STATIONS[0], 60), pm25: { ...station(STATIONS[0], 60).pm25, value: 77 } },
            ]);
            assert.ok(answer.status < 300);
            await page.clock.runFor(16000);
            await page.waitForSelector("td:has-text('77')");
        }));
});

describe("who may not read entities", () => {
    test("finds no way to them", () =>
        open({ who: null }, async (page) => {
            assert.equal(await page.locator("a[href='#/entities']").count(), 0);
        }));
});

const CASES = {
    Chinese: { language: "zh-Hans" },
    "English, dark": { language: "en", colorScheme: "dark" },
    "Chinese, phone": { language: "zh-Hans", device: PHONE },
    "English, phone, dark": { language: "en", device: PHONE, colorScheme: "dark" },
};

describe("in every language and size", () => {
    for (const [name, options] of Object.entries(CASES)) {
        test(name + ": axe-core finds nothing, and nothing is wider than the window", () =>
            open({ ...options, bypassCSP: true }, async (page) => {
                const found = [];
                for (const [at, show] of Object.entries({ list, one })) {
                    await show(page);
                    found.push(...(await violations(page, at)));
                    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                    assert.ok(wide <= 0, `${at} is ${wide} wider than the window`);
                    await photograph(page, `${at}-${name.replace(/\W+/g, "-")}`);
                }
                assert.deepEqual(found, []);
            }),
        );
    }
});
