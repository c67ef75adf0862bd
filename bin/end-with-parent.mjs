/**
 * Preloaded into the processes that `npm start` runs: their standard input is a pipe that ends when the starter is gone, even
 * by `kill -9`, and then they stop as if asked to.
 */
process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).on("error", () => undefined).resume();
// Waiting for that end is no reason to stay alive.
process.stdin.unref?.();
