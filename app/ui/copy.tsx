import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";

/** Copies through the clipboard, or by a selected text area where the page is not a secure context (plain HTTP in a LAN). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function CopyButton({ text, label = "Copy", small }: { text: string | (() => string); label?: string; small?: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton label={copied ? "Copied" : label} className={small ? "!size-5" : undefined} onClick={async () => setCopied(await copyText(typeof text === "string" ? text : text()))}>
      {copied ? <Check aria-hidden className="size-3.5 text-green" /> : <Copy aria-hidden className="size-3.5" />}
    </IconButton>
  );
}

/** Text to paste elsewhere, in a scrolling box with its copy button. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md border border-line bg-canvas p-2 text-left">
      <pre tabIndex={0} aria-label={label} className="min-w-0 flex-1 overflow-x-auto font-mono text-xs whitespace-pre">{text}</pre>
      <CopyButton text={text} label={`Copy ${label}`} />
    </div>
  );
}
