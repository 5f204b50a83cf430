import type { CheckedLibrary } from '../check/checked.ts';
import { type Compiled, compile, type Ports } from '../compile.ts';
import { proveFloors } from '../coverage/floors.ts';
import type { SopProof } from '../coverage/obligation.ts';
import { type Proofs, proofsOf } from '../coverage/proofs.ts';
import { partDebt } from '../coverage/ratchet/old-debt.ts';
import { compareSides, type Ratchet } from '../coverage/ratchet/ratchet.ts';
import type { Side } from '../coverage/ratchet/ratchet-found.ts';
import type { SinceReport } from '../coverage/ratchet/since.ts';
import { compareDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { Revision } from '../model/ports.ts';
import type { CaseResult } from '../replay/run-case.ts';
import { type TestRun, testLibrary } from '../replay/test-library.ts';

export interface Tested {
  readonly compiled: Compiled;
  readonly run: TestRun;
  /** By this run. */
  readonly proofs: Proofs;
  /** What a run without `--since` reports. */
  readonly found: readonly Diagnostic[];
}

type Progress = (what: string) => (done: number, total: number) => void;

/** Runs the cases of the base by this program and on this day, and compares what they prove with what is proved now. */
export async function compareWith(
  revision: Pick<Revision, 'commit' | 'how' | 'store' | 'changed' | 'remarks'>,
  stated: string,
  ids: readonly string[],
  ports: Ports,
  now: Tested,
  progress: Progress,
): Promise<SinceReport> {
  const touched = new Set(revision.changed);
  const base = { ...ports, store: revision.store };
  const compiled = await compile(base, progress('checking the base'));
  const plan = planAgain(ids, compiled.checked.library, now.compiled.checked.library, touched);
  const world = { library: compiled.checked.library, ...base };
  const ran = plan.isNone
    ? nothing
    : await testLibrary(compiled.checked, world, plan.ids, progress('testing the base'), { again: true });
  const run = plan.isAll ? ran : withUntouched(ran, plan.ids, now.run, compiled.checked);
  const proofs = prove(now.compiled.checked, now.run.results, now.proofs);
  const same = plan.isAll ? [] : proofs.filter(({ sop }) => !plan.ids.includes(sop));
  const proofsBefore = proofsOf(compiled.checked, run.results, same);
  const before: Side = { checked: compiled.checked, run, proofs: prove(compiled.checked, run.results, proofsBefore) };
  const ratchet = compareSides(before, { checked: now.compiled.checked, run: now.run, proofs }, touched);
  const { counted, old } = partDebt({
    found: now.found,
    before: [...compiled.diagnostics, ...run.diagnostics, ...proveFloors(compiled.checked, proofsBefore, ids)],
    resultsBefore: run.results,
    results: now.run.results,
    touched,
  });
  return {
    stated,
    commit: revision.commit,
    how: revision.how,
    changed: revision.changed.length,
    ratchet: { ...ratchet, notCompared: [...revision.remarks(), ...ratchet.notCompared] },
    counted: [...counted, ...diagnosticsOf(ratchet)].sort(compareDiagnostics),
    old,
  };
}

const nothing: TestRun = { asked: [], again: true, results: [], elsewhere: [], drafts: [], views: [], diagnostics: [] };

function diagnosticsOf({ losses }: Ratchet): Diagnostic[] {
  return losses.flatMap(({ diagnostic }) => diagnostic ?? []);
}

/** Which SOPs of the base to run: where no file that all share has changed, only those that could answer otherwise. */
interface Plan {
  /** As `testLibrary` takes them. */
  readonly ids: readonly string[];
  readonly isAll: boolean;
  readonly isNone: boolean;
}

/**
 * Where nothing in a SOP's folder changed, and nothing that all SOPs share, and no case of another SOP that counts for it, its
 * cases come out as they do now: one run is enough.
 */
function planAgain(ids: readonly string[], before: Library, now: Library, touched: ReadonlySet<string>): Plan {
  const there = before.sops.map(({ id }) => id.value);
  const wanted = ids.length === 0 ? there : there.filter((id) => ids.includes(id));
  const folders = new Set([...touched].map((path) => path.split('/')[1] ?? ''));
  const known = new Set([...before.sops, ...now.sops].map(({ id }) => id.value));
  if ([...folders].some((folder) => !known.has(folder)))
    return { ids: ids.length === 0 ? [] : wanted, isAll: true, isNone: wanted.length === 0 };
  const cases = [...before.cases, ...now.cases].filter(({ sop }) => folders.has(sop));
  const asked = new Set([...folders, ...cases.flatMap(({ also }) => also.map(({ value }) => value))]);
  const again = wanted.filter((id) => asked.has(id));
  return { ids: again, isAll: false, isNone: again.length === 0 };
}

/** What did not run again is what runs now: the same files give the same answers. */
function withUntouched(ran: TestRun, again: readonly string[], now: TestRun, { library }: CheckedLibrary): TestRun {
  const there = new Set(library.sops.map(({ id }) => id.value));
  const isSame = (sop: unknown) => typeof sop !== 'string' || (there.has(sop) && !again.includes(sop));
  const own = new Set(ran.views.map(({ entry }) => entry.name.value));
  return {
    ...ran,
    results: [...ran.results, ...now.results.filter(({ sop }) => isSame(sop))],
    views: [...ran.views, ...now.views.filter(({ entry }) => !own.has(entry.name.value))],
    diagnostics: [...ran.diagnostics, ...now.diagnostics.filter(({ args }) => isSame(args['sop']))],
  };
}

/** Of the SOPs that were asked something. */
function prove({ sops }: CheckedLibrary, results: readonly CaseResult[], proofs: Proofs): readonly SopProof[] {
  const ran = new Set(results.map(({ sop }) => sop));
  return sops.filter(({ sop, sound }) => sound && ran.has(sop.id.value)).map(proofs.of);
}
