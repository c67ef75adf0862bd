import { CircleAlert, TriangleAlert, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useRef, useState } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { IconButton } from "#app/ui/button.tsx";
import { Kbd } from "#app/ui/kbd.tsx";
import type { Problem } from "#format";
import { CodeEditor, type CodeEditorHandle } from "./code-editor.tsx";
import { FileList } from "./file-list.tsx";
import { bindingsOf } from "./files.ts";
import { ReturnType } from "./return-type.tsx";
import { SeenTypes } from "./seen-types.tsx";

/** The developer's place, over everything: the playbook's files, one of them open, the types that reach it, and what is wrong. */
export function CodeStudio() {
  const studio = useEditor((state) => state.studio);
  const draft = useEditor((state) => state.draft);
  const problems = useEditor((state) => state.problems);
  const checking = useEditor((state) => state.checking);
  const readOnly = useEditor((state) => state.data.readOnly);
  const slug = useEditor((state) => state.data.playbook.slug);
  const { edit, flush, set } = useActions();
  const code = useRef<CodeEditorHandle>(null);
  const [reveal, setReveal] = useState<{ line: number; at: number } | null>(null);
  const wanted = studio?.line;
  useEffect(() => {
    if (wanted !== undefined) setReveal({ line: wanted, at: Date.now() });
  }, [wanted, studio]);
  if (!studio) return null;

  const { path } = studio;
  const users = bindingsOf(draft, path).map(({ id }) => id);
  const node = studio.node !== undefined && users.includes(studio.node) ? studio.node : users[0];
  const close = () => set({ studio: null });
  const open = (file: string, line?: number) => set({ studio: { path: file, ...(line === undefined ? {} : { line }) } });
  const inCode = problems.filter(({ file }) => file !== undefined);

  return (
    <Radix.Root open onOpenChange={(isOpen) => isOpen || close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-(--scrim)" />
        <Radix.Content
          aria-describedby={undefined}
          // The editor says itself when Escape has nothing to close in it.
          onEscapeKeyDown={(event) => event.target instanceof Element && event.target.closest(".monaco-editor, input") && event.preventDefault()}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).querySelector("textarea")?.focus();
          }}
          className="fixed inset-3 z-40 flex flex-col overflow-hidden rounded-lg bg-raised shadow-float focus-visible:outline-none"
        >
          <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line pr-1.5 pl-3">
            <Radix.Title className="font-mono text-sm font-semibold">{path}</Radix.Title>
            <span className="min-w-0 flex-1 truncate text-xs text-fg-3">{node === undefined ? "No node runs this file; others may import it." : users.length > 1 ? `Run by ${users.join(", ")}` : `Run by ${node}`}{readOnly !== null && ` · ${readOnly}`}</span>
            <span className="hidden text-xs text-fg-3 lg:inline"><Kbd>F8</Kbd> next problem · <Kbd>Ctrl M</Kbd> lets Tab leave the text · <Kbd>Esc</Kbd> closes</span>
            <IconButton label="Close the code (Esc)" onClick={close}><X aria-hidden className="size-4" /></IconButton>
          </header>
          <div className="flex min-h-0 flex-1">
            <div className="w-52 shrink-0 border-r border-line py-1"><FileList path={path} problems={inCode} readOnly={readOnly !== null} onOpen={open} /></div>
            <div className="relative flex min-w-0 flex-1 flex-col">
              {Object.hasOwn(draft.files, path)
                ? (
                  <CodeEditor
                    ref={code} playbook={slug} draft={draft} path={path} problems={inCode} readOnly={readOnly !== null} reveal={reveal} onEscape={close} onOpenFile={open}
                    onSave={() => void flush()}
                    onChange={(file, text) => edit(`Edit ${file}`, [{ op: "write-file", path: file, text }], `write ${file}`)}
                    className="min-h-0 flex-1"
                  />
                )
                : <p className="p-6 text-fg-2">{path} is not a file of this playbook any more.</p>}
              <ProblemList problems={inCode} isChecking={checking} onGo={(problem) => open(problem.file!, problem.line)} />
            </div>
            <aside aria-label="Types" className="flex w-72 shrink-0 flex-col border-l border-line">
              <ReturnType slug={slug} draft={draft} path={path} />
              <h3 className="flex h-8 shrink-0 items-center justify-between gap-2 px-3 text-xs font-semibold text-fg-2">
                What it is called with
                {users.length > 1 && (
                  <select aria-label="Node whose types are shown" value={node} onChange={(event) => set({ studio: { path, node: event.target.value } })} className="h-6 max-w-36 rounded-sm border border-line bg-surface text-xs font-normal">
                    {users.map((id) => <option key={id}>{id}</option>)}
                  </select>
                )}
              </h3>
              {node === undefined ? <p className="px-3 text-xs text-fg-3">Bind a node's field to this file, and its types are shown here.</p> : <SeenTypes key={node} node={node} onInsert={(text) => code.current?.insert(text)} />}
            </aside>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function ProblemList({ problems, isChecking, onGo }: { problems: readonly Problem[]; isChecking: boolean; onGo(problem: Problem): void }) {
  return (
    <section aria-label="Problems in the code" className="max-h-40 shrink-0 overflow-y-auto border-t border-line bg-surface py-1">
      <p role="status" className="px-3 text-xs text-fg-3">{problems.length === 0 ? (isChecking ? "Checking…" : "No problems in the code.") : `${problems.length} in the code${isChecking ? ", checking…" : ""}`}</p>
      <ul>
        {problems.map((problem, index) => {
          const Icon = problem.severity === "error" ? CircleAlert : TriangleAlert;
          return (
            <li key={index}>
              <button type="button" onClick={() => onGo(problem)} className="flex w-full items-start gap-2 px-3 py-0.5 text-left text-xs hover:bg-hover focus-visible:outline-offset-[-2px]">
                <Icon role="img" aria-label={problem.severity} data-tone={problem.severity === "error" ? "red" : "yellow"} className="mt-0.5 size-3.5 shrink-0 text-tone" />
                <span className="min-w-0 flex-1 break-words">{problem.message}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
