import { builtinName, isRefused } from "../../node-builtins.ts";

/** What a bundle's own imports of Node's modules become; everything else was bundled. */
export function limitedRequire(original: NodeJS.Require): NodeJS.Require {
  const load = (specifier: string): unknown => {
    const name = builtinName(String(specifier));
    if (name === undefined || isRefused(name)) throw Object.assign(new Error(`"${String(specifier)}" is not available to code, in the Node profile either`), { code: "MODULE_NOT_FOUND" });
    return original(`node:${name}`);
  };
  const resolve = (specifier: string): string => {
    load(specifier);
    return specifier;
  };
  return Object.assign(load, { resolve }) as unknown as NodeJS.Require;
}
