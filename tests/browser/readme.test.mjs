// The README's section "A year on the board", step by step as it is written there, in Chromium against
// what `make run` starts: from the printed one-time password to a sheet that LibreOffice opens.
//
//   CHROMIUM    the browser, Debian's without it
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./lib/browser.mjs";
import { root } from "./lib/server.mjs";

const folder = mkdtempSync(join(tmpdir(), "taihu-readme-"));
let url;
let password;
let program;
let browser;

// A port that nobody listens on.
const freePort = () =>
    new Promise((resolve) => {
        const s = createServer().listen(0, "127.0.0.1", () => {
            const { port } = s.address();
            s.close(() => resolve(port));
        });
    });

// Step 1: tools/run is what `make run` calls when all is built.
async function start() {
    const port = await freePort();
    program = spawn(join(root, "tools/run"), {
        env: { ...process.env, PORT: String(port), RUN_DIR: join(folder, "run"), ONCE: "" },
    });
    let said = "";
    await new Promise((resolve, reject) => {
        const hear = (bytes) => {
            said += bytes;
            if (/^listening on /m.test(said) && /one-time password: \S+\n/.test(said)) resolve();
        };
        program.stdout.on("data", hear);
        program.stderr.on("data", hear);
        program.on("exit", (code) => reject(new Error(`tools/run ended with ${code}: ${said}`)));
    });
    url = /^listening on (http:\S+)$/m.exec(said)[1];
    assert.equal(url, `http://127.0.0.1:${port}`);
    password = /one-time password: (\S+)\n/.exec(said)[1];
}

before(async () => {
    await start();
    browser = await launch();
});

after(async () => {
    await browser?.close();
    if (program && program.exitCode === null) {
        const ended = new Promise((resolve) => program.on("exit", resolve));
        program.kill("SIGTERM");
        await ended;
    }
    rmSync(folder, { recursive: true, force: true });
});

// A sheet as LibreOffice reads it; without LibreOffice the bytes of its parts say as much.
function readSheet(file) {
    if (!existsSync("/usr/bin/soffice")) return null;
    execFileSync(
        "soffice",
        [
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76",
            "--outdir",
            folder,
            `-env:UserInstallation=file://${folder}/office`,
            file,
        ],
        { stdio: "ignore" },
    );
    return readFileSync(file.replace(/xlsx$/, "csv"), "utf8");
}

test("a year on the board, as the README tells it", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    const button = (name) => page.getByRole("button", { name, exact: true });
    await page.goto(url);
    await button("EN").click();

    // 2
    await page.getByLabel("Login").fill("admin");
    await page.getByLabel("Password").fill(password);
    await button("Sign in").click();

    // 3
    await page.getByLabel("Present password").fill(password);
    await page.getByLabel("New password").fill("quiet heron 7 lakes");
    await page.getByLabel("Once more").fill("quiet heron 7 lakes");
    await button("Save").click();

    // 4
    await page.waitForSelector(".board-title:has-text('2022')");
    await page.getByRole("link", { name: "Plans", exact: true }).click();
    const card = page.getByRole("link", { name: /2021年政府工作重點/ });
    assert.match(await card.textContent(), /9 areas.*219 tasks.*49 targets/);
    await card.click();
    await page.waitForSelector(".board .row");
    assert.ok(await page.locator(".text p").first().isVisible());

    // 5
    await page.getByLabel("As of", { exact: true }).fill("2021-06-30");
    await page.waitForFunction(() => location.hash.includes("at=2021-06-30"));
    await page.waitForSelector(".year-over", { state: "detached" });
    assert.ok(Number(await page.textContent(".tile.red b")) > 200);

    // 6
    await page.getByLabel("Search").fill("5G基站");
    await page.waitForFunction(() => document.querySelectorAll(".list .row").length === 2);
    const numbers = await page.locator(".list .row .no").allTextContents();
    assert.deepEqual(numbers, ["3.3.2", "t23"]);
    assert.match(await page.textContent(".row.target .row-link"), /4000個/);
    await page.click(".row.task .words");
    await page.waitForSelector(".text .hot:has-text('5G基站4000個')");
    await page.click(".row.task .words");
    await page.waitForSelector(".item h2:has-text('5G基站')");
    assert.match(await page.textContent(".item .why"), /48\.8%/);

    // 7
    const owners = page.locator(".item .part:has(.owner-list)");
    assert.match(await owners.textContent(), /Responsible bodies/);
    assert.match(await owners.textContent(), /工业和信息化局.*proposed/s);
    await owners.getByRole("button", { name: "Confirm", exact: true }).click();
    await page.waitForSelector(".item .owner.confirmed:has-text('市工业和信息化局')");
    const history = await page.textContent(".timeline li:has-text('市工业和信息化局')");
    assert.match(history, /系统管理员.*who answers for it/);

    // 8
    await page.click(".row.target .words");
    await page.waitForSelector(".item .crumb:has-text('t23')");
    await button("Report progress").click();
    const form = page.locator(".report-form");
    await form.getByLabel("Value").fill("1500");
    await form.getByLabel("As of").fill("2021-06-28");
    await form.getByRole("button", { name: "Report", exact: true }).click();
    await page.waitForSelector(".row.target[data-light=yellow]");
    await page.waitForSelector(".row.task[data-light=yellow]");
    await page.waitForSelector(".item .status-line .light.yellow");
    assert.equal(
        await page.textContent(".item .why"),
        "48.8% is due (122 of 250 working days), 1500 個 was reported (2021-06-28), " +
            "37.5% of the goal, 11.3 percentage points behind",
    );

    // 9
    await page.locator(".exports summary").click();
    const line = page.locator(".exports .menu-list p:has-text('Targets')");
    const coming = page.waitForEvent("download");
    await line.getByRole("link", { name: "XLSX" }).click();
    const file = join(folder, "targets.xlsx");
    await (await coming).saveAs(file);
    assert.equal(readFileSync(file).subarray(0, 2).toString(), "PK");
    const rows = readSheet(file)?.trim().split("\n");
    if (rows) {
        assert.equal(rows.length, 2);
        assert.match(rows[0], /Indicator.*Reported/);
        assert.match(rows[1], /t23.*5G基站.*4000.*1500.*2021-06-28/);
    }
    await context.close();
});
