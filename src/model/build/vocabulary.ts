import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { childOf, textOf, textsOf, type YamlNode } from '../../syntax/yaml.ts';
import { spanAt } from '../../text/source.ts';
import type { Desk, Taxonomy, Team, Technique } from '../library.ts';
import { validate } from '../schema/validate.ts';

/** The words of a desk that has not changed them (design of the language, "Desk vocabulary"). */
export const defaultDesk: Desk = {
  dispositions: ['dismiss', 'monitor', 'investigate', 'escalate'],
  severities: ['info', 'low', 'medium', 'high', 'critical'],
  markets: ['spot', 'margin', 'perp', 'future', 'option'],
  teams: [],
};

/** Reads `sops/desk.yaml`; what it leaves out keeps its default. */
export function buildDesk(path: string, node: YamlNode | null): Outcome<Desk> {
  if (node === null) return [defaultDesk, []];
  const found = validate('desk', node, 'the desk file');
  const list = (key: string, fallback: readonly string[]) => {
    const texts = textsOf(childOf(node, key)).map((text) => text.value);
    return texts.length === 0 ? fallback : texts;
  };
  const teams = childOf(node, 'teams');
  const built = (teams?.kind === 'list' ? teams.items : []).map((item): Team => {
    const text = (key: string) => textOf(childOf(item, key))?.value ?? '';
    return { id: text('id'), name: text('name'), audience: text('audience') };
  });
  reportTwice(teams, 'id', path, found);
  return [
    {
      dispositions: list('dispositions', defaultDesk.dispositions),
      severities: list('severities', defaultDesk.severities),
      markets: list('markets', defaultDesk.markets),
      teams: built,
    },
    found,
  ];
}

/** Reads `sops/taxonomy.yaml`. */
export function buildTaxonomy(path: string, node: YamlNode | null): Outcome<Taxonomy> {
  if (node === null) return [{ families: [], techniques: [] }, []];
  const found = validate('taxonomy', node, 'the taxonomy');
  const families = childOf(node, 'families');
  const techniques = childOf(node, 'techniques');
  reportTwice(techniques, 'id', path, found);
  const built = (techniques?.kind === 'list' ? techniques.items : []).flatMap((item): Technique[] => {
    const id = textOf(childOf(item, 'id'));
    if (id === undefined) return [];
    const text = (key: string) => textOf(childOf(item, key))?.value ?? '';
    return [
      {
        id,
        name: text('name'),
        family: text('family'),
        what: text('what'),
        markets: textsOf(childOf(item, 'markets')).map((market) => market.value),
      },
    ];
  });
  return [
    {
      families: (families?.kind === 'map' ? families.entries : []).map(({ key, value }) => ({
        id: key.value,
        name: textOf(value)?.value ?? key.value,
      })),
      techniques: built,
    },
    found,
  ];
}

function reportTwice(list: YamlNode | undefined, key: string, path: string, found: Diagnostic[]): void {
  const seen = new Map<string, ReturnType<typeof textOf>>();
  for (const item of list?.kind === 'list' ? list.items : []) {
    const text = textOf(childOf(item, key));
    if (text === undefined) continue;
    const first = seen.get(text.value);
    if (first === undefined) seen.set(text.value, text);
    else
      found.push(
        diagnose(
          'SOP303',
          text.span,
          { name: text.value, what: `both in ${path}` },
          { related: [{ span: spanAt(path, first.span.start, first.span.end), label: 'the first one' }] },
        ),
      );
  }
}
