import { Code, Plus } from "lucide-react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { freeFile } from "#app/canvas/node-ids.ts";
import { startOf } from "#app/canvas/starters.ts";
import { Button } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import type { ChangeBinding } from "./binding-field.tsx";
import { useNodeForm } from "./form-context.tsx";

/** A link, since who may only read opens files, too: the form around it is then disabled, with every button in it. */
function OpenFile({ onOpen }: { onOpen(): void }) {
  return (
    <a
      href="#studio"
      onClick={(event) => {
        event.preventDefault();
        onOpen();
      }}
      className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md border border-line-strong bg-raised px-2.5 text-sm font-medium hover:bg-hover"
    >
      <Code aria-hidden className="size-3.5" /> Open
    </a>
  );
}

interface CodeFileFieldProps { id: string; label: string; path: string | null; invalid: boolean; describedBy: string | undefined; onChange: ChangeBinding }

/** The file whose default export gives the field its value: chosen, begun, opened. */
export function CodeFileField({ id, label, path, invalid, describedBy, onChange }: CodeFileFieldProps) {
  const { node } = useNodeForm();
  const { set } = useActions();
  const files = useEditor((state) => state.draft.files);
  const paths = Object.keys(files).sort();
  const begin = () => {
    const file = freeFile(new Set(paths), node);
    const text = startOf("core.code").file?.text(node) ?? "";
    if (onChange(`Begin ${file}`, { file }, { before: [{ op: "write-file", path: file, text }] })) set({ studio: { path: file, node } });
  };
  return (
    <div className="flex items-center gap-1.5">
      <select id={id} value={path ?? ""} aria-invalid={invalid || undefined} aria-describedby={describedBy} onChange={({ target: { value } }) => value !== "" && onChange(`Set ${label}`, { file: value })} className={`${inputLook} pr-1 font-mono !text-xs`}>
        {path === null && <option value="">{paths.length === 0 ? "No file yet" : "Choose a file…"}</option>}
        {path !== null && !paths.includes(path) && <option value={path}>{path} (missing)</option>}
        {paths.map((each) => <option key={each} value={each}>{each}</option>)}
      </select>
      {path !== null && paths.includes(path) && <OpenFile onOpen={() => set({ studio: { path, node } })} />}
      <Button variant={path === null ? "primary" : "ghost"} aria-label="New file" onClick={begin}><Plus aria-hidden className="size-3.5" />{path === null && " New file"}</Button>
    </div>
  );
}
