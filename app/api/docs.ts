/** The OpenAPI document and a page to read and try it, served from the installed package: nothing is loaded from elsewhere. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DOCS_POLICY } from "#app/server/security-headers.ts";
import { type Api, plainRoute } from "./endpoint.ts";
import { VERSION } from "./health.ts";

const TYPES: Record<string, string> = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" };

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Playgraph API</title><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="docs"></div><script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body>
</html>
`;

const START = `SwaggerUIBundle({ url: "openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null, defaultModelsExpandDepth: 0 });\n`;

/** By its manifest: importing the package would run code that is made for bundlers. */
const PACKAGE_FOLDER = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const PACKAGED = new Set(["swagger-ui.css", "swagger-ui-bundle.js"]);

export function docsRoutes(api: Api): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer", description: "From POST /auth/login; webhooks take an API key here" });
  api.openAPIRegistry.registerComponent("securitySchemes", "apiKey", { type: "apiKey", in: "header", name: "X-API-Key" });
  api.openAPIRegistry.registerComponent("securitySchemes", "cookie", { type: "apiKey", in: "cookie", name: "playgraph_session" });

  let text: string | undefined;
  plainRoute(api, "GET /openapi.json", (c) => {
    text ??= JSON.stringify(api.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "Playgraph", version: VERSION, description: "Security playbooks: alerts in, playbooks run, people decide.", license: { name: "Apache-2.0" } },
      servers: [{ url: "/api/v1" }],
    }));
    return c.body(text, 200, { "Content-Type": "application/json" });
  });

  plainRoute(api, "GET /docs", (c) => c.body(PAGE, 200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": DOCS_POLICY }));

  plainRoute(api, "GET /docs/{file}", async (c) => {
    const file = c.req.param("file") ?? "";
    if (file === "start.js") return c.body(START, 200, { "Content-Type": TYPES["js"]! });
    if (!PACKAGED.has(file)) return c.notFound();
    const body = await readFile(join(PACKAGE_FOLDER, file));
    return c.body(body, 200, { "Content-Type": TYPES[file.split(".").at(-1)!]!, "Cache-Control": "public, max-age=86400" });
  });
}
