import type { Desk, Taxonomy } from '../../model/library.ts';
import attackTemplate from '../templates/attack.hbs';
import benignTemplate from '../templates/benign.hbs';
import boundariesTemplate from '../templates/boundaries.hbs';
import { fill } from '../templates/render.ts';
import sopTemplate from '../templates/sop.hbs';

export interface NewSop {
  readonly id: string;
  readonly title: string;
  readonly technique: string;
  readonly status: 'draft' | 'approved';
  readonly today: string;
}

/** A SOP with three files of cases that is green as it stands: its author changes it, step by step, into their own. */
export function newSopFiles(
  { id, title, technique, status, today }: NewSop,
  desk: Desk,
  taxonomy: Taxonomy,
): { path: string; text: string }[] {
  const owner = desk.teams[0]?.id ?? 'trading-risk';
  const markets = taxonomy.techniques.find((entry) => entry.id.value === technique)?.markets ?? [];
  const market = markets.find((entry) => desk.markets.includes(entry)) ?? desk.markets[0] ?? 'spot';
  const approvedBy = status === 'approved' ? (desk.teams.find((team) => team.id !== owner)?.id ?? '') : '';
  const data = { id, title, technique, market, owner, status, approvedBy, reviewBy: halfAYearAfter(today) };
  return [
    { path: `sops/${id}/SOP.md`, text: fill(sopTemplate, data) },
    { path: `sops/${id}/cases/${id}-with-itself.yaml`, text: fill(attackTemplate, data) },
    { path: `sops/${id}/cases/${id}-one-slip.yaml`, text: fill(benignTemplate, data) },
    { path: `sops/${id}/cases/boundaries.md`, text: fill(boundariesTemplate, data) },
  ];
}

function halfAYearAfter(today: string): string {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 6);
  return date.toISOString().slice(0, 10);
}
