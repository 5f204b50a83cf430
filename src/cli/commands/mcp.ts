import { randomBytes } from 'node:crypto';
import { createDuckDbEngine } from '../../engine/engine.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { computeLimits, type ToolWorld } from '../mcp/call-tool.ts';
import { followLibrary } from '../mcp/current-library.ts';
import { createSandbox } from '../mcp/sandbox.ts';
import { serveHttp } from '../mcp/serve-http.ts';
import { serveStdio } from '../mcp/serve-stdio.ts';
import { createShelf } from '../mcp/shelf.ts';
import type { Shared } from '../options.ts';
import { dayOf, openProject, sqlChildCommand } from '../project.ts';
import type { Terminal } from '../terminal.ts';

export interface McpOptions extends Shared {
  /** A port; without it, stdin and stdout. */
  readonly http?: string;
  readonly drafts: boolean;
  readonly asCases: boolean;
}

/** A call that is being answered when the client leaves gets this long: a pipe ends before its last answer is there. */
const graceMilliseconds = 1_500;

/** Serves the committed skills until the client leaves or somebody ends it. */
export async function mcp(options: McpOptions, terminal: Terminal): Promise<ExitCode> {
  const port = options.http === undefined ? null : portOf(options.http);
  const token = tokenOf(process.env['SOPWRIGHT_MCP_TOKEN']);
  const project = openProject(options);
  const sandbox = createSandbox(() => createDuckDbEngine({ command: sqlChildCommand() }), computeLimits.milliseconds);
  const library = followLibrary(project, options.drafts);
  const world: ToolWorld = {
    shelf: createShelf(project, library),
    sandbox,
    // Without a stated day it is the day of the call: a server runs for weeks.
    today: () => dayOf(options.asOf),
    asCases: options.asCases,
    calls: { open: 0 },
  };
  const ended = untilEnded(port === null ? world.calls : null);
  const sdk = await import('../mcp/sdk.ts');
  try {
    const door = port === null ? await serveStdio(sdk, world) : await serveHttp(sdk, world, port, token.text);
    if ('url' in door) {
      terminal.say(`listening at ${door.url}, for this machine only; end it with Ctrl-C\n`);
      if (token.isNew) process.stderr.write(`token: ${token.text}\n`);
    } else if (process.stdin.isTTY === true)
      terminal.say(
        'serving on stdin and stdout: a client starts this command itself (docs/mcp.md); end it with Ctrl-C\n',
      );
    // The first call then waits for less. What goes wrong is told to whoever asks.
    library().catch(() => undefined);
    await ended;
    await door.close();
    return exitCodes.clean;
  } finally {
    await sandbox.close();
    await project.engine.close();
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new UsageError(`\`--http ${text}\` is no port; name one from 1024 to 65535, or 0 for any`);
  return port;
}

/** Stated by whoever starts it, for clients that keep it; else a new one for each start. */
function tokenOf(stated: string | undefined): { readonly text: string; readonly isNew: boolean } {
  if (stated === undefined || stated === '') return { text: randomBytes(32).toString('base64url'), isNew: true };
  if (!/^[\w~+/.=-]{32,500}$/.test(stated))
    throw new UsageError(
      'SOPWRIGHT_MCP_TOKEN must have at least 32 letters and digits, such as `openssl rand -hex 32` gives',
    );
  return { text: stated, isNew: false };
}

/** Resolves at a signal, or once the input has ended and what was asked is answered. */
function untilEnded(calls: ToolWorld['calls'] | null): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
    if (calls === null) return;
    process.stdin.once('end', () => {
      const ended = performance.now();
      const look = setInterval(() => {
        if (calls.open > 0 && performance.now() - ended < graceMilliseconds) return;
        clearInterval(look);
        resolve();
      }, 50);
    });
  });
}
