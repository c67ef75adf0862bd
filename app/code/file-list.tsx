import clsx from "clsx";
import { FileCode, FilePlus, MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { useActions, useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import { IconButton } from "#app/ui/button.tsx";
import { Menu, MenuItem } from "#app/ui/menu.tsx";
import type { Problem } from "#format";
import { addFile, asPath, bindingsOf, type FileChange, removeFile, renameFile } from "./files.ts";

interface FileListProps { path: string; problems: readonly Problem[]; readOnly: boolean; onOpen(path: string): void }

/** The playbook's files: which nodes run each, what is wrong in it; new, rename, delete. */
export function FileList({ path, problems, readOnly, onOpen }: FileListProps) {
  const draft = useEditor((state) => state.draft);
  const store = useEditorStore();
  const { edit, say } = useActions();
  /** The file whose name is being typed; "" is a new one. */
  const [named, setNamed] = useState<string | null>(null);
  const paths = Object.keys(draft.files).sort();

  const change = (label: string, result: FileChange, open?: string) => {
    if (!result.ok) return say(result.message);
    if (edit(label, result.operations) && open !== undefined) onOpen(open);
  };
  const name = (from: string, text: string) => {
    setNamed(null);
    const to = asPath(text);
    if (text.trim() === "" || to === from) return;
    const now = store.getState().draft;
    change(from === "" ? `New file ${to}` : `Rename ${from}`, from === "" ? addFile(now, to) : renameFile(now, from, to), from === "" || from === path ? to : undefined);
  };
  const remove = (file: string) => change(`Delete ${file}`, removeFile(draft, file), file === path ? paths.find((other) => other !== file) : undefined);

  return (
    <section aria-label="Files" className="flex min-h-0 flex-col">
      <header className="flex h-8 shrink-0 items-center justify-between pr-1 pl-3">
        <h3 className="text-xs font-semibold text-fg-2">Files</h3>
        {!readOnly && <IconButton label="New file" className="!size-6" onClick={() => setNamed("")}><FilePlus aria-hidden className="size-3.5" /></IconButton>}
      </header>
      <ul className="scroll-y min-h-0 flex-1 pb-2">
        {paths.map((file) => {
          const wrong = problems.filter((problem) => problem.file === file && problem.severity === "error").length;
          const users = bindingsOf(draft, file);
          if (named === file) return <li key={file} className="px-2"><NameInput initial={shortOf(file)} onDone={(text) => name(file, text)} onCancel={() => setNamed(null)} /></li>;
          return (
            <li key={file} className={clsx("group flex items-center pr-1", file === path ? "bg-selected" : "hover:bg-hover")}>
              <button type="button" aria-current={file === path || undefined} onClick={() => onOpen(file)} title={users.length === 0 ? `${file}: no node runs it` : `${file}: run by ${users.map(({ id }) => id).join(", ")}`} className="flex h-7 min-w-0 flex-1 items-center gap-2 pl-3 text-left font-mono text-xs focus-visible:outline-offset-[-2px]">
                <FileCode aria-hidden className={clsx("size-3.5 shrink-0", users.length > 0 ? "text-violet" : "text-fg-3")} />
                <span className={clsx("min-w-0 truncate", wrong > 0 && "text-red")}>{shortOf(file)}</span>
                {wrong > 0 && <span className="ml-auto pr-1 text-red" aria-label={`${wrong} errors`}>{wrong}</span>}
              </button>
              {!readOnly && (
                <Menu trigger={<IconButton label={`More for ${file}`} className="!size-6"><MoreHorizontal aria-hidden className="size-3.5" /></IconButton>}>
                  <MenuItem onSelect={() => setTimeout(() => setNamed(file))}>Rename…</MenuItem>
                  <MenuItem onSelect={() => remove(file)}>Delete</MenuItem>
                </Menu>
              )}
            </li>
          );
        })}
        {named === "" && <li className="px-2"><NameInput initial="" onDone={(text) => name("", text)} onCancel={() => setNamed(null)} /></li>}
      </ul>
    </section>
  );
}

const shortOf = (path: string): string => path.replace(/^code\//, "");

function NameInput({ initial, onDone, onCancel }: { initial: string; onDone(text: string): void; onCancel(): void }) {
  const [text, setText] = useState(initial);
  return (
    <input
      ref={(input) => {
        if (input && document.activeElement !== input) input.focus();
      }}
      aria-label={initial === "" ? "Name of the new file" : `New name of ${initial}`}
      placeholder="score.ts"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={onCancel}
      onKeyDown={(event) => {
        if (event.key === "Enter") onDone(text);
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        // Escape ends the name, not the page around it.
        event.stopPropagation();
        if (event.key === "Escape") onCancel();
      }}
      className="h-7 w-full rounded-sm border border-line-strong bg-surface px-2 font-mono text-xs"
    />
  );
}
