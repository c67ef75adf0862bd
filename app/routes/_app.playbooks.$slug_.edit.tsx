import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import { readEditorData } from "#app/canvas/editor-data.server.ts";
import { EditorFrame } from "#app/canvas/editor-frame.tsx";
import { enterPage } from "#app/server/page-access.ts";
import { RouteError } from "#app/ui/route-error.tsx";

const notFound = () => new Response("There is no such playbook.", { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const data = await readEditorData(enterPage(args, "routes/_app.playbooks.$slug_.edit"), args.params["slug"]!);
  if (!data) throw notFound();
  return data;
}

/** The editor keeps its own state from here on, and asks the server for what it needs. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ currentParams, nextParams }) => currentParams["slug"] !== nextParams["slug"];

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data ? `Edit ${data.draft.document.name}` : "Edit"} · Playgraph` }];

export default function EditPage() {
  const data = useLoaderData<typeof loader>();
  return <EditorFrame key={data.playbook.id} data={data} />;
}

export const ErrorBoundary = RouteError;
