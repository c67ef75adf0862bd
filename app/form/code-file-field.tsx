import { Code, Plus } from "lucide-react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { freeFile } from "#app/canvas/node-ids.ts";
import { startOf } from "#app/canvas/starters.ts";
import { Button } from "#app/ui/button.tsx";
import { inputLook } from "#app/ui/field.tsx";
import type { FormField } from "./fields.ts";
import { useNodeForm } from "./form-context.tsx";

interface CodeFileFieldProps { id: string; field: FormField; path: string | null; invalid: boolean; describedBy: string | undefined }

/** The file whose default export gives the field its value: chosen, begun, opened. */
export function CodeFileField({ id, field, path, invalid, describedBy }: CodeFileFieldProps) {
  const { node } = useNodeForm();
  const { edit, set } = useActions();
  const files = useEditor((state) => state.draft.files);
  const paths = Object.keys(files).sort();
  const bind = (file: string) => ({ op: "set-input" as const, id: node, field: field.name, binding: { file } });
  const begin = () => {
    const file = freeFile(new Set(paths), node);
    const text = startOf("core.code").file?.text(node) ?? "";
    if (edit(`Begin ${file}`, [{ op: "write-file", path: file, text }, bind(file)])) set({ studio: { path: file, node } });
  };
  return (
    <div className="flex items-center gap-1.5">
      <select id={id} value={path ?? ""} aria-invalid={invalid || undefined} aria-describedby={describedBy} onChange={(event) => event.target.value !== "" && edit(`Set ${field.label}`, [bind(event.target.value)])} className={`${inputLook} pr-1 font-mono !text-xs`}>
        {path === null && <option value="">{paths.length === 0 ? "No file yet" : "Choose a file…"}</option>}
        {path !== null && !paths.includes(path) && <option value={path}>{path} (missing)</option>}
        {paths.map((each) => <option key={each} value={each}>{each}</option>)}
      </select>
      {path !== null && paths.includes(path) && <Button onClick={() => set({ studio: { path, node } })}><Code aria-hidden className="size-3.5" /> Open</Button>}
      <Button variant={path === null ? "primary" : "ghost"} aria-label="New file" onClick={begin}><Plus aria-hidden className="size-3.5" />{path === null && " New file"}</Button>
    </div>
  );
}
