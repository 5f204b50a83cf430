import type { Obligation, SopProof } from '../coverage/obligation.ts';
import type { Case } from '../model/case.ts';
import { type Config, floorOf } from '../model/config.ts';
import { lineStarts, type Position, positionAt, type SourceFile, type Span } from '../text/source.ts';

/** What a mutation testing report is made of, beside the proofs. */
export interface MutationInput {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly cases: readonly Case[];
  readonly config: Config;
  /** Of this program. */
  readonly version: string;
}

/**
 * Mutants of decision tables and of SQL as a mutation testing report (mutation-testing-report-schema, version 2), with the Markdown of
 * the SOPs as source files and their cases as tests. Its score is ours: a mutant of which it could not be told whether any input
 * shows it counts as not noticed.
 */
export function stryker(proofs: readonly SopProof[], input: MutationInput): string {
  const mutants = proofs.flatMap(({ sop, obligations }) =>
    obligations.filter(isMutant).map((obligation) => ({ sop, obligation })),
  );
  const paths = [...new Set(mutants.map(({ obligation }) => obligation.span.path))].sort();
  const report = {
    schemaVersion: '2.0',
    thresholds: thresholds(proofs, input.config),
    files: Object.fromEntries(
      paths.map((path) => {
        const source = input.files.get(path)?.text ?? '';
        const own = mutants.filter(({ obligation }) => obligation.span.path === path);
        const at = placer(source);
        return [
          path,
          {
            language: path.endsWith('.sql') ? 'sql' : 'markdown',
            source,
            mutants: own.map(({ sop, obligation }) => mutant(sop, obligation, at)),
          },
        ];
      }),
    ),
    testFiles: testFiles(proofs, input),
    framework: { name: 'sopwright', version: input.version },
  };
  return `${JSON.stringify(report, wellFormed, 2)}\n`;
}

/** Halves of surrogate pairs are no text; a reader in another language would refuse the file. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Cs}/gu, '\ufffd') : value;
}

function isMutant({ kind }: Obligation): boolean {
  return kind === 'mutant' || kind === 'sql_mutant';
}

type Place = (span: Span) => { readonly start: Position; readonly end: Position };

function placer(source: string): Place {
  const starts = lineStarts(source);
  return ({ start, end }) => ({ start: positionAt(starts, start), end: positionAt(starts, end) });
}

function mutant(sop: string, obligation: Obligation, at: Place) {
  const { id, replacement, says, by, span } = obligation;
  const [status, statusReason] = statusOf(obligation);
  return {
    id: `${sop}/${id}`,
    mutatorName: mutatorOf(obligation),
    description: says,
    ...(replacement === null ? {} : { replacement }),
    location: at(span),
    status,
    ...(statusReason === '' ? {} : { statusReason }),
    ...(by.length === 0 ? {} : { killedBy: by, coveredBy: by }),
  };
}

function statusOf({ state, needs }: Obligation): [status: string, reason: string] {
  switch (state) {
    case 'proven':
      return ['Killed', ''];
    case 'open':
      return ['Survived', 'no case would notice'];
    case 'impossible':
      return ['Ignored', 'equivalent: no input is decided otherwise'];
    case 'undecided':
      return [
        'NoCoverage',
        `no case is known to notice; ${needs ?? 'it could not be told whether any input would show it'}`,
      ];
  }
}

function mutatorOf({ id, kind, table, column, replacement }: Obligation): string {
  if (kind === 'sql_mutant') return 'SQL';
  if (table === null || table === '') return 'Parameter';
  if (column === null) return replacement === '' ? 'Rule deleted' : 'Rules swapped';
  if (id.includes('/→ ')) return 'Answer';
  return replacement === '-' ? 'Condition dropped' : 'Condition';
}

/** Red is below the lowest floor of these SOPs; without floors, what the report's readers are used to. */
function thresholds(proofs: readonly SopProof[], config: Config) {
  const floors = proofs.flatMap(({ sop }) => floorOf(config, 'mutation', sop)?.percent ?? []);
  const low = floors.length === 0 ? 60 : Math.min(...floors);
  return { high: Math.max(low, 80), low };
}

/** The cases that these SOPs are asked, by their files. */
function testFiles(proofs: readonly SopProof[], { cases, files }: MutationInput) {
  const named = new Set(proofs.flatMap(({ obligations }) => obligations.filter(isMutant).flatMap(({ by }) => by)));
  const sops = new Set(proofs.map(({ sop }) => sop));
  const own = cases.filter(({ name, sop }) => named.has(name.value) || sops.has(sop));
  const paths = [...new Set(own.map(({ path }) => path))].sort();
  return Object.fromEntries(
    paths.map((path) => {
      const source = files.get(path)?.text ?? '';
      const at = placer(source);
      const tests = own
        .filter((entry) => entry.path === path)
        .map(({ name }) => ({ id: name.value, name: name.value, location: at(name.span) }));
      return [path, { source, tests }];
    }),
  );
}
