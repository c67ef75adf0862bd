import { CheckCircle2, CircleAlert, TriangleAlert, X } from "lucide-react";
import { IconButton } from "#app/ui/button.tsx";
import type { Problem } from "#format";
import { useActions, useEditor } from "./editor-context.tsx";
import { titleOf } from "./shapes.ts";

/** What is wrong with the draft, by card; a click goes there. */
export function ProblemsPanel() {
  const problems = useEditor((state) => state.problems);
  const checking = useEditor((state) => state.checking);
  const { set } = useActions();
  return (
    <section aria-label="Problems" className="flex h-full min-h-0 flex-col">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1 pl-3">
        <h2 className="text-sm font-semibold">Problems</h2>
        <span role="status" className="flex-1 text-xs text-fg-3">{checking ? "checking…" : problems.length === 0 ? "" : `${problems.length} found`}</span>
        <IconButton label="Close problems" onClick={() => set({ panel: null })}><X aria-hidden className="size-4" /></IconButton>
      </header>
      <div className="scroll-y min-h-0 flex-1">
        {problems.length === 0 && !checking && <p className="flex items-center gap-2 px-3 py-4 text-fg-2"><CheckCircle2 aria-hidden className="size-4 text-green" /> Nothing is wrong: structure, code and types fit together.</p>}
        <ProblemGroups problems={problems} />
      </div>
    </section>
  );
}

/** @param onGone told when one of them was followed to its place */
export function ProblemGroups({ problems, onGone }: { problems: readonly Problem[]; onGone?(): void }) {
  const groups = useGroups(problems);
  return (
    <>
      {groups.map(({ key, title, id, list }) => (
        <div key={key} className="border-b border-line py-1.5 last:border-b-0">
          <h3 className="flex min-w-0 items-baseline gap-2 px-3 py-0.5 text-xs"><span className="min-w-0 truncate font-semibold text-fg-2">{title}</span>{id !== undefined && <span className="truncate font-mono text-2xs text-fg-3">{id}</span>}</h3>
          <ul>{list.map((problem, index) => <li key={index}><ProblemLine problem={problem} {...(onGone ? { onGone } : {})} /></li>)}</ul>
        </div>
      ))}
    </>
  );
}

/** One problem in words, with its place; a click shows it there. */
function ProblemLine({ problem, onGone }: { problem: Problem; onGone?(): void }) {
  const { reveal, select, set } = useActions();
  const { severity, message, node, edge, field, file, line } = problem;
  const Icon = severity === "error" ? CircleAlert : TriangleAlert;
  const place = [field, file === undefined ? undefined : file.replace(/^code\//, ""), line === undefined ? undefined : `line ${line}`].filter((part) => part !== undefined).join(", ");
  const go = () => {
    onGone?.();
    if (node !== undefined) reveal(node, field, line);
    else if (edge !== undefined) select({ edges: [edge] });
    else if (file !== undefined) set({ studio: { path: file, ...(line === undefined ? {} : { line }) } });
  };
  return (
    <button type="button" onClick={go} className="flex w-full items-start gap-2 px-3 py-1 text-left hover:bg-hover focus-visible:outline-offset-[-2px]">
      <Icon role="img" aria-label={severity} data-tone={severity === "error" ? "red" : "yellow"} className="mt-0.5 size-3.5 shrink-0 text-tone" />
      <span className="min-w-0 flex-1 break-words">{message}</span>
      {place !== "" && <span className="shrink-0 text-xs text-fg-3">{place}</span>}
    </button>
  );
}

function useGroups(problems: readonly Problem[]): { key: string; title: string; id: string | undefined; list: Problem[] }[] {
  const document = useEditor((state) => state.draft.document);
  const types = useEditor((state) => state.types);
  const name = (id: string): string => {
    const node = document.nodes.find((candidate) => candidate.id === id);
    return node ? titleOf(types, node) : "Trigger";
  };
  const key = ({ node, edge, file }: Problem): string => (node !== undefined ? `node ${node}` : edge !== undefined ? `edge ${edge}` : file !== undefined ? `file ${file}` : "");
  const title = ({ node, edge, file }: Problem): string => {
    const found = document.edges.find(({ id }) => id === edge);
    return node !== undefined ? name(node) : found ? `${name(found.from)} → ${name(found.to)}` : (file ?? "The playbook");
  };
  return [...Map.groupBy(problems, key)].map(([group, list]) => ({ key: group, title: title(list[0]!), id: list[0]!.node, list }));
}
