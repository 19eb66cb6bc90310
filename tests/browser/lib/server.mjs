// A server for the tests of the board: the program itself, with both samples kept and an account of
// each kind that the tests sign in with.
//
//   {url, accounts: {admin: [login, password], office: [...], fresh: [...]}, client, other, stop()}
//
// client is signed in as admin, other as a planner.
// office is of the science bureau; fresh has a one-time password and sees what the public sees.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PASSWORD, Server, outcome_bytes, plan_bytes } from "../../server/lib/server.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

export async function startServer() {
    const server = await Server.start();
    const admin = await server.administrator();
    await admin.load_plan(plan_bytes(), "wuxi-2021.txt");
    await admin.load_plan(outcome_bytes(), "wuxi-2022.txt");
    const other = await server.account(admin, {
        login: "planner",
        name: "计划处",
        role: "planner",
        organisation: "wuxi.development",
    });
    await server.account(admin, {
        login: "office",
        name: "科技局专员",
        role: "department",
        organisation: "wuxi.science",
    });
    const task = await admin.change("PUT", "/api/plans/1/tasks/10", "/owners", {
        owners: [{ organisation: "wuxi.science", name: "无锡市科学技术局", role: "lead" }],
    });
    if (task.status !== 200) throw new Error(JSON.stringify(task.body));
    const fresh = await admin.expect(201, "POST", "/api/accounts", {
        login: "fresh",
        name: "新同志",
        role: "public",
        organisation: null,
    });
    return {
        url: server.url,
        accounts: {
            admin: ["admin", PASSWORD],
            office: ["office", PASSWORD],
            fresh: ["fresh", fresh.body.password],
        },
        client: admin,
        other,
        stop: () => server.close(),
    };
}
