import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type ActionFunctionArgs, type AppLoadContext, type EntryContext, type LoaderFunctionArgs } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { getContext } from "#app/server/context.ts";

/** Longer than any loader may take: what has not arrived by then is abandoned, not waited for. */
export const streamTimeout = 10_000;

/** People get the shell as soon as it is ready; crawlers get the page whole. */
export default function handleRequest(request: Request, status: number, headers: Headers, remix: EntryContext, loadContext: AppLoadContext): Promise<Response> {
  const nonce = getContext(loadContext).cspNonce;
  const ready = isbot(request.headers.get("user-agent") ?? "") || remix.isSpaMode ? "onAllReady" : "onShellReady";

  return new Promise((resolve, reject) => {
    let shell = false;
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remix} url={request.url} nonce={nonce} />, {
      nonce,
      [ready]() {
        shell = true;
        const body = new PassThrough();
        headers.set("Content-Type", "text/html; charset=utf-8");
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
        pipe(body);
      },
      onShellError: reject,
      onError(error) {
        if (shell && !request.signal.aborted) console.error(error);
      },
    });
    setTimeout(abort, streamTimeout + 1000).unref();
  });
}

/** Loaders' and actions' unexpected errors; a request that its browser gave up is none. */
export function handleError(error: unknown, { request }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (!request.signal.aborted) console.error(error);
}
