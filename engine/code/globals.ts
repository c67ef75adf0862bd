/**
 * Globals that belong to one call (they carry its identity: whose log, whose timer, whose request). They reach the code as
 * parameters, not as properties of the shared and frozen global object. Compiler and isolate must agree on the list.
 */
export const CALL_GLOBALS = ["console", "fetch", "crypto", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

/** What `globalThis`, `self` and `global` become: an object of the call's own that inherits from the frozen global object. */
export const OWN_GLOBAL = "__playgraphGlobal";

/** Name of the bundle in stack traces. */
export const BUNDLE_FILE = "playgraph:bundle";
