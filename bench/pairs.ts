import { spawnSync } from 'node:child_process';
import { watch } from './process-tree.ts';

/** A whole process: what is run, where, and with which environment beside the caller's. */
export interface Command {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Called before each run, outside the measured time; gives the environment of that run. */
  readonly prepare?: () => Record<string, string>;
}

export interface Pair {
  readonly what: string;
  readonly ours: Command;
  readonly peer: Command;
  readonly runs: number;
  /** The ratio ours ÷ peer must be at most this. */
  readonly atMost: number;
  /** Where given, one more run of ours is watched: all its processes together must stay below. */
  readonly atMostMegabytes?: number;
}

export interface Measured {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly seconds: readonly [ours: number, peer: number];
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number };
  readonly atMost: number;
  /** Resident memory of all processes of ours at its peak; null where the system does not tell. */
  readonly megabytes?: { readonly peak: number | null; readonly atMost: number };
}

/** Runs both commands in turn (A B A B …) after one warm-up each, and compares run by run: a machine that slows down slows both. */
export async function measure({ what, ours, peer, runs, atMost, atMostMegabytes }: Pair): Promise<Measured> {
  const times: [number, number][] = [];
  for (let run = 0; run <= runs; run++) {
    const pair: [number, number] = [secondsOf(ours), secondsOf(peer)];
    if (run > 0) times.push(pair);
  }
  const watched = atMostMegabytes === undefined ? undefined : { peak: await peakOf(ours), atMost: atMostMegabytes };
  return {
    what,
    ours: ours.name,
    peer: peer.name,
    atMost,
    ...summarise(times),
    ...(watched && { megabytes: watched }),
  };
}

/** Medians of the times, and the ratios of each pair of runs. */
export function summarise(
  times: readonly (readonly [ours: number, peer: number])[],
): Pick<Measured, 'seconds' | 'ratio'> {
  const ratios = times.map(([a, b]) => a / b).sort((a, b) => a - b);
  return {
    seconds: [median(times.map(([a]) => a)), median(times.map(([, b]) => b))],
    ratio: { median: median(ratios), least: ratios[0] ?? Number.NaN, most: ratios.at(-1) ?? Number.NaN },
  };
}

async function peakOf(command: Command): Promise<number | null> {
  const { megabytes, code, stderr } = await watch(command);
  if (code !== 0) throw new Error(`${command.name} ended with ${code}: ${stderr.slice(-500)}`);
  return megabytes;
}

function secondsOf({ argv, cwd, prepare, name }: Command): number {
  const [file, ...rest] = argv;
  const env = { ...process.env, ...prepare?.() };
  const start = performance.now();
  const ended = spawnSync(file, rest, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const seconds = (performance.now() - start) / 1000;
  if (ended.status !== 0)
    throw new Error(`${name} ended with ${ended.status ?? ended.signal}: ${ended.stderr.slice(-500)}`);
  return seconds;
}

function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1
    ? (ordered[middle] ?? Number.NaN)
    : ((ordered[middle - 1] ?? 0) + (ordered[middle] ?? 0)) / 2;
}

export function describe({ what, ours, peer, seconds, ratio, atMost, megabytes }: Measured): string {
  const [a, b] = seconds;
  const verdict = ratio.median <= atMost ? 'within' : 'OVER';
  return `${what}: ${ours} ${a.toFixed(3)} s, ${peer} ${b.toFixed(3)} s; ratio ${plain(ratio.median)} (${plain(ratio.least)}–${plain(ratio.most)}), ${verdict} ${plain(atMost)}${memoryWords(megabytes)}`;
}

/** Two digits that say something, also of a hundredth. */
function plain(ratio: number): string {
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2);
}

function memoryWords(megabytes: Measured['megabytes']): string {
  if (megabytes === undefined) return '';
  const { peak, atMost } = megabytes;
  if (peak === null) return '; memory not known on this system';
  return `; peak memory ${peak.toFixed(0)} MB, ${peak <= atMost ? 'within' : 'OVER'} ${atMost} MB`;
}
