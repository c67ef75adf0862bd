import { useEffect, useState } from "react";
import { type CodeDraft, CodeProject } from "./code-project.ts";
import { loadedMonaco, loadMonaco } from "./load-monaco.ts";

/** One playbook at a time: Monaco's models and libraries are the page's, not an editor's. */
let open: { slug: string; project: CodeProject; users: number } | undefined;

function enter(slug: string): CodeProject | undefined {
  const monaco = loadedMonaco();
  if (!monaco) return undefined;
  if (open?.slug !== slug) {
    open?.project.dispose();
    open = { slug, project: new CodeProject(monaco, slug), users: 0 };
  }
  open.users++;
  return open.project;
}

function leave(project: CodeProject): void {
  if (open?.project !== project || --open.users > 0) return;
  // Another editor may be on its way in: going from one field to the next keeps what is known.
  setTimeout(() => {
    if (open?.project !== project || open.users > 0) return;
    project.dispose();
    open = undefined;
  }, 30_000);
}

export type ProjectState = { is: "waiting" } | { is: "ready"; project: CodeProject } | { is: "failed" };

/**
 * The playbook in Monaco, kept up with the draft.
 * @param wanted false: Monaco is not loaded for this, but used where it is there already.
 */
export function useProject(slug: string, draft: CodeDraft, wanted: boolean): ProjectState {
  const [isLoaded, setLoaded] = useState(false);
  const [state, setState] = useState<ProjectState>({ is: "waiting" });

  useEffect(() => {
    let isGone = false;
    if (loadedMonaco()) setLoaded(true);
    else if (wanted) loadMonaco().then(() => isGone || setLoaded(true), () => isGone || setState({ is: "failed" }));
    return () => {
      isGone = true;
    };
  }, [wanted]);

  useEffect(() => {
    if (!isLoaded) return;
    const project = enter(slug);
    if (!project) return;
    setState({ is: "ready", project });
    return () => leave(project);
  }, [slug, isLoaded]);

  const project = state.is === "ready" ? state.project : undefined;
  useEffect(() => project?.update(draft), [project, draft]);
  return state;
}
