import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backtest, type Result, rows } from './backtest.ts';

/** A changed text of `pump-and-dump`, tried on the same trades. The committed SOP stays as it is. */
export interface Trial {
  /** Values of parameters. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** The rows of a decision table in place of the SOP's own; its columns are those of `CROWD`. */
  readonly rules?: readonly string[];
  /** The last table's rows, in place of the SOP's own. */
  readonly outcome?: string;
  readonly quiet?: string;
}

export interface Tried {
  readonly result: Result;
  readonly alerts: readonly Record<string, string>[];
}

const SOP = 'sops/pump-and-dump/SOP.md';
const CROWD = '| F | rush_z | rise_pct | buy_share_pct | day_rise_pct | → disposition | → severity | Why |';

export function sopText(): string {
  return readFileSync(SOP, 'utf8');
}

/** The numbers of the rules C1 to C3 as the SOP has them, in the order of its columns. */
export function sopBounds(): number[] {
  const text = sopText();
  return ['C1', 'C2', 'C3'].flatMap((rule) => {
    const row = new RegExp(`^\\| ${rule} .*$`, 'm').exec(text)?.[0] ?? '';
    return [...row.matchAll(/>= ([\d.]+)/g)].map((match) => Number(match[1]));
  });
}

/** The three rules that find a pump, in words of a decision table. */
export function crowdRules(bounds: readonly number[]): string[] {
  const [z1, rise1, share1, z2, rise2, share2, rise3, share3] = bounds;
  return [
    `| C1 | >= ${z1} | >= ${rise1} | >= ${share1} | >= 0, null |`,
    `| C2 | >= ${z2} | >= ${rise2} | >= ${share2} | >= 0, null |`,
    `| C3 | - | >= ${rise3} | >= ${share3} | >= 0, null |`,
  ];
}

export async function tryOut(trial: Trial, flags: readonly string[]): Promise<Tried> {
  const root = await mkdtemp(path.join(tmpdir(), 'backtests-'));
  try {
    await mkdir(`${root}/sops/pump-and-dump`, { recursive: true });
    await cp('sops/desk.yaml', `${root}/sops/desk.yaml`);
    await cp('sops/taxonomy.yaml', `${root}/sops/taxonomy.yaml`);
    await writeFile(`${root}/${SOP}`, changed(trial));
    const out = `${root}/out`;
    const result = backtest('pump-and-dump', [...flags, '--root', root, '--out', out, '--sample', '0']);
    return { result, alerts: rows(`${out}/alerts.csv`) };
  } finally {
    await rm(root, { recursive: true });
  }
}

function changed({ parameters = {}, rules, outcome, quiet }: Trial): string {
  let text = sopText()
    .replace('status: approved', 'status: draft')
    .replace(/## Blind spots[\s\S]*?(?=## References)/, ''); // their cases are not copied
  for (const [name, value] of Object.entries(parameters))
    text = text.replace(new RegExp(`(\\| \`${name}\` +\\| \\w+ +\\| *)[\\d.]+`), `$1${value}`);
  if (quiet !== undefined) text = text.replace(/quiet: \w+/, `quiet: ${quiet}`);
  if (outcome !== undefined)
    text = text.replace(/(### Outcome\n\|.*\n\|.*\n)[\s\S]*?(?=\| else)/, (_, head: string) => `${head}${outcome}\n`);
  if (rules === undefined) return text;
  const table = [
    CROWD,
    '|---|---|---|---|---|---|---|---|',
    ...rules.map((rule) => `${rule} escalate | high | a trial |`),
    '| else | - | - | - | - | dismiss | info | nothing |',
  ];
  return text
    .replace(/### Climb of the hour[\s\S]*?(?=## Decision)/, '')
    .replace(/## Decision[\s\S]*?(?=## Procedure)/, `## Decision\n${table.join('\n')}\n\n`);
}
