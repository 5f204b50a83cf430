import { createHash } from 'node:crypto';
import type { CheckedSop } from '../../check/checked.ts';
import { scopesIn } from '../../coverage/tables/scope.ts';
import { encodeLogic } from '../../decision/logic-json.ts';
import type { Case } from '../../model/case.ts';
import type { SkillKeys } from '../../model/config.ts';
import type { Desk } from '../../model/library.ts';
import type { SourceFile } from '../../text/source.ts';
import { decideScript } from './decide-script.ts';
import { edgeCases } from './edge-cases.ts';
import type { EmittedFile } from './emitted-file.ts';
import { evals } from './evals.ts';
import { findingSchema } from './finding-schema.ts';
import { render, renderOwn } from './render.ts';
import type { DecisionJson } from './runtime/decide.ts';
import { signalNames } from './signal-values.ts';
import { skillData } from './skill-data.ts';
import type { SkillReads } from './skill-reads.ts';
import { evidenceSql, signalsSql } from './sql-files.ts';
import casesTemplate from './templates/cases.hbs';
import decisionTemplate from './templates/decision.hbs';
import signalsTemplate from './templates/signals.hbs';
import skillTemplate from './templates/skill.hbs';
import { type TracedLine, Tracer } from './traced.ts';
import { json, unix } from './words.ts';

/** The templates of a skill by name, and the file that each makes. A desk may have its own: `sops/templates/<name>.hbs`. */
const shipped = {
  skill: { text: skillTemplate, file: 'SKILL.md' },
  signals: { text: signalsTemplate, file: 'references/signals.md' },
  decision: { text: decisionTemplate, file: 'references/decision.md' },
  cases: { text: casesTemplate, file: 'references/cases.md' },
} as const;

/** What a skill is made of. */
export interface SkillInput {
  readonly checked: CheckedSop;
  readonly source: SourceFile;
  readonly reads: SkillReads;
  /** Of the whole library; with the texts of their files. */
  readonly cases: readonly Case[];
  readonly caseFiles: readonly SourceFile[];
  readonly desk: Desk;
  /** The SQL engine and its version, `DuckDB 1.5`. */
  readonly dialect: string;
  /** The desk's own templates, in the place of the shipped ones. */
  readonly templates: readonly SourceFile[];
  readonly keys: SkillKeys;
}

export interface Skill {
  readonly id: string;
  /** SKILL.md first, then by path; paths are relative to the skill's folder. */
  readonly files: readonly EmittedFile[];
  /** Where the lines of the files that templates make come from. */
  readonly trace: ReadonlyMap<string, readonly TracedLine[]>;
  /** Sha256 over all files, in which 64 zeros stand for itself. */
  readonly digest: string;
}

/** Stands in the files while the digest is not known. */
const noDigest = '0'.repeat(64);

/** Compiles a SOP without errors to an Agent Skill: the same input gives the same bytes, on any day. */
export function emitSkill(input: SkillInput): Skill {
  const { checked, reads, desk, dialect } = input;
  const { sop } = checked;
  const [texts, trace] = fill(input);
  const decision = decisionJson(checked);
  const sql = {
    'scripts/signals.sql': signalsSql(sop, reads, dialect),
    'scripts/evidence.sql': evidenceSql(sop, reads, dialect),
  };
  const files: EmittedFile[] = [
    ...texts,
    { path: 'assets/decision.json', text: json(decision) },
    { path: 'assets/finding.schema.json', text: json(findingSchema(sop, desk, noDigest)) },
    { path: 'scripts/decide.mjs', text: decideScript(decision) },
    ...Object.entries(sql).flatMap(([path, text]) => (text === null ? [] : [{ path, text }])),
    evals(sop, input.cases),
  ];
  const isFirst = ({ path }: EmittedFile) => path === 'SKILL.md';
  const ordered = files.sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || (a.path < b.path ? -1 : 1));
  const digest = sha256(JSON.stringify(ordered.map(({ path, text }) => [path, sha256(text)])));
  const signed = ordered.map(({ path, text }) => ({ path, text: withDigest(path, text, digest) }));
  return { id: sop.id.value, files: signed, trace, digest };
}

/** Only where we put it: a SOP may hold 64 zeros, too. */
function withDigest(path: string, text: string, digest: string): string {
  const places: Readonly<Record<string, string>> = {
    'SKILL.md': `  skill_digest: "${noDigest}"`,
    'assets/decision.json': `"skill_digest": "${noDigest}"`,
    'assets/finding.schema.json': `"const": "${noDigest}"`,
    'scripts/decide.mjs': `"skill_digest": "${noDigest}"`,
  };
  const place = places[path];
  return place === undefined ? text : text.replace(place, () => place.replace(noDigest, digest));
}

function fill(input: SkillInput): [EmittedFile[], Map<string, readonly TracedLine[]>] {
  const { checked, source, reads, cases, caseFiles, desk, dialect, templates, keys } = input;
  const shared = [...reads.views.map((view) => view.source), ...reads.lists.flatMap((list) => list.source ?? [])];
  const tracer = new Tracer([source, ...shared, ...caseFiles]);
  const scopes = scopesIn(checked);
  const logicIn = (segment: string | null) =>
    scopes.find(({ name }) => name === null || name === segment)?.logic ?? null;
  const data = {
    ...skillData(checked.sop, reads, desk, tracer),
    pairs: edgeCases(checked.sop, cases, logicIn, tracer),
    sourceDigest: sha256(unix(source.text)),
    skillDigest: noDigest,
    dialect,
    license: keys.license ?? '',
    allowedTools: keys.allowedTools ?? '',
  };
  const trace = new Map<string, readonly TracedLine[]>();
  const files = Object.entries(shipped).map(([name, { text, file }]): EmittedFile => {
    const own = templates.find(({ path }) => path === `sops/templates/${name}.hbs`);
    const marked = own === undefined ? render(text, data) : renderOwn(own, data);
    const [plain, lines] = tracer.read(`${marked.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`);
    trace.set(file, lines);
    return { path: file, text: plain };
  });
  return [files, trace];
}

function decisionJson(checked: CheckedSop): DecisionJson {
  const { sop, segmentation } = checked;
  return {
    sop: sop.id.value,
    sop_version: sop.version.value,
    skill_digest: noDigest,
    signals: signalNames(sop),
    segment_by: segmentation?.by ?? null,
    decisions: scopesIn(checked).map(({ name, logic }) => ({ segment: name, logic: encodeLogic(logic) })),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
