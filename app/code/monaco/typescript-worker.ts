/** TypeScript off the page's thread. */
import { initialize } from "monaco-editor/internal/common/initialize.js";
import type { CreateData } from "monaco-editor/languages/features/typescript/tsWorker.js";
import { PlaybookWorker } from "./playbook-worker.ts";

self.onmessage = () => initialize<CreateData>((context, data) => new PlaybookWorker(context, data));
