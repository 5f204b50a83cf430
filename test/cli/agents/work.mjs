// Shared by the scripted agents of the tests: no model is asked. It knows the one SOP of the tests by heart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Reads the question, makes the findings that are right, lets `spoil` change each, and answers. */
export async function work(spoil) {
  const question = JSON.parse(readFileSync(0, 'utf8'));
  const folder = question.skill_folder;
  const { decide } = await import(pathToFileURL(join(folder, 'scripts/decide.mjs')).href);
  const schema = JSON.parse(readFileSync(join(folder, 'assets/finding.schema.json'), 'utf8'));
  const measured = question.data.signals ? [given(question.data)] : compute(question.data);
  const findings = measured
    .map(({ subject, signals }) => findingOf(question, schema, subject, spoil.signals?.(signals) ?? signals, decide))
    .filter(({ decision }) => decision.disposition !== 'dismiss')
    .map((finding) => spoil.finding?.(finding) ?? finding);
  process.stdout.write(JSON.stringify(findings));
}

const names = ['self_ratio', 'self_notional', 'account_type', 'tip_credible'];

function given({ signals }) {
  const values = Object.fromEntries(names.map((name) => [name, signals[name] ?? null]));
  return { subject: { owner_id: null, symbol: null, day: null }, signals: values };
}

function compute({ tables: { accounts = [], trades = [] }, provided }) {
  const account = new Map(accounts.map((row) => [row.account_id, row]));
  const groups = new Map();
  for (const { symbol, ts, notional_usd, buy_account_id, sell_account_id } of trades) {
    if (Number(notional_usd) < 10) continue;
    const buyer = account.get(buy_account_id);
    const key = JSON.stringify([buyer.owner_id, symbol, ts.slice(0, 10)]);
    const sums = groups.get(key) ?? { all: 0, own: 0, type: buyer.type };
    sums.all += Number(notional_usd);
    if (account.get(sell_account_id).owner_id === buyer.owner_id) sums.own += Number(notional_usd);
    groups.set(key, sums);
  }
  return [...groups].map(([key, { all, own, type }]) => {
    const [owner_id, symbol, day] = JSON.parse(key);
    const tip = provided.find((row) => row.owner_id === owner_id)?.tip_credible ?? null;
    const signals = { self_ratio: own / all, self_notional: String(own), account_type: type, tip_credible: tip };
    return { subject: { owner_id, symbol, day: `${day}T00:00:00Z` }, signals };
  });
}

function findingOf({ skill, sop_version, skill_digest }, { properties }, subject, signals, decide) {
  const { outcome, disposition, severity, rule, reason } = decide({ signals });
  const source = (name) => properties.signals.properties[name].properties.source.enum[0];
  const human = (step) => properties.steps.properties[step].properties.done.const === false;
  return {
    sop: skill,
    sop_version,
    skill_digest,
    subject,
    signals: Object.fromEntries(
      Object.entries(signals).map(([name, value]) => [name, { value, source: source(name), reference: 'scripted' }]),
    ),
    decision: { outcome, disposition, severity, rule, reason },
    evidence: [{ source_table: 'trades', row_id: 'scripted', note: 'a test' }],
    steps: Object.fromEntries(
      properties.steps.required.map((step) => [step, { done: !human(step), note: 'scripted: nothing was done' }]),
    ),
    benign_explanations: Object.fromEntries(
      properties.benign_explanations.required.map((row) => [
        row,
        { result: 'ruled_out', looked_for: 'scripted', found: 'scripted' },
      ]),
    ),
    confidence: { level: 'low', because: 'scripted' },
    review_overdue: false,
  };
}
