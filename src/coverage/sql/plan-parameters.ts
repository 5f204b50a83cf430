import type { CheckedSop } from '../../check/checked.ts';
import { withValues } from '../../check/resolve-segments.ts';
import { misfitOf } from '../../check/rules/parameters.ts';
import type { Desk } from '../../model/library.ts';
import type { Parameter } from '../../model/sop.ts';
import { otherNumbers } from '../../text/other-numbers.ts';
import type { Located } from '../../text/source.ts';
import type { PlannedMutant } from './planned.ts';
import { code } from './say-mutant.ts';
import { type DecidingSql, readsParameter, withView } from './sql-texts.ts';

/** Parameters that SQL reads, each of their values moved inside its range: by a step and by a tenth, or to another word. */
export function planParameters(checked: CheckedSop, texts: readonly DecidingSql[], desk: Desk): PlannedMutant[] {
  const own = texts.filter(({ view }) => view === null);
  const ofSop = checked.sop.parameters.flatMap((parameter) => {
    const readers = own.filter(({ sql }) => readsParameter(sql, parameter.name.value));
    return readers.length === 0 ? [] : planOne(parameter, readers, checked, desk);
  });
  const ofViews = texts.flatMap((text) =>
    text.view === null ? [] : text.parameters.flatMap((parameter) => planOne(parameter, [text], checked, desk)),
  );
  return [...ofSop, ...ofViews];
}

function planOne(
  parameter: Parameter,
  readers: readonly DecidingSql[],
  checked: CheckedSop,
  desk: Desk,
): PlannedMutant[] {
  const view = readers[0]?.view ?? null;
  const place = view === null ? 'parameter' : `view ${view.name.value} parameter`;
  const name = parameter.name.value;
  const tables = new Set(readers.flatMap((reader) => [...reader.tables]));
  const data = `data in ${[...tables].sort().slice(0, 4).map(code).join(', ')}`;
  return valuesOf(parameter, checked).flatMap(({ segment, value }) =>
    otherValues(parameter, value.value)
      .filter((other) => misfitOf({ ...parameter, value: { ...value, value: other } }) === null)
      .map((other): PlannedMutant => {
        const moved = withValue(parameter, segment, other);
        const named = segment === null ? code(name) : `${code(name)} of ${segment}`;
        const says = `the parameter ${named} became ${other} instead of ${value.value}`;
        const changedView = view && {
          ...view,
          parameters: view.parameters.map((entry) => (entry === parameter ? moved : entry)),
        };
        const parameters = checked.sop.parameters.map((entry) => (entry === parameter ? moved : entry));
        return {
          id: `sql_mutant/${place}/${name}${segment === null ? '' : ` of ${segment}`}/${value.value}>${other}`,
          span: value.span,
          replacement: other,
          says: view === null ? says : `${says} in the view ${view.name.value}`,
          needs: `${data} that ${code(`$${name}`)} = ${value.value} and ${other} tell apart`,
          key: JSON.stringify([place, name, segment, other]),
          tables,
          changed: changedView === null ? withValues(checked, parameters, desk) : withView(checked, changedView),
          view: changedView,
        };
      }),
  );
}

/** The values that some segment has, or the one for all. */
function valuesOf(
  parameter: Parameter,
  { sop, segmentation }: CheckedSop,
): { readonly segment: string | null; readonly value: Located<string> }[] {
  const own = parameter.bySegment.map(({ segment, value }) => ({ segment, value }));
  const isHidden = segmentation !== null && own.length >= sop.segments.length && own.length > 0;
  return [...(isHidden ? [] : [{ segment: null, value: parameter.value }]), ...own];
}

function withValue(parameter: Parameter, segment: string | null, text: string): Parameter {
  if (segment === null) return { ...parameter, value: { ...parameter.value, value: text } };
  const bySegment = parameter.bySegment.map((entry) =>
    entry.segment === segment ? { ...entry, value: { ...entry.value, value: text } } : entry,
  );
  return { ...parameter, bySegment };
}

function otherValues({ type, range }: Parameter, value: string): string[] {
  switch (type) {
    case 'number':
    case 'integer':
    case 'decimal':
      return otherNumbers(value, range.step);
    case 'boolean':
      return [value === 'true' ? 'false' : 'true'];
    case 'enum': {
      const tests = range.test.kind === 'tests' && !range.test.negated ? range.test.tests : [];
      const words = tests.flatMap((test) =>
        test.kind === 'equal' && test.operand.kind === 'text' ? [test.operand.text] : [],
      );
      return words.filter((word) => word !== value);
    }
    default:
      return [];
  }
}
