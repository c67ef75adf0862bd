/** Diffs, links and words, off the page's thread. */
import "monaco-editor/editor/editor.worker.js";
