// A server for the tests of the board: address, accounts, and how to stop it.
//
//   TAIHU  the program, build/taihu without it
//
// {url, accounts: {admin: [login, password], office: [...], fresh: [...]}, stop()}: office is of
// the science bureau, fresh has a one-time password. Both samples are kept.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startStub } from "./stub_server.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const taihu = resolve(process.env.TAIHU ?? resolve(root, "build/taihu"));

export const startServer = () => startStub(root, taihu);
