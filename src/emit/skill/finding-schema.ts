import type { Desk } from '../../model/library.ts';
import type { Sop } from '../../model/sop.ts';
import { oneLine } from './words.ts';

/** What an agent reports of one subject, as a JSON Schema of the SOP's own columns, signals, rules, steps and benign explanations. */
export function findingSchema(sop: Sop, desk: Desk, skillDigest: string) {
  const signals = sop.groups.flatMap((group) =>
    group.signals.map((signal) => ({ signal, computed: group.sql !== null })),
  );
  const rules = sop.tables.at(-1)?.rules.map(({ id }) => id.value) ?? [];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `A finding by ${sop.id.value} ${sop.version.value}`,
    description: 'What an agent reports of one subject. A person decides.',
    ...record({
      sop: { const: sop.id.value },
      sop_version: { const: sop.version.value },
      skill_digest: { const: skillDigest, description: 'As SKILL.md names it: what this finding was made by.' },
      subject: {
        description: 'Whom the finding is about.',
        ...record(Object.fromEntries(sop.subject.columns.map(({ name }) => [name, value('As the data names it.')]))),
      },
      ...(sop.identity === null
        ? {}
        : {
            members: list(
              { type: 'string', minLength: 1 },
              `The members of the group: values of ${sop.identity.members.value}.`,
            ),
          }),
      ...(sop.segmentBy === null
        ? {}
        : {
            segment: {
              type: ['string', 'null'],
              description: 'The segment that the subject was in; null where it is not known.',
            },
          }),
      signals: {
        description: 'Each signal with where its value comes from. A signal that was not computed is left out.',
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(
          signals.map(({ signal, computed }) => [signal.name.value, signalSchema(oneLine(signal.meaning), computed)]),
        ),
      },
      decision: {
        description: 'What scripts/decide.mjs answered, unchanged.',
        ...record({
          outcome: { enum: ['decided', 'undecided', 'invalid'] },
          disposition: { enum: [...desk.dispositions, null] },
          severity: { enum: [...desk.severities, null] },
          rule: { enum: [...rules, 'else', null] },
          reason: text('As decide.mjs gives it.'),
        }),
      },
      evidence: list(
        record({
          source_table: text('A market table.'),
          row_id: value('The row.'),
          note: { type: 'string', description: 'Why it matters.' },
        }),
        'Rows behind the signals.',
      ),
      steps: {
        description: 'Each step of the procedure: done, or why not.',
        ...record(
          Object.fromEntries(
            sop.steps.map((step) => [String(step.number), stepSchema(oneLine(step.name), step.actor === 'human')]),
          ),
        ),
      },
      benign_explanations: {
        description: 'Each benign explanation: what was looked for, and what was found.',
        ...record(
          Object.fromEntries(
            sop.benign.map((row, at) => [
              String(at + 1),
              {
                description: oneLine(row.explanation),
                ...record({
                  result: { enum: ['confirmed', 'ruled_out', 'not_known'] },
                  looked_for: text('What evidence was looked for, and where.'),
                  found: text('What was found.'),
                }),
              },
            ]),
          ),
        ),
      },
      confidence: {
        description: 'How sure the agent is that the evidence shows what the finding says. It changes no disposition.',
        ...record({ level: { enum: ['low', 'medium', 'high'] }, because: text('Why.') }),
      },
      review_overdue: { type: 'boolean', description: `True once the day of review, ${sop.reviewBy.value}, is past.` },
    }),
  };
}

function record(properties: Readonly<Record<string, unknown>>) {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

function text(description: string) {
  return { type: 'string', minLength: 1, description };
}

function value(description: string) {
  return { type: ['string', 'number', 'boolean', 'null'], description };
}

function list(items: unknown, description: string) {
  return { type: 'array', items, description };
}

function signalSchema(description: string, computed: boolean) {
  const source = computed
    ? { enum: ['sql'], description: 'scripts/signals.sql computes it.' }
    : { enum: ['tool', 'vendor', 'person'], description: 'No SQL computes it.' };
  return {
    description,
    ...record({
      value: value('Null: looked for, and not there.'),
      source,
      reference: text('The run, the tool or the person that gave it.'),
    }),
  };
}

/** A step of a person can only be left to that person. */
function stepSchema(description: string, isHuman: boolean) {
  if (isHuman) return { description, ...record({ done: { const: false }, note: text('To whom it was handed over.') }) };
  return { description, ...record({ done: { type: 'boolean' }, note: text('What was done, or why it was not.') }) };
}
