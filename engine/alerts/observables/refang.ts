/** Undoes what people do to an indicator so that nobody clicks it: hxxp, [.], (dot), [at] and their relatives. */

/** Every pattern is a fixed word between fixed brackets with at most one blank on each side: no repetition, so no backtracking. */
const DELIBERATE: readonly (readonly [RegExp, string])[] = [
  [/\b(?:h(?:xx|\*\*|__|zz|zzz|ttx)p|hxtp|htxp|xxxx|meow)(s?)(?=[[({]?:|\s?:\/\/)/gi, "http$1"],
  // The group is absent in "[:]" and then stands for nothing.
  [/[[({]:(\/\/)?[\])}]/g, ":$1"],
  [/:\/\[\/\]|:\[\/\/\]|:\[\/\]\//g, "://"],
  [/ ?[[({<] ?(?:\.|,|dot|punkt|punto) ?[\])}>] ?/gi, "."],
  [/(?<=[\p{L}\p{N}])(?:\[\.|\.\])(?=[\p{L}\p{N}])/gu, "."],
  [/\.\[([a-z]{2,12})\]/gi, ".$1"],
  [/(?<=[\p{L}\p{N}])\[-\](?=[\p{L}\p{N}])/gu, "-"],
  [/ DOT (?=[A-Za-z]{2})/g, "."],
  [/ ?[[({] ?(?:@|at|et|arroba) ?[\])}] ?/gi, "@"],
];
/** Regular expressions and paths (`dir\.git`) have this too, so it proves no intention. */
const ESCAPED_DOT = /(?<=[\p{L}\p{N}])\\\.(?=[\p{L}\p{N}])/gu;

/** Most strings hold nothing of the kind: one look decides. */
const SUSPECT = /[[({<\\]| DOT |__p|xxp|zzp|\*p|xxxx|hxt|htx|meow/i;

/** @returns the text as it was before, and whether somebody had defanged it on purpose */
export function refang(text: string): { text: string; defanged: boolean } {
  if (!SUSPECT.test(text)) return { text, defanged: false };
  let result = text;
  for (const [pattern, replacement] of DELIBERATE) result = result.replace(pattern, replacement);
  return { text: result.replace(ESCAPED_DOT, "."), defanged: result !== text };
}
