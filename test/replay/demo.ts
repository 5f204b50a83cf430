import { compile } from '../../src/compile.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { evaluate } from '../../src/replay/evaluate.ts';
import { listEvidence } from '../../src/replay/list-evidence.ts';
import { caseLimits, caseRequest, openCase } from '../../src/replay/open-case.ts';
import { runCase } from '../../src/replay/run-case.ts';
import { type DecidedSubject, keyText } from '../../src/replay/subjects.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { green, today } from '../support/sop.ts';

/** One text in place of another that stands there once. */
export type Change = readonly [from: string, to: string];

export function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [from, to]) => {
    if (before.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} must stand there once`);
    return before.replace(from, () => to);
  }, text);
}

/** The library of `test/diagnostics` with a changed SOP, and these cases alone. */
export async function demoLibrary(
  engine: SqlEngine,
  sop: string,
  cases: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const files = new Map([
    ['sops/desk.yaml', green.desk],
    ['sops/taxonomy.yaml', green.taxonomy],
    ['sops/demo/SOP.md', sop.replace(/## Blind spots[\s\S]*?(?=## References)/, '')],
    ...Object.entries(more),
    ...Object.entries(cases).map(([name, text]) => [`sops/demo/cases/${name}`, text] as const),
  ]);
  const store = createMemoryStore(files);
  const { checked, diagnostics } = await compile({ store, cache: noCache, engine, today });
  const [demo] = checked.sops;
  if (demo === undefined) throw new Error('there is no SOP');
  const world = { library: checked.library, store, engine, today };
  const caseNamed = (name: string) => {
    const entry = checked.library.cases.find((candidate) => candidate.name.value === name);
    if (entry === undefined) throw new Error(`there is no case ${name}`);
    return entry;
  };
  return {
    demo,
    errors: diagnostics.filter(({ level }) => level === 'error').map(({ code, args }) => [code, args]),
    runCase: (name: string) => runCase(caseNamed(name), demo, world, true),
    /** How many rows of evidence each subject of a case has, by its symbol. */
    evidenceOf: async (name: string): Promise<Record<string, number>> => {
      const entry = caseNamed(name);
      if (entry.input.kind !== 'given') throw new Error('signal values have no evidence');
      const source = await openCase(entry, entry.input, demo, world, world.library.tables);
      if ('why' in source) throw new Error(source.why);
      const evaluated = await evaluate(demo, source, caseRequest(entry, entry.input, demo));
      if (!evaluated.ok) throw new Error(evaluated.diagnostic.code);
      const { decided, window } = evaluated.value;
      const { rows } = await listEvidence(demo, source.data, window, decided, caseLimits, name);
      await source.data.close();
      return Object.fromEntries(decided.map(({ key }) => [String(key[1]), rows.get(keyText(key))?.length ?? 0]));
    },
  };
}

/** `o1/BTC-USDT: escalate by R1 in illiquid`; of one that is undecided, why. */
export function answerOf(subject: DecidedSubject): string {
  const { decision, key, segment } = subject;
  const said =
    decision.kind === 'decided'
      ? `${decision.disposition} by ${decision.rule}`
      : `${decision.kind}: ${decision.detail}`;
  const names = key.filter((part) => typeof part === 'string').join('/');
  return `${names}: ${said}${segment === undefined ? '' : ` in ${segment}`}`;
}
