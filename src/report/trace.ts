import type { Skill } from '../emit/skill/emit-skill.ts';
import { printable } from './layout.ts';

/** Each line of a skill with the lines of the SOP that its words come from; `–` where they are the template's alone. */
export function prettyTrace({ id, trace }: Skill): string {
  const lines = [...trace].flatMap(([file, traced]) =>
    traced.map(({ line, from }) => {
      const places = from.map((place) => `${place.path}:${place.line}`);
      return `skills/${id}/${file}:${line}\t${places.length === 0 ? '–' : places.join(' ')}`;
    }),
  );
  return `${lines.map(printable).join('\n')}\n`;
}

/** The same as data; lines of the template alone are left out. */
export function jsonTrace({ id, trace }: Skill) {
  const files = [...trace].map(([path, lines]) => ({
    path: `skills/${id}/${path}`,
    lines: lines.filter(({ from }) => from.length > 0),
  }));
  return { skill: id, files };
}
