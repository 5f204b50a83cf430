import type { Coverage } from '../coverage/coverage.ts';
import { byTechnique, sayStep, stepOf } from '../coverage/techniques/next-steps.ts';
import { type Cell, type CellState, cellStates } from '../coverage/techniques/technique-matrix.ts';
import { outcomeWords } from './pretty-test.ts';

/** Ours: the techniques are those of `sops/taxonomy.yaml`, and markets stand where ATT&CK has tactics. */
const domain = 'trading-risk';

const looks: Readonly<Record<CellState, { readonly label: string; readonly color: string }>> = {
  blind: { label: 'blind: no SOP claims it', color: '#b2182b' },
  gap: { label: 'gap: a case of it comes out wrong today, known or not', color: '#ef8a62' },
  claimed: { label: 'claimed: no case proves it', color: '#fddbc7' },
  half_proven: { label: 'half proven: no SOP both catches an attack and leaves an innocent alone', color: '#d1e5f0' },
  proven: { label: 'proven: a SOP catches an attack and leaves an innocent alone', color: '#2166ac' },
  not_applicable: { label: 'not applicable: it cannot happen in that market', color: '#dddddd' },
};

/** The matrix as a layer of the ATT&CK Navigator, format 4.5. The score is the rank of the state, 0 to 4, and no share of anything. */
export function navigatorLayer({ library, cells }: Pick<Coverage, 'library' | 'cells'>, today: string) {
  return {
    name: 'Techniques and what the cases prove',
    versions: { navigator: '4.9.0', layer: '4.5' },
    domain,
    description: `Techniques of sops/taxonomy.yaml by market, as of ${today}. A case proves what it states, and nothing about attacks that nobody has written down.`,
    sorting: 2,
    layout: { layout: 'side', showID: true, showName: true },
    hideDisabled: false,
    techniques: [...byTechnique(cells).values()].flatMap((same) => same.map((cell) => annotation(cell, same))),
    gradient: {
      colors: cellStates.map((state) => looks[state].color),
      minValue: 0,
      maxValue: cellStates.length - 1,
    },
    legendItems: [...cellStates, 'not_applicable' as const].map((state) => looks[state]),
    selectTechniquesAcrossTactics: false,
    metadata: [
      { name: 'as of', value: today },
      { name: 'markets', value: library.desk.markets.join(', ') },
    ],
  };
}

function annotation(cell: Cell, same: readonly Cell[]) {
  const { technique, market, state, claimedBy } = cell;
  const step = stepOf(cell, same);
  const common = { techniqueID: technique.id.value, tactic: market, color: looks[state].color };
  if (state === 'not_applicable') return { ...common, comment: looks[state].label, enabled: false };
  return {
    ...common,
    score: cellStates.indexOf(state),
    comment: step === null ? looks[state].label : sayStep(step),
    enabled: true,
    metadata: [
      { name: 'technique', value: technique.name },
      { name: 'family', value: technique.family },
      { name: 'state', value: state },
      { name: 'claimed by', value: claimedBy.map(({ id }) => id.value).join(', ') || 'nobody' },
      { name: 'cases', value: outcomesOf(cell) },
    ],
  };
}

function outcomesOf({ results }: Cell): string {
  const counts = Object.entries(outcomeWords).flatMap(([outcome, word]) => {
    const n = results.filter((result) => result.outcome === outcome).length;
    return n === 0 ? [] : [`${n} ${word}`];
  });
  return counts.join(', ') || 'none';
}
