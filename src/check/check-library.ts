import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Case } from '../model/case.ts';
import type { Library, Taxonomy } from '../model/library.ts';
import type { Sop } from '../model/sop.ts';
import { checkConfig } from './check-config.ts';
import { checkSets } from './check-sets.ts';

/** What only shows when all SOPs and cases are seen together. */
export function checkLibrary(library: Library): Diagnostic[] {
  const { sops, cases, drafts, viewCases, taxonomy, config } = library;
  return [
    ...repeatedSops(sops),
    ...checkConfig(
      config,
      sops.map(({ id }) => id.value),
    ),
    ...checkSets(library),
    ...repeatedCases([...inOrder([...cases, ...drafts]), ...viewCases]),
    ...sops.flatMap((sop) => proofs(sop, cases, taxonomy)),
  ];
}

function repeatedSops(sops: readonly Sop[]): Diagnostic[] {
  return sops.flatMap((sop, index) => {
    const other = sops.findIndex((candidate) => candidate.id.value === sop.id.value);
    const first = sops[other];
    if (other === index || first === undefined || sop.id.value === '') return [];
    return [
      diagnose(
        'SOP307',
        sop.id.span,
        { id: sop.id.value, other: first.path },
        { related: [{ span: first.id.span, label: 'the first one' }] },
      ),
    ];
  });
}

/** By file and place: which of two is the second one must not hang on whether one of them is a draft. */
function inOrder<T extends Pick<Case, 'name' | 'path'>>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) =>
    a.path === b.path ? a.name.span.start - b.name.span.start : a.path < b.path ? -1 : 1,
  );
}

function repeatedCases(cases: readonly Pick<Case, 'name' | 'path'>[]): Diagnostic[] {
  const first = new Map<string, Pick<Case, 'name' | 'path'>>();
  return cases.flatMap((entry) => {
    const earlier = first.get(entry.name.value);
    if (earlier === undefined) {
      first.set(entry.name.value, entry);
      return [];
    }
    return [
      diagnose(
        'SOP308',
        entry.name.span,
        { name: entry.name.value, other: earlier.path },
        { related: [{ span: earlier.name.span, label: 'the first one' }] },
      ),
    ];
  });
}

/** A SOP needs an attack that it finds, an innocent that it leaves alone, and a case for each technique it claims. */
function proofs(sop: Sop, cases: readonly Case[], taxonomy: Taxonomy): Diagnostic[] {
  if (sop.status.value === 'retired') return [];
  const own = cases.filter((entry) => entry.sop === sop.id.value);
  const name = sop.id.value;
  if (own.length === 0) return [diagnose('SOP708', sop.id.span, { sop: name, what: 'no cases' })];
  const found: Diagnostic[] = [];
  if (!own.some((entry) => entry.kind !== 'benign'))
    found.push(diagnose('SOP708', sop.id.span, { sop: name, what: 'no case of an attack' }));
  if (!own.some((entry) => entry.kind === 'benign'))
    found.push(diagnose('SOP708', sop.id.span, { sop: name, what: 'no benign case' }));
  // A technique that the taxonomy does not know has been reported as such.
  const isKnown = (id: string) => taxonomy.techniques.some((known) => known.id.value === id);
  for (const technique of sop.techniques) {
    const tried = cases.some(
      (entry) =>
        entry.technique.value === technique.value &&
        (entry.sop === name || entry.also.some((also) => also.value === name)),
    );
    if (!tried && isKnown(technique.value))
      found.push(diagnose('SOP712', technique.span, { technique: technique.value, sop: name }));
  }
  return found;
}
