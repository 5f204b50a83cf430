import { resolveTables } from '../../src/check/resolve-tables.ts';
import type { Logic } from '../../src/decision/logic.ts';
import { importDmn } from '../../src/dmn/import-dmn.ts';
import type { Imported } from '../../src/dmn/imported.ts';
import { importMarkdown } from '../../src/dmn/write-markdown.ts';
import { buildSop } from '../../src/model/build/sop.ts';
import { parseMarkdown } from '../../src/syntax/parse-markdown.ts';
import { desk } from './sops.ts';

/** Sections that an import wrote, read by our own compiler: what it says of them by code, and the logic. */
export function logicOf(markdown: string): { readonly logic: Logic; readonly codes: readonly string[] } {
  const path = 'sops/demo/SOP.md';
  const text = `---\nid: demo\ntitle: Demo\nversion: 1.0.0\nstatus: draft\nowner: desk\nreview_by: 2027-01-01\nsubject: [symbol]\n---\n\n# Demo\n\n${markdown}`;
  const [tree, parsed] = parseMarkdown({ path, text });
  const [sop, built] = buildSop(tree);
  if (sop === null) throw new Error('the SOP has no front-matter');
  const [logic, resolved] = resolveTables(sop, desk);
  // The frame above lacks sections that a SOP must have; only what the tables say counts here.
  const codes = [...parsed, ...built, ...resolved].map(({ code }) => code).filter((code) => !frame.has(code));
  return { logic, codes };
}

const frame = new Set(['SOP201', 'SOP207']);

export interface Read {
  readonly imported: Imported;
  readonly markdown: string;
  readonly logic: Logic;
  readonly codes: readonly string[];
}

/** A DMN file through the whole import. */
export async function readDmn(xml: string | Uint8Array, decision?: string): Promise<Read> {
  const read = await importDmn(typeof xml === 'string' ? new TextEncoder().encode(xml) : xml, decision);
  if (!read.ok) throw new Error(read.why);
  const markdown = importMarkdown(read.value);
  return { imported: read.value, markdown, ...logicOf(markdown) };
}

/** A DMN 1.3 file around some elements. */
export function dmnFile(inside: string, attributes = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="File" namespace="urn:test" ${attributes}>${inside}</definitions>`;
}

export interface TableXml {
  readonly name?: string;
  readonly policy?: string;
  /** `name: type`, or `name: type: allowed values`. */
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  /** Cells, then outputs. */
  readonly rules: readonly (readonly string[])[];
  readonly inside?: string;
  readonly requires?: readonly string[];
}

/** One decision table as XML. */
export function tableXml({ name = 'Routing', policy = 'hitPolicy="FIRST"', ...table }: TableXml): string {
  const id = name.replaceAll(' ', '_');
  const { inputs, outputs = ['disposition'], rules, inside = '', requires = [] } = table;
  const entry = (tag: string, text: string) => `<${tag}><text>${escaped(text)}</text></${tag}>`;
  const columns = inputs.map((input) => {
    const [expression = '', type = '', values] = input.split(/: /);
    const allowed = values === undefined ? '' : `<inputValues><text>${escaped(values)}</text></inputValues>`;
    const typed = type === '' ? '' : ` typeRef="${type}"`;
    return `<input><inputExpression${typed}><text>${escaped(expression)}</text></inputExpression>${allowed}</input>`;
  });
  const rows = rules.map((cells) => {
    const given = cells.map((cell, place) => entry(place < inputs.length ? 'inputEntry' : 'outputEntry', cell));
    return `<rule>${given.join('')}</rule>`;
  });
  const needs = requires.map(
    (other) => `<informationRequirement><requiredDecision href="#${other}"/></informationRequirement>`,
  );
  const given = outputs.map((output) => (output.startsWith('<') ? output : `<output name="${output}"/>`));
  return `<decision id="${id}" name="${name}">${needs.join('')}<decisionTable ${policy}>${columns.join('')}${given.join('')}${rows.join('')}</decisionTable>${inside}</decision>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
