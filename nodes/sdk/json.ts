export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a value of type T looks like after a trip through JSON: what later steps really see. */
export type Jsonify<T> = T extends { toJSON(): infer J } ? Jsonify<J>
  : T extends string | number | boolean | null ? T
  : T extends undefined | symbol | bigint | ((...args: never[]) => unknown) ? never
  : T extends readonly (infer E)[] ? Jsonify<E>[]
  : T extends object ? { [K in keyof T as T[K] extends undefined | symbol | bigint | ((...args: never[]) => unknown) ? never : K]: Jsonify<T[K]> }
  : unknown extends T ? unknown : never;

/** Normalises a node's output before anything binds to it. Throws TypeError for cycles and BigInt. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as Json);
}
