/** Undoes what people do to an indicator so that nobody clicks it: hxxp, [.], (dot), [at] and their relatives. */

/** Every pattern is a fixed word between fixed brackets with at most one blank on each side: no repetition, so no backtracking. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:h(?:xx|\*\*|zz|XX|ttx)p|hxtp|htxp|xxxx|meow)(s?)(?=[[({]?:|\s?:\/\/)/gi, "http$1"],
  [/[[({]:(\/\/)?[\])}]/g, ":$1"],
  [/:\/\[\/\]|:\[\/\/\]|:\[\/\]\//g, "://"],
  [/ ?[[({<] ?(?:\.|,|dot|punkt|punto) ?[\])}>] ?/gi, "."],
  [/(?<=[\p{L}\p{N}])(?:\[\.|\.\])(?=[\p{L}\p{N}])/gu, "."],
  [/\.\[([a-z]{2,12})\]/gi, ".$1"],
  [/(?<=[\p{L}\p{N}])\\\.(?=[\p{L}\p{N}])/gu, "."],
  [/ ?[[({] ?(?:@|at) ?[\])}] ?/gi, "@"],
];

/** Most strings hold nothing of the kind: one look decides. */
const SUSPECT = /[[({<\\]|xxp|zzp|\*p|xxxx|hxt|htx|meow/i;

export function refang(text: string): string {
  if (!SUSPECT.test(text)) return text;
  let result = text;
  for (const [pattern, replacement] of RULES) result = result.replace(pattern, replacement);
  // `$1` of an absent group is "", so "[:]" became ":" and "[://]" became "://".
  return result;
}
