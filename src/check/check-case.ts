import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { asserted } from '../model/build/case.ts';
import type { Case, Draft, Expectation, GivenCell, GivenTable, Story } from '../model/case.ts';
import type { Desk, Library, MarketTable } from '../model/library.ts';
import type { ColumnSql } from '../model/ports.ts';
import type { Sop } from '../model/sop.ts';
import { nearest, onlyNearest } from '../text/nearest.ts';
import type { Located } from '../text/source.ts';
import { isDate, parseTime } from '../text/time.ts';
import { checkMembers, checkMonotone, checkReplaces, checkSegment } from './check-case-reach.ts';

/**
 * A case names only things that exist, and its rows fit the market tables; a draft, too. Data files are looked at when it
 * runs.
 */
export function checkCase(entry: Case | Draft, library: Library): Diagnostic[] {
  const sop = library.sops.find((candidate) => candidate.id.value === entry.sop);
  const found: Diagnostic[] = [];
  checkWords(entry, library, found);
  if (!('isDraft' in entry)) checkDemand(entry, sop, library.desk, found);
  checkReach(entry, library, found);
  if (!('isDraft' in entry)) checkGap(entry, library, found);
  if (entry.asOf !== null && parseTime(entry.asOf.value) === undefined)
    found.push(
      diagnose('SOP205', entry.asOf.span, {
        what: '`as_of`',
        value: entry.asOf.value,
        say: 'a time such as 2026-11-02T02:00:00Z',
      }),
    );
  if (sop !== undefined) {
    checkNames(entry, sop, found);
    found.push(...checkSegment(entry, sop), ...checkMembers(entry, library));
  }
  const given = entry.input.kind === 'given' ? entry.input.tables : [];
  for (const table of [...given, ...(entry.monotone?.tables ?? [])]) checkGiven(table, library, found);
  found.push(...checkMonotone(entry), ...checkReplaces(entry, entry.sop, library));
  return found;
}

/** Words of the taxonomy, the desk and the library. */
function checkWords(entry: Story, { desk, taxonomy, sops }: Library, found: Diagnostic[]): void {
  const techniques = taxonomy.techniques.map((technique) => technique.id.value);
  report(entry.technique, techniques, found, (place, near) =>
    diagnose('SOP305', place.span, { name: place.value, near }),
  );
  report(entry.market, desk.markets, found, (place, near) =>
    diagnose('SOP310', place.span, { name: place.value, near, known: desk.markets }, fix(place, desk.markets)),
  );
  const shown = taxonomy.techniques.find(({ id }) => id.value === entry.technique.value);
  if (shown !== undefined && desk.markets.includes(entry.market.value) && !shown.markets.includes(entry.market.value)) {
    const args = { case: entry.name.value, technique: shown.id.value, market: entry.market.value };
    found.push(diagnose('SOP717', entry.market.span, { ...args, markets: shown.markets }));
  }
  const word = (what: string, known: readonly string[], place: Located<string> | null) => {
    if (place === null) return;
    report(place, known, found, (at, near) =>
      diagnose('SOP312', at.span, { name: at.value, what, near, known }, fix(at, known)),
    );
  };
  word('disposition', desk.dispositions, entry.others);
  for (const expectation of entry.expect) {
    word('disposition', desk.dispositions, expectation.disposition);
    word('severity', desk.severities, expectation.severity);
  }
  const ids = sops.map((candidate) => candidate.id.value);
  for (const place of [...(entry.only ?? []), ...entry.also]) {
    report(place, ids, found, (at, near) => diagnose('SOP318', at.span, { name: at.value, near }, fix(at, ids)));
  }
}

/** The case runs on its own SOP, and what it expects can be asked of each SOP that it names. */
function checkReach(entry: Story, { sops }: Library, found: Diagnostic[]): void {
  const [first] = entry.only ?? [];
  if (first !== undefined && !entry.only?.some((only) => only.value === entry.sop)) {
    found.push(diagnose('SOP714', first.span, { case: entry.name.value, sop: entry.sop }));
  }
  for (const also of entry.also) {
    const columns = sops.find((sop) => sop.id.value === also.value)?.subject.columns.map((column) => column.name);
    const strange = entry.expect
      .flatMap(({ subject }) => subject)
      .find(({ column }) => columns?.includes(column.value) === false);
    if (strange === undefined || columns === undefined) continue;
    const args = {
      name: strange.column.value,
      what: `column of the subject of \`${also.value}\`, named under \`also\``,
      near: [],
      known: columns,
    };
    found.push(diagnose('SOP313', strange.column.span, args));
  }
}

/**
 * An attack case demands something above the lowest disposition, or it would pass whatever the SOP does; a benign case
 * never demands the highest one, or it would call an accusation "left alone".
 */
function checkDemand(entry: Case, sop: Sop | undefined, { dispositions }: Desk, found: Diagnostic[]): void {
  const [lowest] = dispositions;
  const highest = dispositions.at(-1);
  const wanted = entry.expect.map((expectation) => demanded(expectation, sop));
  if (entry.kind !== 'benign') {
    const demands = wanted.some((words) => words.length > 0 && !words.includes(lowest ?? ''));
    if (!demands) found.push(diagnose('SOP230', entry.name.span, { case: entry.name.value, kind: entry.kind }));
    return;
  }
  // A line that says neither a disposition nor a rule would allow anything.
  const allows = ({ disposition, rules }: Expectation, index: number) =>
    wanted[index]?.includes(highest ?? '') === true || (disposition === null && rules.length === 0);
  const line = entry.expect.find(allows);
  const place = line?.disposition ?? line?.severity ?? null;
  const accuses = line !== undefined || entry.others?.value === highest;
  if (accuses)
    found.push(
      diagnose('SOP232', (place ?? entry.others ?? entry.name).span, {
        case: entry.name.value,
        disposition: highest ?? '',
      }),
    );
}

/** The dispositions that satisfy an expectation: its own, or those of the rules that it names. Empty: any will do. */
function demanded({ disposition, rules }: Expectation, sop: Sop | undefined): string[] {
  if (disposition !== null) return [disposition.value];
  const last = sop?.tables.at(-1);
  const column = last?.outputs.findIndex((output) => output.value === 'disposition') ?? -1;
  const all = [...(last?.rules ?? []), ...(last?.otherwise ? [last.otherwise] : [])];
  return all
    .filter((rule) => rules.some((id) => id.value === rule.id.value))
    .map((rule) => (rule.outputs[column]?.value ?? '').replace(/^"|"$/g, ''));
}

/** Rows for market tables and lists, which fit their columns. */
export function checkGiven({ name, data }: GivenTable, { sources, views }: Library, found: Diagnostic[]): void {
  const isView = (name: string) => views.some((view) => view.name.value === name);
  const table = sources.find((candidate) => candidate.name === name.value);
  if (isView(name.value)) {
    found.push(diagnose('SOP328', name.span, { name: name.value }));
  } else if (table === undefined) {
    const known = sources.map((candidate) => candidate.name).filter((candidate) => !isView(candidate));
    const args = { name: name.value, near: nearest(name.value, known), known };
    found.push(diagnose('SOP314', name.span, args, fix(name, known)));
  } else if (data.kind === 'rows') {
    for (const row of data.rows) found.push(...row.cells.flatMap((cell) => checkCell(cell, table)));
  }
}

function report(
  place: Located<string>,
  known: readonly string[],
  found: Diagnostic[],
  say: (place: Located<string>, near: string[]) => Diagnostic,
): void {
  if (place.value !== '' && !known.includes(place.value)) found.push(say(place, nearest(place.value, known)));
}

function fix(place: Located<string>, known: readonly string[]) {
  const only = onlyNearest(place.value, known);
  return only === undefined ? {} : { edits: [{ span: place.span, text: only }] };
}

function checkGap({ knownGap }: Case, { desk }: Library, found: Diagnostic[]): void {
  if (knownGap === null) return;
  const teams = desk.teams.map((team) => team.id);
  report(knownGap.owner, teams, found, (place, near) =>
    diagnose('SOP306', place.span, { name: place.value, near, known: teams }, fix(place, teams)),
  );
  if (!isDate(knownGap.until.value))
    found.push(diagnose('SOP904', knownGap.until.span, { value: knownGap.until.value }));
}

/**
 * Rules, subject columns and signals of the case's own SOP. Where its rules or signals could not be read at all, the SOP
 * has been reported, and each of its cases would only repeat that.
 */
function checkNames(entry: Story, sop: Sop, found: Diagnostic[]): void {
  const names = (groups: Sop['groups']) => groups.flatMap((group) => group.signals.map((signal) => signal.name.value));
  const subject = sop.subject.columns.map((column) => column.name);
  const rules = ruleIds(sop);
  const check = (what: string, known: readonly string[], place: Located<string>) => {
    if (known.length === 0) return;
    report(place, known, found, (at, near) =>
      diagnose('SOP313', at.span, { name: at.value, what, near, known }, fix(at, known)),
    );
  };
  for (const expectation of entry.expect) {
    for (const rule of expectation.rules) check('rule', rules, rule);
    // Whoever misspells what is expected has written no column of the subject, either.
    for (const { column } of expectation.subject)
      if (!subject.includes(column.value)) check('column of the subject', [...subject, ...asserted], column);
    checkTimes(expectation, found);
  }
  if (entry.input.kind === 'signals') {
    for (const { name } of entry.input.values) check('signal', names(sop.groups), name);
    return;
  }
  const provided = [...subject, ...names(sop.groups.filter((group) => group.sql === null))];
  for (const { name } of entry.input.provided.flatMap((row) => row.values)) {
    check('provided signal or column of the subject', provided, name);
  }
}

function ruleIds({ tables }: Sop): string[] {
  const last = tables.at(-1);
  if (last === undefined) return [];
  return [...last.rules.map((rule) => rule.id.value), ...(last.otherwise === null ? [] : ['else'])];
}

function checkTimes(expectation: Expectation, found: Diagnostic[]): void {
  for (const { column, match } of expectation.subject) {
    if (match.kind === 'near' && parseTime(match.text) === undefined) {
      found.push(diagnose('SOP431', column.span, { column: column.value, value: match.text, expected: timeExpected }));
    }
  }
}

const timeExpected = 'a UTC time such as 2026-11-02 10:00:00';

export function checkCell(cell: GivenCell, table: MarketTable): Diagnostic[] {
  const column = table.columns.find((candidate) => candidate.name === cell.column.value);
  if (column === undefined) {
    const known = table.columns.map((candidate) => candidate.name);
    return [
      diagnose(
        'SOP315',
        cell.column.span,
        { name: cell.column.value, table: table.name, near: nearest(cell.column.value, known), known },
        fix(cell.column, known),
      ),
    ];
  }
  if (cell.text === null) return [];
  const expected = misfit(cell.text, column.sql, table.values.get(column.name));
  return expected === null
    ? []
    : [diagnose('SOP431', cell.span, { column: `${table.name}.${column.name}`, value: cell.text, expected })];
}

/** What was expected instead; null where the text fits. Numbers may be written with all their digits. */
function misfit(text: string, sql: ColumnSql, values: readonly string[] | undefined): string | null {
  if (values !== undefined) return values.includes(text) ? null : `one of ${values.join(', ')}`;
  if (sql === 'VARCHAR') return null;
  if (sql === 'TIMESTAMP') return parseTime(text) === undefined ? timeExpected : null;
  if (sql === 'BOOLEAN') return text === 'true' || text === 'false' ? null : 'true or false';
  if (sql === 'BIGINT') return /^[+-]?\d{1,18}$/.test(text) ? null : 'a whole number';
  const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text);
  if (!number) return 'a number';
  if (sql === 'DOUBLE') return null;
  const [, precision = 38, scale = 8] = /\((\d+),(\d+)\)/.exec(sql) ?? [];
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = Number(precision) - Number(scale);
  if (whole.length > digits) return `a number of at most ${digits} digits before the point`;
  return fraction.length > Number(scale) ? `a number with at most ${scale} decimals` : null;
}
