import type { Phrase } from "./condition-words.ts";

export function Phrases({ phrase }: { phrase: Phrase }) {
  if (phrase.parts === undefined) return <span className="break-words">{phrase.text}</span>;
  return (
    <div>
      <span className="text-fg-3">{phrase.text}</span>
      <ul className="mt-0.5 ml-1 flex flex-col gap-0.5 border-l border-line pl-3">
        {phrase.parts.map((part, index) => <li key={index}><Phrases phrase={part} /></li>)}
      </ul>
    </div>
  );
}
