import type { ModdleElement } from 'dmn-moddle';
import type { Column, Logic, LogicTable } from '../decision/logic.ts';
import type { ExportSource } from './export-source.ts';
import { exportTable, feelType, feelTypeOf, type Make } from './export-table.ts';
import { feelOfRange, feelOfValue } from './feel-of-test.ts';
import { FeelScope } from './feel-scope.ts';
import { notInDmn } from './not-in-dmn.ts';

export interface Exported {
  readonly xml: string;
  /** What DMN has no words for; the file says it in its description. */
  readonly notes: readonly string[];
}

/** A SOP's tables as a file of DMN 1.3. The same SOP gives the same bytes. */
export async function exportDmn(source: ExportSource): Promise<Exported> {
  const { DmnModdle } = await import('dmn-moddle');
  const moddle = new DmnModdle();
  const make: Make = (type, properties) => moddle.create(type, properties);
  const scope = new FeelScope(source.logic);
  const notes = notInDmn(source);
  const { inputs, tables } = source.logic;
  const typed = inputs.filter((column) => !source.parameters.has(column.name) && column.range.kind !== 'any');
  const root = make('dmn:Definitions', {
    id: scope.id('sop', source.id),
    name: source.title,
    namespace: `urn:sopwright:${source.id}`,
    description: [`From the SOP ${source.id}, version ${source.version}.`, ...notes].join('\n'),
    itemDefinition: [
      ...typed.map((column) => inputType(column, scope, make)),
      ...tables.filter(isComposed).map((table) => tableType(table, scope, make)),
    ],
    drgElement: [
      ...inputs.map((column) => inputElement(column, source, scope, make)),
      ...tables.map((table) => tableElement(table, source, scope, make)),
    ],
  });
  const { xml } = await moddle.toXML(root, { format: true });
  return { xml: xml.endsWith('\n') ? xml : `${xml}\n`, notes };
}

/** Several outputs, or a list of them: a type of its own. */
function isComposed({ outputs, hitPolicy }: LogicTable): boolean {
  return outputs.length > 1 || ['C', 'R', 'O'].includes(hitPolicy);
}

function inputType(column: Column, scope: FeelScope, make: Make): ModdleElement {
  return make('dmn:ItemDefinition', {
    id: scope.id('type', column.name),
    name: `t_${scope.input(column.name)}`,
    typeRef: feelType(column),
    allowedValues: make('dmn:UnaryTests', { id: scope.id('allowed', column.name), text: feelOfRange(column) }),
  });
}

function tableType(table: LogicTable, scope: FeelScope, make: Make): ModdleElement {
  const name = scope.table(table);
  const isList = ['C', 'R', 'O'].includes(table.hitPolicy);
  const [output, second] = table.outputs;
  const simple = output !== undefined && second === undefined;
  return make('dmn:ItemDefinition', {
    id: scope.id('type', name),
    name: `t_${name}`,
    ...(isList && { isCollection: true }),
    ...(simple && { typeRef: feelTypeOf(output, table) }),
    ...(!simple && {
      itemComponent: table.outputs.map((part) =>
        make('dmn:ItemDefinition', {
          id: scope.id('part', name, part.name),
          name: part.name,
          typeRef: feelTypeOf(part, table),
        }),
      ),
    }),
  });
}

/** A signal is input data; a parameter that heads a column is a decision that is one value, so that nobody has to pass it. */
function inputElement(
  column: Column,
  { parameters, meanings }: ExportSource,
  scope: FeelScope,
  make: Make,
): ModdleElement {
  const name = scope.input(column.name);
  const meaning = meanings.get(column.name) ?? '';
  const isParameter = parameters.has(column.name);
  const typeRef = isParameter || column.range.kind === 'any' ? feelType(column) : `t_${name}`;
  const variable = make('dmn:InformationItem', { id: scope.id('variable', column.name), name, typeRef });
  if (isParameter)
    return make('dmn:Decision', {
      id: scope.id('parameter', column.name),
      name,
      description: meaning,
      variable,
      decisionLogic: make('dmn:LiteralExpression', {
        id: scope.id('value', column.name),
        text: feelOfValue(column.missing, column),
      }),
    });
  const absent = `Where a subject has no data: ${feelOfValue(column.missing, column)}.`;
  const rounded = column.step === null || column.step.eq(1) ? '' : ` In steps of ${column.step.toFixed()}.`;
  const whole = column.type === 'integer' ? ' A whole number.' : '';
  return make('dmn:InputData', {
    id: scope.id('input', column.name),
    name,
    description: `${meaning === '' ? '' : `${meaning}. `}${absent}${rounded}${whole}`,
    variable,
  });
}

function tableElement(table: LogicTable, source: ExportSource, scope: FeelScope, make: Make): ModdleElement {
  const name = scope.table(table);
  const [output] = table.outputs;
  const typeRef = isComposed(table) || output === undefined ? `t_${name}` : feelTypeOf(output, table);
  return make('dmn:Decision', {
    id: scope.id('decision', name),
    name,
    label: table.name,
    variable: make('dmn:InformationItem', { id: scope.id('result', name), name, typeRef }),
    informationRequirement: requirements(table, source, scope, make),
    decisionLogic: exportTable(table, source.remarks.get(table.name), scope, make),
  });
}

/**
 * Each table, parameter and input that the columns read, once. The last table needs those that none reads, too: where their rules
 * contradict each other nothing is decided, and no reader of the file takes the decision without them.
 */
function requirements(table: LogicTable, source: ExportSource, scope: FeelScope, make: Make): ModdleElement[] {
  const { parameters, logic } = source;
  const read = table.inputs.map(({ name }) => {
    const giver = scope.giverOf(name, table);
    if (giver !== undefined) return { property: 'requiredDecision', href: `#decision_${scope.table(giver)}` };
    return parameters.has(name)
      ? { property: 'requiredDecision', href: `#parameter_${name}` }
      : { property: 'requiredInput', href: `#input_${name}` };
  });
  const idle = table === logic.tables.at(-1) ? unreadTables(logic, scope) : [];
  const needed = [
    ...read,
    ...idle.map((other) => ({ property: 'requiredDecision', href: `#decision_${scope.table(other)}` })),
  ];
  const once = needed.filter(({ href }, place) => needed.findIndex((other) => other.href === href) === place);
  return once.map(({ property, href }, place) =>
    make('dmn:InformationRequirement', {
      id: scope.id('needs', scope.table(table), String(place + 1)),
      [property]: make('dmn:DMNElementReference', { href }),
    }),
  );
}

function unreadTables({ tables }: Logic, scope: FeelScope): LogicTable[] {
  const read = new Set(tables.flatMap((table) => table.inputs.map(({ name }) => scope.giverOf(name, table))));
  return tables.slice(0, -1).filter((table) => !read.has(table));
}
