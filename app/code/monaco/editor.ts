/** What of Monaco the pages use: the editor, and TypeScript. bin/monaco-plugin.ts makes one file of it. */
import "monaco-editor/languages/definitions/typescript/register.js";

export * from "monaco-editor/editor/editor.api.js";
export * as typescript from "monaco-editor/languages/features/typescript/register.js";
