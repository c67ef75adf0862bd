import { CopyButton } from "./copy.tsx";
import { tokens } from "./code-tokens.ts";

const COLORS = { comment: "text-fg-3", string: "text-green", number: "text-blue", keyword: "text-violet", plain: undefined };

/** Source to read, with line numbers. */
export function CodeView({ source, label }: { source: string; label: string }) {
  const lines = tokens(source);
  return (
    <section aria-label={label} className="min-w-0">
      <header className="flex items-center justify-between py-1 pr-1 pl-3"><h3 className="font-mono text-xs text-fg-2">{label}</h3><CopyButton text={source} label={`Copy ${label}`} /></header>
      <pre tabIndex={0} aria-label={`Source of ${label}`} className="max-h-[60vh] overflow-auto pb-2 font-mono text-xs leading-5">
        {lines.map((line, index) => (
          <div key={index} className="flex">
            <span aria-hidden className="w-10 shrink-0 pr-3 text-right text-fg-3 select-none">{index + 1}</span>
            <code className="pr-3 whitespace-pre">{line.map(({ kind, text }, part) => <span key={part} className={COLORS[kind]}>{text}</span>)}{"\n"}</code>
          </div>
        ))}
      </pre>
    </section>
  );
}
