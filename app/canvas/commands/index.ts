/** Every command of the canvas, in the order in which menus and lists show them. */
import { addInsideCommand, addNodeCommand } from "./add-node.ts";
import type { Command } from "./command.ts";
import { connectCommand } from "./connect.ts";
import { copyCommand, cutCommand } from "./copy.ts";
import { deleteCommand } from "./delete-selection.ts";
import { duplicateCommand } from "./duplicate.ts";
import { redoCommand, undoCommand } from "./history-commands.ts";
import { moveCommands } from "./move-cards.ts";
import { pasteCommand } from "./paste.ts";
import { renameCommand } from "./rename-node.ts";
import { openFieldsCommand, selectAllCommand, selectNoneCommand } from "./select-commands.ts";
import { nextConnectionCommand, stepCommands } from "./step-through.ts";
import { tidyCommand } from "./tidy.ts";
import { fitCommand, keysCommand, problemsCommand, publishCommand, saveCommand, searchCommand, testCommand, zoomInCommand, zoomOutCommand } from "./view-commands.ts";

export const COMMANDS: readonly Command[] = [
  addNodeCommand, addInsideCommand, connectCommand,
  openFieldsCommand, renameCommand, undoCommand, redoCommand, copyCommand, cutCommand, pasteCommand, duplicateCommand, deleteCommand,
  ...stepCommands, nextConnectionCommand, ...moveCommands, selectAllCommand, selectNoneCommand,
  searchCommand, fitCommand, zoomInCommand, zoomOutCommand, tidyCommand, keysCommand,
  problemsCommand, testCommand, saveCommand, publishCommand,
];

export type { CanvasView, Command, Editor, MenuPlace } from "./command.ts";
