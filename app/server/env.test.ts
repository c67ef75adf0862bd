import { describe, expect, it } from "vitest";
import { readEnv } from "./env.ts";

const good = {
  DATABASE_WEB_URL: "postgres://web:x@127.0.0.1:5432/playgraph",
  DATABASE_ENGINE_URL: "postgresql://engine:x@127.0.0.1/playgraph",
  PLAYGRAPH_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"),
};

describe("web environment", () => {
  it("fills in what is not set", () => {
    const result = readEnv({ ...good, PORT: "" });
    expect(result).toMatchObject({ ok: true, env: { HOST: "127.0.0.1", PORT: 3000, BASE_URL: "http://127.0.0.1:3000" } });
  });

  it("names each wrong variable in one line and never its value", () => {
    const result = readEnv({ ...good, DATABASE_WEB_URL: undefined, PORT: "99999", PLAYGRAPH_SECRET_KEY: "c2hvcnQ", BASE_URL: "ftp://x" });
    expect(result.ok).toBe(false);
    const problems = result.ok ? [] : result.problems;
    expect(problems.map((line) => line.split(":")[0]).sort()).toEqual(["BASE_URL", "DATABASE_WEB_URL", "PLAYGRAPH_SECRET_KEY", "PORT"]);
    expect(problems.join("\n")).not.toContain("c2hvcnQ");
    expect(problems.every((line) => !line.includes("\n"))).toBe(true);
  });
});
