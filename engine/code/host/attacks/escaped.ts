/**
 * A host of isolates in which somebody has got out of the isolate: it becomes what it always does and then runs, with all that Node
 * has in that process, the module given as text. Started by tests only.
 */
import "../child/main.ts";

const source = process.argv[3]!;
// The worker says "boot" first, and the host "ready".
setTimeout(() => {
  import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`).catch((error: Error) => {
    process.stderr.write(`failed: ${error.message}\n`);
    process.exit(70);
  });
}, 200);
