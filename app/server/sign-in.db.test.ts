import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_URL, PASSWORD, WebWorld } from "./testing.ts";

let world: WebWorld;

beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());

const login = (username: string, password: string) => world.request("POST", "/auth/login", { body: { username, password } });

async function browserSession(username: string): Promise<string> {
  const result = await world.services.auth.signIn({ username, password: PASSWORD }, { via: "browser", clientAddress: "test" });
  if (!result.ok) throw new Error(result.message);
  return result.secret;
}

const cookieOf = (setCookie: string): string => setCookie.split(";")[0]!;

describe("signing in", () => {
  it("answers a bearer token and who one is", async () => {
    const person = await world.addPerson("analyst");
    const { status, body } = await login(person.username, PASSWORD);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: "bearer", expires_in: 28_800, analyst: { id: person.id, username: person.username, role: "analyst", is_active: true } });
    expect(body.analyst.permissions).toHaveLength(12);
    expect(JSON.stringify(body)).not.toContain("password");
    expect((await world.request("GET", "/auth/me", { token: body.access_token })).body).toEqual(body.analyst);
  });

  it("stores nothing that opens a session", async () => {
    const person = await world.addPerson("viewer");
    const { body } = await login(person.username, PASSWORD);
    const cookie = await browserSession(person.username);
    const { rows } = await world.owner.query("SELECT row_to_json(s)::text AS text FROM sessions s WHERE user_id = $1", [person.id]);
    expect(rows).toHaveLength(3);
    for (const { text } of rows) {
      expect(text).not.toContain(body.access_token);
      expect(text).not.toContain(cookieOf(cookie).split("=")[1]);
    }
  });

  it("refuses a wrong password and an unknown name alike", async () => {
    const person = await world.addPerson("viewer");
    const wrong = await login(person.username, "wrong");
    const unknown = await login("nobody-at-all", "wrong");
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.body).toEqual(unknown.body);
  });

  it("refuses the deactivated (403), those without a password (401), and a switched-off tenant", async () => {
    const person = await world.addPerson("viewer");
    await world.owner.query("UPDATE users SET active = false WHERE id = $1", [person.id]);
    expect((await login(person.username, PASSWORD)).status).toBe(403);
    expect((await login(person.username, "wrong")).status).toBe(401);
    expect((await world.request("GET", "/auth/me", { token: person.token })).status).toBe(401);
    const single = await world.addPerson("viewer");
    await world.owner.query("UPDATE users SET password_hash = NULL WHERE id = $1", [single.id]);
    expect((await login(single.username, "")).status).toBe(401);
  });

  it.each([
    ["a password of 5 MB minus a little", { username: "x", password: "p".repeat(4_000_000) }, 401],
    ["more than bcrypt's 72 bytes", { username: "x", password: "p".repeat(100) }, 401],
    ["NUL in the password", { username: "x", password: "a\0b" }, 422],
    ["NUL in the name", { username: "x\0", password: "a" }, 422],
    ["a lone surrogate", '{"username":"\\ud800","password":"a"}', 422],
    ["a number", { username: 5, password: "a" }, 422],
    ["nothing", {}, 422],
    ["no JSON", "{", 400],
    ["a list", [], 422],
    ["10,000 levels", `{"username":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, 422],
  ])("%s is never a 500", async (_name, body, status) => {
    expect((await world.request("POST", "/auth/login", { body })).status).toBe(status);
  });

  it("slows guessing down (R208), and not the person at another address", async () => {
    const person = await world.addPerson("viewer");
    const statuses: number[] = [];
    for (let at = 0; at < 12; at++) statuses.push((await login(person.username, `guess ${at}`)).status);
    expect(statuses.slice(0, 5)).toEqual(Array<number>(5).fill(401));
    expect(new Set(statuses.slice(5))).toEqual(new Set([429]));
    const refused = await login(person.username, PASSWORD);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBe(refused.body.retry_after);
    const elsewhere = await world.services.auth.signIn({ username: person.username, password: PASSWORD }, { via: "token", clientAddress: "elsewhere" });
    expect(elsewhere.ok).toBe(true);
  });

  it("is in the audit log, failures too", async () => {
    const person = await world.addPerson("viewer");
    await login(person.username, "wrong");
    await login(person.username, PASSWORD);
    const { body } = await world.as("auditor", "GET", "/audit?limit=200");
    expect(body.entries.filter((entry: { target: string }) => entry.target === person.id).map((entry: { action: string }) => entry.action)).toEqual(["login", "login_failed"]);
  });
});

describe("a session", () => {
  it("ends with the sign-out", async () => {
    const person = await world.addPerson("viewer");
    const signOut = await world.request("POST", "/auth/logout", { token: person.token });
    expect(signOut.status).toBe(200);
    expect((await world.request("GET", "/auth/me", { token: person.token })).status).toBe(401);
  });

  it("expires", async () => {
    const person = await world.addPerson("viewer");
    await world.owner.query("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1", [person.id]);
    expect((await world.request("GET", "/auth/me", { token: person.token })).status).toBe(401);
  });

  it("of a browser is a cookie that scripts cannot read, renewed in its second half", async () => {
    const person = await world.addPerson("viewer");
    const setCookie = await browserSession(person.username);
    expect(setCookie).toMatch(/^playgraph_session_3000=/);
    for (const part of ["HttpOnly", "SameSite=Lax", "Path=/"]) expect(setCookie).toContain(part);
    const headers = { cookie: cookieOf(setCookie) };
    const early = await world.request("GET", "/auth/me", { headers });
    expect([early.status, early.headers.get("set-cookie")]).toEqual([200, null]);
    await world.owner.query("UPDATE sessions SET expires_at = now() + interval '3 hours' WHERE user_id = $1 AND kind = 'browser'", [person.id]);
    const late = await world.request("GET", "/auth/me", { headers });
    expect(late.status).toBe(200);
    expect(late.headers.get("set-cookie")).toContain(cookieOf(setCookie));
    const { rows } = await world.owner.query("SELECT expires_at > now() + interval '7 hours' AS renewed FROM sessions WHERE user_id = $1 AND kind = 'browser'", [person.id]);
    expect(rows).toEqual([{ renewed: true }]);
  });

  it("is no bearer token, and a bearer token is no cookie", async () => {
    const person = await world.addPerson("viewer");
    const value = cookieOf(await browserSession(person.username)).split("=")[1]!;
    expect((await world.request("GET", "/auth/me", { token: value })).status).toBe(401);
    expect((await world.request("GET", "/auth/me", { headers: { cookie: `playgraph_session_3000=${person.token}` } })).status).toBe(401);
  });

  it("changes role at once", async () => {
    const person = await world.addPerson("viewer");
    expect((await world.request("GET", "/audit", { token: person.token })).status).toBe(403);
    await world.owner.query("UPDATE users SET role = 'auditor' WHERE id = $1", [person.id]);
    expect((await world.request("GET", "/audit", { token: person.token })).status).toBe(200);
  });

  it("cannot be used by other sites", async () => {
    const person = await world.addPerson("analyst");
    const cookie = cookieOf(await browserSession(person.username));
    const logout = (headers: Record<string, string>) => world.request("POST", "/auth/logout", { headers: { cookie, ...headers } });
    expect((await logout({ origin: "https://evil.example", "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await logout({ origin: BASE_URL, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });
});

describe("changing one's password", () => {
  const change = (token: string, current_password: string, new_password: string) => world.request("POST", "/auth/change-password", { token, body: { current_password, new_password } });

  it("needs the current one, ends every other session, and holds", async () => {
    const person = await world.addPerson("viewer");
    const { body: other } = await login(person.username, PASSWORD);
    const cookie = cookieOf(await browserSession(person.username));
    expect((await change(person.token, "wrong", "a brand new password")).status).toBe(401);
    expect((await change(person.token, PASSWORD, "short")).status).toBe(422);
    expect((await change(person.token, PASSWORD, "a brand new password")).status).toBe(200);
    expect((await world.request("GET", "/auth/me", { token: person.token })).status).toBe(200);
    expect((await world.request("GET", "/auth/me", { token: other.access_token })).status).toBe(401);
    expect((await world.request("GET", "/auth/me", { headers: { cookie } })).status).toBe(401);
    expect((await login(person.username, PASSWORD)).status).toBe(401);
    expect((await login(person.username, "a brand new password")).status).toBe(200);
  });

  it("is no way to guess it with a stolen session", async () => {
    const person = await world.addPerson("viewer");
    const statuses: number[] = [];
    for (let at = 0; at < 7; at++) statuses.push((await change(person.token, `guess ${at}`, "a brand new password")).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

describe("answers", () => {
  it("carry headers that narrow the browser", async () => {
    const { headers } = await world.request("GET", "/health");
    expect(Object.fromEntries(["x-content-type-options", "x-frame-options", "content-security-policy"].map((name) => [name, headers.get(name)]))).toEqual({
      "x-content-type-options": "nosniff", "x-frame-options": "DENY", "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    });
  });

  it("for nothing there are 404 in JSON", async () => {
    for (const path of ["/nosuch", "//api/v1/../../etc/passwd", "//api/v1"]) expect((await world.request("GET", path)).status).toBe(404);
  });

  it("say that the service is well, at both addresses", async () => {
    for (const path of ["//health", "/health"]) expect(await world.request("GET", path)).toMatchObject({ status: 200, body: { status: "ok", database: "ok" } });
  });

  it("show the API's documentation from this server alone", async () => {
    const page = await world.request("GET", "/docs");
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    for (const [file, type] of [["swagger-ui.css", "text/css"], ["swagger-ui-bundle.js", "text/javascript"], ["start.js", "text/javascript"]] as const) {
      const answer = await world.request("GET", `/docs/${file}`);
      expect([file, answer.status, answer.headers.get("content-type")]).toEqual([file, 200, `${type}; charset=utf-8`]);
    }
    for (const file of ["package.json", "..%2fpackage.json", "swagger-ui.js.map"]) expect((await world.request("GET", `/docs/${file}`)).status).toBe(404);
  });
});
