/** An end that the person at the terminal can act on: printed as one line, without a stack. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}

/** A full disk can show up anywhere: in a file of ours, in npm's, or inside PostgreSQL (53100). */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" || code === "53100" || /No space left on device|ENOSPC|Disk quota exceeded|Check free disk space/i.test(String(error));
}

export const diskFull = (folder: string): StartFailure =>
  new StartFailure(`The disk that holds ${folder} is full. Free some space, or set DATA_DIR to another place.`);
