import { useEffect, useState } from "react";
import type { CodeDraft } from "./code-project.ts";
import { useProject } from "./use-project.ts";

/** Milliseconds after the last key: the type of half a word helps nobody. */
const PAUSE = 300;

/** What the file's function gives, as TypeScript infers it: what later steps will read. */
export function ReturnType({ slug, draft, path }: { slug: string; draft: CodeDraft; path: string }) {
  const state = useProject(slug, draft, true);
  const project = state.is === "ready" ? state.project : undefined;
  const text = draft.files[path];
  const [type, setType] = useState<string>();
  useEffect(() => {
    if (!project) return;
    let isGone = false;
    const timer = setTimeout(() => void project.returnType(path).then((found) => isGone || setType(found)), PAUSE);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [project, path, text]);
  return (
    <section aria-label="What it gives" className="max-h-[40%] shrink-0 overflow-y-auto border-b border-line pb-2">
      <h3 className="flex h-8 items-center px-3 text-xs font-semibold text-fg-2">What it gives</h3>
      {type === undefined ? <p className="px-3 text-xs text-fg-3">{project ? "No function is exported as default." : "…"}</p> : <pre tabIndex={0} aria-label="Inferred return type" className="overflow-x-auto px-3 font-mono text-xs leading-5 text-fg-2">{type}</pre>}
    </section>
  );
}
