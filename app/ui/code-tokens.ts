/** TypeScript coloured for reading, not parsed: every character of the source comes back, in lines of tokens. */
export interface Token { kind: "comment" | "string" | "number" | "keyword" | "plain"; text: string }

const KEYWORDS = new Set(
  "abstract as async await break case catch class const continue default delete do else enum export extends false finally for from function if implements import in instanceof interface let new null of return satisfies static super switch this throw true try type typeof undefined var void while yield".split(" "),
);

/** One alternative per kind, each linear: no nested repetition for hostile input to climb. */
const PIECE = /(\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?)|("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[^])*`?)|(\b\d[\w.]*)|([A-Za-z_$][\w$]*)|([^A-Za-z_$\d"'`/]+|\/|\d)/g;

export function tokens(source: string): Token[][] {
  const lines: Token[][] = [[]];
  for (const match of source.replace(/\r\n?/g, "\n").matchAll(PIECE)) {
    const [text, comment, string, number, word] = match;
    const kind = comment !== undefined ? "comment" : string !== undefined ? "string" : number !== undefined ? "number" : word !== undefined && KEYWORDS.has(word) ? "keyword" : "plain";
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)!.push({ kind, text: part });
    });
  }
  if (lines.length > 1 && lines.at(-1)!.length === 0) lines.pop();
  return lines;
}
