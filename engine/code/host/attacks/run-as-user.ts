/**
 * Makes all attacks as another user: `node run-as-user.ts <uid>`, started by root. One line of JSON per row: [title, fault or null].
 * The uid is taken before anything of the host is loaded, so that its children start as a plain user's do.
 */
const uid = Number(process.argv[2]);
process.setgroups!([]);
process.setgid!(uid);
process.setuid!(uid);

const { rows, Stage, titleOf } = await import("./stage.ts");
const stage = new Stage();
const waiting = [...rows];
await Promise.all(Array.from({ length: 5 }, async () => {
  for (let row = waiting.shift(); row; row = waiting.shift()) {
    process.stdout.write(`${JSON.stringify([titleOf(row), await stage.verdict(row) ?? null])}\n`);
  }
}));
await stage.close();

export {};
