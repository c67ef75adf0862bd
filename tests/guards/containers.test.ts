/** There is no container engine where the tests run: what can be checked of the image and the compose file without one, is. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readEnv } from "#app/server/env.ts";
import { readWorkerEnv } from "#engine/env.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const { scripts, dependencies } = z.object({ scripts: z.record(z.string(), z.string()), dependencies: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));

const compose = z.object({
  services: z.record(z.string(), z.object({
    command: z.array(z.string()).optional(),
    environment: z.record(z.string(), z.coerce.string()).default({}),
    ports: z.array(z.string()).default([]),
    depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    deploy: z.object({ replicas: z.number() }).optional(),
  })),
}).parse(parse(read("docker-compose.yml"), { merge: true }));
const service = (name: string) => compose.services[name] ?? expect.fail(`there is no service ${name}`);

const SECRETS: Record<string, string> = {
  POSTGRES_PASSWORD: "owner", WEB_DATABASE_PASSWORD: "web", ENGINE_DATABASE_PASSWORD: "engine",
  PLAYGRAPH_SECRET_KEY: Buffer.alloc(32).toString("base64"), PLAYGRAPH_ADMIN_PASSWORD: "a-password", PLAYGRAPH_API_KEY: "k".repeat(20),
};

/** What Compose does with ${NAME:?message} and ${NAME:-default}. */
function environmentOf(name: string, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(service(name).environment).map(([key, value]) => [key, value.replaceAll(/\$\{(\w+):([?-])([^}]*)\}/g, (_, variable: string, kind: string, text: string) => {
    if (given[variable]) return given[variable];
    if (kind === "?") throw new Error(`${variable}: ${text}`);
    return text;
  })]));
}

const npmScripts = (text: string): string[] => [...text.matchAll(/npm"?,? "?run"?,?\s(?:"?--silent"?,?\s)?"?([\w:]+)/g)].map((match) => match[1] as string);

test("the commands of image and services are npm scripts that exist", () => {
  const used = [...npmScripts(read("Dockerfile")), ...Object.values(compose.services).flatMap(({ command = [] }) => npmScripts(JSON.stringify(command)) .concat(npmScripts(command.join(" "))))];
  expect(new Set(used)).toEqual(new Set(["generate", "build", "web", "worker", "migrate", "seed"]));
  for (const name of used) expect(scripts).toHaveProperty(name);
});

test("signals reach the programs: no shell between npm and them", () => {
  // npm passes a signal to its `sh -c`, which would not pass it on.
  for (const name of ["start", "test", "web", "worker"]) expect(scripts[name]).toMatch(/^exec node /);
});

test("web and worker accept the environment that compose gives them, and only the port that is published", () => {
  const web = readEnv(environmentOf("web", SECRETS));
  expect(web).toMatchObject({ ok: true, env: { HOST: "0.0.0.0", PORT: 3000 } });
  expect(service("web").ports).toEqual(["${PORT:-3000}:3000"]);
  expect(read("Dockerfile")).toContain("EXPOSE 3000");
  expect(readWorkerEnv({ NODE_ENV: "production", ...environmentOf("worker", SECRETS) })).toMatchObject({ DATABASE_ENGINE_URL: expect.stringContaining("playgraph_engine_app") });
  expect(service("worker").deploy?.replicas).toBeGreaterThan(1);
});

test.each(Object.keys(SECRETS))("%s has no default", (name) => {
  const { [name]: _missing, ...rest } = SECRETS;
  expect(() => ["postgres", "migrate", "web", "worker"].map((each) => environmentOf(each, rest))).toThrow(name);
});

test("only the migration knows the owner's password", () => {
  for (const name of ["web", "worker"]) expect(Object.keys(environmentOf(name, SECRETS))).not.toContain("DATABASE_URL");
  expect(environmentOf("migrate", SECRETS)).toMatchObject({ DATABASE_URL: "postgresql://playgraph:owner@postgres:5432/playgraph" });
});

test("web and worker wait for the migration, and it waits for the database", () => {
  expect(service("migrate").depends_on).toEqual({ postgres: { condition: "service_healthy" } });
  for (const name of ["web", "worker"]) expect(service(name).depends_on).toEqual({ migrate: { condition: "service_completed_successfully" } });
});

test("the image is pinned, runs without root, and holds what its commands import", () => {
  const dockerfile = read("Dockerfile");
  for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(/^node:\d+\.\d+\.\d+-/);
  expect(dockerfile).toMatch(/^USER node$/m);
  const left = read(".dockerignore").split("\n");
  for (const folder of ["app", "engine", "nodes", "playbooks", "prisma", "bin", "public"]) expect(left).not.toContain(folder);
});

test("what runs in the image needs no package that is left out of it", () => {
  const files = globSync(["app/**/*.{ts,tsx}", "engine/**/*.ts", "nodes/**/*.ts", "playbooks/format/*.ts", "prisma/*.ts"], { cwd: ROOT })
    // The route configuration is read by the build alone.
    .filter((file) => !/\.test\.tsx?$|testing\.ts$|^app\/routes\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const missing = files.flatMap((file) => {
    // Without types, which are gone when it runs.
    const { code } = transformSync(read(file), { loader: file.endsWith("x") ? "tsx" : "ts", jsx: "preserve", tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } });
    const specifiers = [...code.matchAll(/^(?:import |export |\}).*?"([^"#.][^"]*)";$/gm)].flatMap((match) => (/^import "|\bfrom "/.test(match[0]) ? [match[1] as string] : []));
    return specifiers.filter((specifier) => !specifier.startsWith("node:") && !(specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/") in dependencies)).map((specifier) => `${file}: ${specifier}`);
  });
  expect(missing).toEqual([]);
});
