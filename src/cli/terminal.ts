import { writeSync } from 'node:fs';
import pc from 'picocolors';
import { noPaint, type Page, type Paint } from '../report/paint.ts';
import { exitCodes } from './exit.ts';

/** Where a command writes. Results go to stdout, narration to stderr; nothing is written to a pipe that was closed. */
export interface Terminal {
  readonly page: Page;
  readonly out: (text: string) => void;
  readonly say: (text: string) => void;
  /** Shows how far long work is, on a terminal only. */
  readonly progress: (what: string) => (done: number, total: number) => void;
}

const narrowest = 60;
const widest = 120;

export function openTerminal(options: { readonly color: boolean; readonly quiet: boolean }): Terminal {
  const columns = Math.min(
    widest,
    Math.max(narrowest, process.stdout.columns ?? Number(process.env['COLUMNS'] ?? 100)),
  );
  const coloured =
    options.color && process.stdout.isTTY === true && pc.isColorSupported && process.env['NO_COLOR'] === undefined;
  return {
    page: { columns: Number.isFinite(columns) ? columns : 100, paint: coloured ? colours : noPaint },
    out: (text) => void process.stdout.write(text),
    say: (text) => {
      if (!options.quiet) process.stderr.write(text);
    },
    progress: (what) => (process.stderr.isTTY === true && !options.quiet ? progressLine(what) : () => undefined),
  };
}

const colours: Paint = { bold: pc.bold, dim: pc.dim, red: pc.red, yellow: pc.yellow, green: pc.green, cyan: pc.cyan };

/** `sop … | head` closes our pipe: that is no error, and no reason to go on. */
export function closeQuietly(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    // Nothing can be said on a stream that is full or gone; on the other one it can.
    if (stream === process.stdout)
      writeSync(2, `sop: the output could not be written (${error.code ?? error.message})\n`);
    process.exit(exitCodes.usage);
  });
}

/** One line that is rewritten; drawn only when work takes long enough to wonder about. */
function progressLine(what: string): (done: number, total: number) => void {
  const started = performance.now();
  let drawn = false;
  return (done, total) => {
    if (total === 0 || (!drawn && performance.now() - started < 400)) return;
    const width = 24;
    const filled = Math.round((done / total) * width);
    drawn = done < total;
    process.stderr.write(
      drawn ? `\r${what} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}` : '\r\u001b[2K',
    );
  };
}
