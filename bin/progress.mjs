/**
 * One line per step, with its time. On a terminal the line counts while the step works; elsewhere a step that takes longer
 * than two seconds announces itself, so that a log never looks stuck. Plain JavaScript: the first steps run before anything
 * is installed, on whatever Node the machine has.
 */
const isTerminal = Boolean(process.stdout.isTTY) && !process.env.CI;
const hasColour = isTerminal && !process.env.NO_COLOR;
const paint = (code) => (text) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint("1");
export const dim = paint("2");
export const green = paint("32");
export const red = paint("31");
export const yellow = paint("33");

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const NAME_WIDTH = 12;
const TEXT_WIDTH = 46;
const ANNOUNCE_AFTER_MS = 2_000;

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Runs `work` under a line that names it.
 * @template T
 * @param {string} name
 * @param {string} doing what it says while it works
 * @param {(done: (text: string) => void) => Promise<T> | T} work calls `done` with what the finished line says
 * @returns {Promise<T>}
 */
export async function step(name, doing, work) {
  const began = Date.now();
  const label = name.padEnd(NAME_WIDTH);
  let said = doing;
  let frame = 0;
  const spin = () => process.stdout.write(`\r\u001b[2K  ${FRAMES[frame++ % FRAMES.length]} ${bold(label)} ${dim(doing.padEnd(TEXT_WIDTH))} ${dim(seconds(Date.now() - began))}`);
  const timer = isTerminal ? setInterval(spin, 100) : setTimeout(() => console.log(`  … ${label} ${doing}`), ANNOUNCE_AFTER_MS);
  if (isTerminal) spin();
  const finish = (mark, text) => {
    clearInterval(timer);
    if (isTerminal) process.stdout.write("\r\u001b[2K");
    console.log(`  ${mark} ${bold(label)} ${text.padEnd(TEXT_WIDTH)} ${dim(seconds(Date.now() - began))}`);
  };
  try {
    const result = await work((text) => {
      said = text;
    });
    finish(green("✓"), said);
    return result;
  } catch (error) {
    finish(red("✗"), `${doing}: failed`);
    throw error;
  }
}

/** The one line a person can act on. */
export function complain(message) {
  console.error(`\n  ${red("✗")} ${message}\n`);
}
