/** The only door of the node SDK. It imports nothing but zod. */
export { defineNode, portsFromList, type AnyNode, type Answer, type Effect, type Iteration, type LoopPlan, type NodeContext, type NodeDefinition, type NodeResult, type NodeUi, type PortsFromList, type Question, type QuestionField, type RetryPolicy, type Wait, type WaitAnswer } from "./node.ts";
export { defineConnection, type AnyConnection, type ConnectionDefinition, type ConnectionHealth, type OpenContext } from "./connection.ts";
export { defineSource, type NormalizedAlert, type Severity, type SourceDefinition, SEVERITIES } from "./source.ts";
export { FAILURE_KINDS, Failure, type FailureKind, isFailure } from "./failure.ts";
export type { Http, HttpRequest, HttpResponse } from "./http.ts";
export type { Connect, ConnectRequest } from "./socket.ts";
export type { AlertChange, AlertView, Records } from "./records.ts";
export { type Json, type Jsonify, toJson } from "./json.ts";
export { isSecretField, secret } from "./secret.ts";
