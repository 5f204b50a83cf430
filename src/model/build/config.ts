import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { type Levels, refuseLevel, type SetLevel } from '../../diagnostics/levels.ts';
import { codes, isCode } from '../../diagnostics/registry.ts';
import { childOf, textOf, type YamlNode } from '../../syntax/yaml.ts';
import { nearest } from '../../text/nearest.ts';
import type { Located } from '../../text/source.ts';
import { type Config, type Figure, type Floor, figures, noConfig } from '../config.ts';
import { validate } from '../schema/validate.ts';

/** Reads `sop.config.yaml`. What is wrong in it changes nothing, and is said. */
export function buildConfig(node: YamlNode | null): Outcome<Config> {
  if (node === null) return [noConfig, []];
  const found = validate('config', node, 'the configuration');
  const floors = childOf(node, 'floors');
  const sops = childOf(floors, 'sops');
  return [
    {
      levels: levelsOf(childOf(node, 'levels'), found),
      floors: [
        ...floorsOf(floors, null),
        ...(sops?.kind === 'map' ? sops.entries : []).flatMap(({ key, value }) => floorsOf(value, key)),
      ],
      skills: {
        license: textOf(childOf(childOf(node, 'skills'), 'license'))?.value ?? null,
        allowedTools: textOf(childOf(childOf(node, 'skills'), 'allowed_tools'))?.value ?? null,
      },
    },
    found,
  ];
}

const words: readonly string[] = ['error', 'warning', 'note', 'off'] satisfies SetLevel[];

function levelsOf(node: YamlNode | undefined, found: Diagnostic[]): Levels {
  const levels: Record<string, SetLevel> = {};
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    const stated = textOf(value)?.value ?? '';
    const code = key.value;
    if (!isCode(code)) {
      const near = nearest(code, Object.keys(codes));
      found.push(diagnose('SOP380', key.span, { name: code, near }));
    } else if (words.includes(stated)) {
      const level = stated as SetLevel; // one of the words, as the line above says
      const reason = refuseLevel(code, level);
      if (reason === null) levels[code] = level;
      else found.push(diagnose('SOP381', value.span, { code, level, reason }));
    }
  }
  return levels;
}

function floorsOf(node: YamlNode | undefined, sop: Located<string> | null): Floor[] {
  return figures.flatMap((figure: Figure): Floor[] => {
    const value = childOf(node, figure);
    const percent = value?.kind === 'scalar' ? value.value : null;
    const isPercent = typeof percent === 'number' && Number.isInteger(percent) && percent >= 0 && percent <= 100;
    return value !== undefined && isPercent ? [{ figure, sop, percent, span: value.span }] : [];
  });
}
