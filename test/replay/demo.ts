import { compile } from '../../src/compile.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { runCase } from '../../src/replay/run-case.ts';
import type { DecidedSubject } from '../../src/replay/subjects.ts';
import { testLibrary } from '../../src/replay/test-library.ts';
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
export async function demoLibrary(engine: SqlEngine, sop: string, cases: Readonly<Record<string, string>>) {
  const files = new Map([
    ['sops/desk.yaml', green.desk],
    ['sops/taxonomy.yaml', green.taxonomy],
    ['sops/demo/SOP.md', sop.replace(/## Blind spots[\s\S]*?(?=## References)/, '')],
    ...Object.entries(cases).map(([name, text]) => [`sops/demo/cases/${name}`, text] as const),
  ]);
  const store = createMemoryStore(files);
  const { checked, diagnostics } = await compile({ store, cache: noCache, engine, today });
  const [demo] = checked.sops;
  if (demo === undefined) throw new Error('there is no SOP');
  const world = { library: checked.library, store, engine, today };
  return {
    demo,
    errors: diagnostics.filter(({ level }) => level === 'error').map(({ code, args }) => [code, args]),
    run: () => testLibrary(checked, world, [], () => undefined),
    runCase: async (name: string) => {
      const entry = checked.library.cases.find((candidate) => candidate.name.value === name);
      if (entry === undefined) throw new Error(`there is no case ${name}`);
      return runCase(entry, demo, world);
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
