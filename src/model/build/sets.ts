import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/words.ts';
import { childOf, textOf, textsOf, type YamlNode } from '../../syntax/yaml.ts';
import { type Located, spanAt } from '../../text/source.ts';
import { validate } from '../schema/validate.ts';
import type { SkillSet } from '../skill-set.ts';

/** Reads `sops/sets.yaml`. */
export function buildSets(path: string, node: YamlNode | null): Outcome<readonly SkillSet[]> {
  if (node === null)
    return [[], [diagnose('SOP206', spanAt(path, 0, 0), { what: 'the skill sets', say: 'are empty' })]];
  const found = validate('sets', node, 'the skill sets');
  const list = childOf(node, 'sets');
  const sets = (list?.kind === 'list' ? list.items : []).map((item): SkillSet => {
    const text = (key: string) => textOf(childOf(item, key)) ?? { value: '', span: item.span };
    return {
      name: text('name'),
      title: text('title').value,
      owner: text('owner'),
      purpose: text('purpose').value,
      skills: textsOf(childOf(item, 'skills')),
    };
  });
  const names = sets.map(({ name }) => name).filter(({ value }) => value !== '');
  return [sets, [...found, ...sayTwice(names), ...sets.flatMap(({ skills }) => skillsTwice(skills))]];
}

function sayTwice(names: readonly Located<string>[]): Diagnostic[] {
  return secondOnes(names).map(([{ value, span }, first]) =>
    diagnose(
      'SOP303',
      span,
      { name: value, what: 'both skill sets' },
      { related: [{ span: first.span, label: 'the first one' }] },
    ),
  );
}

function skillsTwice(skills: readonly Located<string>[]): Diagnostic[] {
  return secondOnes(skills).map(([{ value, span }]) =>
    diagnose('SOP206', span, { what: '`skills`', say: `names \`${quote(value, 64)}\` twice` }),
  );
}

/** Each that was there before, with the first one. */
function secondOnes(names: readonly Located<string>[]): [Located<string>, Located<string>][] {
  const firsts = new Map<string, Located<string>>();
  return names.flatMap((name): [Located<string>, Located<string>][] => {
    const first = firsts.get(name.value);
    if (first !== undefined) return [[name, first]];
    firsts.set(name.value, name);
    return [];
  });
}
