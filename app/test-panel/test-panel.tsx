import { Play, RotateCcw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useActions, useEditor, useEditorStore } from "#app/canvas/editor-context.tsx";
import { useReason } from "#app/shell/permission.ts";
import { Button } from "#app/ui/button.tsx";
import { OWN_STARTS } from "./own-start.tsx";
import { TargetPicker } from "./target-picker.tsx";
import { TestResults } from "./test-results.tsx";
import { chooseTarget, rememberedTarget, startTest, type TestScope } from "./start-test.ts";

/** Choose an alert at the left, read what the draft does with it at the right. */
export function TestPanel() {
  const store = useEditorStore();
  const target = useEditor((state) => state.target);
  const [choosing, setChoosing] = useState(target === null);
  const slug = useEditor(({ data }) => data.playbook.slug);

  useEffect(() => {
    if (store.getState().target !== null) return;
    const remembered = rememberedTarget(slug);
    if (remembered === null) return;
    chooseTarget(store, remembered);
    setChoosing(false);
  }, [store, slug]);

  return (
    <section aria-label="Test" className="flex h-full min-h-0">
      <div className="flex w-2/5 max-w-xl min-w-72 flex-col border-r border-line">
        {choosing || target === null ? <TargetPicker onChosen={() => setChoosing(false)} /> : <Chosen onChange={() => setChoosing(true)} />}
      </div>
      <div className="min-w-0 flex-1"><TestResults /></div>
    </section>
  );
}

function Chosen({ onChange }: { onChange(): void }) {
  const store = useEditorStore();
  const { set } = useActions();
  const target = useEditor((state) => state.target);
  const test = useEditor((state) => state.test);
  const on = useEditor((state) => state.draft.document.trigger.on);
  const node = useEditor(({ selection }) => (selection.nodes.length === 1 && selection.nodes[0] !== "trigger" ? selection.nodes[0] : undefined));
  const [busy, setBusy] = useState(false);
  const reason = useReason()("playbooks:execute");
  const start = async (scope: TestScope) => {
    setBusy(true);
    await startTest(store, scope);
    setBusy(false);
  };
  return (
    <div className="scroll-y flex flex-col gap-3 p-3">
      <div className="flex items-start gap-2 rounded-md border border-line bg-canvas px-3 py-2">
        <div className="min-w-0 flex-1">
          <p className="text-2xs text-fg-3">Tested on</p>
          <p className="line-clamp-2 font-medium break-words">{target !== null && "alert" in target ? target.alert.label : on === "alert" ? "a pasted payload" : OWN_STARTS[on].chosen}</p>
        </div>
        <Button size="sm" onClick={onChange}>Change…</Button>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" busy={busy} reason={reason} onClick={() => start({})}>{test === null ? <Play aria-hidden className="size-3.5" /> : <RotateCcw aria-hidden className="size-3.5" />} {test === null ? "Run the test" : "Run it again"}</Button>
        <Button busy={busy} reason={reason ?? (node === undefined ? "Select a card first" : undefined)} onClick={() => node !== undefined && start({ upto: node })}>Up to the selected card</Button>
        <Button busy={busy} reason={reason ?? (node === undefined ? "Select a card first" : test === null ? "Run the test once: a single card takes its input from there" : undefined)} onClick={() => node !== undefined && start({ only: node })}>Only the selected card</Button>
        {test !== null && <Button variant="ghost" onClick={() => set({ test: null })}><X aria-hidden className="size-3.5" /> Clear</Button>}
      </div>
      <p className="text-xs text-fg-3">Lookups are really made. Whatever changes something outside, or the alert, is held back: you see what it would have sent.</p>
    </div>
  );
}
