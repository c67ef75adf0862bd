/** An end that the person at the terminal can act on: printed without a stack. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}
