/** What of Monaco the pages use: the editor, and TypeScript. bin/monaco-plugin.ts makes one file of it. */
// TypeScript's part brings all features along, but later, when an editor already has its services and takes no more.
import "monaco-editor/features/register.all.js";
import "monaco-editor/languages/definitions/typescript/register.js";

export * from "monaco-editor/editor/editor.api.js";
export * as typescript from "monaco-editor/languages/features/typescript/register.js";
