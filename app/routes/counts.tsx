import type { LoaderFunctionArgs } from "@remix-run/node";
import { enterPage } from "#app/server/page-access.ts";
import { railCounts } from "#app/shell/counts.server.ts";

/** The navigation's numbers by themselves: they change with every alert, and the page around them need not load again for that. */
export const loader = async (args: LoaderFunctionArgs) => Response.json(await railCounts(enterPage(args, "routes/counts")));
