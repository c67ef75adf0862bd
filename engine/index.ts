/** The only door of the engine for the web process: start · test · backtest · cancel · rerun · answer · readTrace, and compile and check for publishing. */
export { Callbacks } from "./callbacks.ts";
export { hashHookToken, type HookRequest, type HookResult } from "./hooks.ts";
export { createEngine, type Actor, type CallbackResult, type Engine } from "./door.ts";
export { APPROVAL_CHOICES, type BacktestOptions, MISSING_CHOICES } from "./backtest/policy.ts";
export { MOST_ALERTS, type Selection } from "./backtest/start.ts";
export { type Outcome as BacktestOutcome, OUTCOMES as BACKTEST_OUTCOMES } from "./backtest/compare.ts";
export type { RunSummary as BacktestRunSummary } from "./backtest/summary.ts";
export { type Pin, type TestOptions, testedPart, upstream } from "./test-options.ts";
export type { RerunRefusal } from "./repeat-run.ts";
export { RECEIPT_CHOICES, type ReceiptChoice } from "./rerun.ts";
export { PARTS as PAYLOAD_PARTS } from "./journal/payloads.ts";
export type { RunTrace } from "./journal/trace.ts";
export { compileVersion, type CompileResult } from "./code/compile.ts";
export { checkTypes, checkTypesOrYield, declarations, type Declarations, describeScope, type Outcome, type ScopeDescription, type ScopeField, type TypeCheckInput } from "./code/check/index.ts";
