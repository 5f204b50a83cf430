import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/words.ts';
import type { SqlProblem, TableShape } from '../model/ports.ts';
import type { SqlText } from '../model/sop.ts';
import { type Span, spanAt } from '../text/source.ts';

/** Whose SQL it is: a group of signals, or a view. */
export interface SqlOwner {
  readonly group: string;
  readonly view?: boolean;
}

/** Says at its place in the file what is wrong with the SQL of a group or a view. */
export function describeSqlProblem(
  problem: SqlProblem,
  owner: SqlOwner,
  sql: SqlText,
  tables: readonly TableShape[],
): Diagnostic {
  const span = placeOf(problem, sql);
  const name = problem.name ?? '';
  const near = problem.candidates ?? [];
  const args = { ...owner, name, near };
  const detail = problem.detail ?? '';
  const replace =
    near.length === 1 && near[0] !== undefined && sql.text.slice(span.start - sql.start, span.end - sql.start) === name
      ? { edits: [{ span, text: near[0] }] }
      : {};
  switch (problem.reason) {
    case 'syntax':
      return diagnose('SOP410', span, {
        ...owner,
        near: name === '' ? sql.text.slice(span.start - sql.start, span.end - sql.start).trim() : name,
      });
    case 'not_one_select':
      return diagnose('SOP411', span, { ...owner, found: detail });
    case 'unknown_table':
      return diagnose('SOP412', span, { ...args, known: tables.map((table) => table.name) }, replace);
    case 'unknown_column':
      if (name === '') return diagnose('SOP423', span, { ...owner, detail });
      return diagnose('SOP413', span, args, replace);
    case 'ambiguous_column':
      return diagnose('SOP423', span, {
        ...owner,
        detail: `\`${quote(name, 40)}\` exists in more than one table here; write which, such as \`t.${quote(name, 30)}\``,
      });
    case 'unknown_function':
      return diagnose('SOP414', span, args);
    case 'forbidden_function':
      return diagnose('SOP415', span, args);
    case 'forbidden_source':
      return diagnose('SOP416', span, args);
    case 'not_deterministic':
      return diagnose('SOP417', span, args);
    case 'order_dependent':
      return diagnose('SOP418', span, args);
    case 'ties':
      return diagnose('SOP419', span, args);
    case 'unknown_parameter':
      if (/^\d+$/.test(name))
        return diagnose('SOP423', span, {
          ...owner,
          detail: 'a parameter is written with its name, such as `$window`',
        });
      return diagnose(
        'SOP420',
        span,
        args,
        near.length === 1 ? { edits: [{ span: spanAt(span.path, span.start, span.end), text: `$${near[0]}` }] } : {},
      );
    case 'type':
      return diagnose('SOP421', span, { ...owner, detail });
    case 'aggregate':
      return diagnose('SOP422', span, {
        ...owner,
        detail: name === '' ? detail : `\`${quote(name, 40)}\` is neither grouped nor summed up`,
      });
    case 'deadline':
      return diagnose('SOP428', span, { ...owner, what: 'it ran for too long, and had read no data yet' });
    case 'memory':
      return diagnose('SOP428', span, { ...owner, what: 'it used too much memory, and had read no data yet' });
    case 'runtime':
    case 'rows':
    case 'two_rows':
    case 'other':
      return diagnose('SOP423', span, { ...owner, detail: detail === '' ? 'the engine refuses it' : detail });
  }
}

/** Where in the Markdown; the whole block where the engine names no place. */
export function placeOf(problem: SqlProblem, sql: SqlText): Span {
  if (problem.offset === undefined) return firstLine(sql);
  const start = Math.min(sql.start + problem.offset, sql.start + Math.max(0, sql.text.length - 1));
  const rest = sql.text.slice(start - sql.start);
  const word = /^(?:\$?[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*|[^\s\p{L}\p{N}_]+)/u.exec(rest)?.[0].length ?? 1;
  return spanAt(sql.span.path, start, start + Math.max(1, problem.length ?? word));
}

export function firstLine(sql: SqlText): Span {
  const length = sql.text.split(/\r|\n/, 1)[0]?.length ?? 0;
  return spanAt(sql.span.path, sql.start, sql.start + Math.max(1, length));
}
