// A new user with nothing but the README: each step of "A year on the board" as it is written there,
// from `make run` (what it runs: tools/run) to a sheet that LibreOffice opens.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const SECRET = "a lake of many waters";

let folder;
let run;
let browser;
let page;

const freePort = () =>
    new Promise((done) => {
        const s = createServer().listen(0, "127.0.0.1", () => {
            const { port } = s.address();
            s.close(() => done(port));
        });
    });

// What `make run` says until it listens: the address, and above it the one-time password.
async function start() {
    folder = mkdtempSync(join(tmpdir(), "taihu-readme-"));
    const port = await freePort();
    run = spawn(join(root, "tools/run"), {
        env: { ...process.env, ONCE: "", PORT: String(port), RUN_DIR: folder },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const told = new Promise((done, fail) => {
        for (const stream of [run.stdout, run.stderr]) {
            createInterface({ input: stream }).on("line", (line) => {
                said += line + "\n";
                if (line.startsWith("listening on ")) done(said);
            });
        }
        run.on("exit", (code) => fail(new Error(`tools/run ended with ${code}: ${said}`)));
    });
    await told;
    return {
        url: /listening on (\S+)/.exec(said)[1],
        password: /one-time password: (\S+)/.exec(said)[1],
    };
}

before(async () => {
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--headless", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
});

after(async () => {
    await browser?.close();
    run?.kill();
    rmSync(folder, { recursive: true, force: true });
});

const press = (name) => page.getByRole("button", { name, exact: true }).first().click();

test("from nothing to a confirmed owner, a reported progress and a sheet", async () => {
    // 1
    const { url, password } = await start();
    await page.goto(url);
    await press("EN");
    // 2
    await page.getByLabel("Login", { exact: true }).fill("admin");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await press("Sign in");
    // 3
    await page.getByLabel("Present password").fill(password);
    await page.getByLabel("New password").fill(SECRET);
    await page.getByLabel("Once more").fill(SECRET);
    await press("Save");
    // 4
    await page.getByRole("heading", { name: "2022年政府工作报告" }).waitFor();
    await page.waitForSelector(".row.task");
    await page.getByRole("link", { name: "Plans", exact: true }).click();
    await page.getByText("2021年政府工作重點").first().click();
    await page.waitForSelector(".row.task");
    assert.equal(await page.locator(".row.task").count(), 219);
    assert.equal(await page.locator(".row.target").count(), 49);
    // 5
    await page.getByLabel("As of", { exact: true }).first().fill("2021-06-30");
    await page.waitForFunction(() => location.hash.includes("at=2021-06-30"));
    // 6
    await page.getByLabel("Search").fill("5G基站");
    await page.waitForFunction(() => document.querySelectorAll(".list .row").length === 2);
    const task = page.locator(".row.task");
    await task.click();
    await page.waitForFunction(() => location.hash.includes("item=task."));
    await task.click();
    // 7
    await page.waitForSelector(".confirm-owners");
    await press("Confirm");
    await page.locator(".item").getByText("confirmed").first().waitFor();
    // 8
    const target = page.locator(".row.target");
    await target.click();
    await page.locator(".item").getByText("4000個").first().waitFor();
    await press("Report progress");
    const form = page.locator(".report-form");
    await form.getByLabel(/^Value/).fill("1500");
    await form.getByLabel("As of", { exact: true }).fill("2021-06-28");
    await form.locator("button[type=submit]").click();
    await page
        .getByText(/48\.8% is due \(122 of 250 working days\), 1500 個 was reported \(2021-06-28\)/)
        .first()
        .waitFor();
    assert.equal(await target.getAttribute("data-light"), "yellow");
    // 9
    await page.getByText("Export", { exact: true }).first().click();
    const download = page.waitForEvent("download");
    await page.locator("a[href*='view=targets'][href*='format=xlsx']").click();
    const sheet = join(folder, (await download).suggestedFilename());
    assert.match(sheet, /plan-2021-Targets-2021-06-30\.xlsx$/);
    await (await download).saveAs(sheet);
    execFileSync(
        "soffice",
        [
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76",
            "--outdir",
            folder,
            `-env:UserInstallation=file://${folder}/office`,
            sheet,
        ],
        { stdio: "ignore" },
    );
    const rows = readFileSync(sheet.replace(/xlsx$/, "csv"), "utf8").trim().split("\n");
    assert.equal(rows.length, 2, "the heading and the one row that the filter leaves");
    assert.match(rows[1], /新增5G基站4000個以上/);
    assert.match(rows[1], /1500/);
    assert.match(rows[1], /市工业和信息化局/);
});
