import { readFileSync } from 'node:fs';
import { type DecisionJson, decider } from '../../src/emit/skill/runtime/decide.ts';

const folder = 'test/diagnostics/base/skills/demo/assets';

/** The skill `demo`, whose findings the tests check. */
export const demoSkill = {
  schema: JSON.parse(readFileSync(`${folder}/finding.schema.json`, 'utf8')) as unknown,
  decision: JSON.parse(readFileSync(`${folder}/decision.json`, 'utf8')) as DecisionJson,
};

export interface DemoFinding {
  [name: string]: unknown;
  signals: Record<string, { value: unknown; source: string; reference: string }>;
  decision: Record<string, unknown>;
  evidence: Record<string, unknown>[];
  steps: Record<string, { done: boolean; note: string }>;
  benign_explanations: Record<string, Record<string, unknown>>;
}

/** A finding of `demo` in which nothing is wrong, of an owner who is escalated. */
export function rightFinding(): DemoFinding {
  const { decision: json } = demoSkill;
  const values = { self_ratio: '0.6', self_notional: '150000', account_type: 'retail', tip_credible: null };
  const { outcome, disposition, severity, rule, reason } = decider(json)({ signals: values });
  return {
    sop: json.sop,
    sop_version: json.sop_version,
    skill_digest: json.skill_digest,
    subject: { owner_id: 'o1', symbol: 'AB', day: '2026-11-02 00:00:00' },
    signals: Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const source = name === 'tip_credible' ? 'person' : 'sql';
        return [name, { value, source, reference: 'the run of 3 November' }];
      }),
    ),
    decision: { outcome, disposition, severity, rule, reason },
    evidence: [{ source_table: 'trades', row_id: 't1', note: 'both sides' }],
    steps: {
      '1': { done: true, note: 'Computed by signals.sql.' },
      '2': { done: true, note: 'No tip is on file.' },
      '3': { done: true, note: 'Nobody was contacted.' },
      '4': { done: false, note: 'Handed to the risk manager on duty.' },
    },
    benign_explanations: {
      '1': { result: 'ruled_out', looked_for: 'The type in accounts.', found: 'It is retail.' },
    },
    confidence: { level: 'high', because: 'Both sides of each trade are known.' },
    review_overdue: false,
  };
}
