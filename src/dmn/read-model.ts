import type { ModdleElement } from 'dmn-moddle';
import type { DmnDecision, DmnInput, DmnLogic, DmnModel, DmnRule, DmnTable, DmnText, DmnType } from './dmn-model.ts';
import { childOf, childrenOf, isTrue, textOf } from './element.ts';

/** The tree of a file as plain data. */
export function readModel(root: ModdleElement): DmnModel {
  const language = textOf(root, 'expressionLanguage');
  const elements = childrenOf(root, 'drgElement');
  const only = (type: string) => elements.filter((element) => element.$type === type);
  const others = elements.filter((element) => otherWords[element.$type] !== undefined);
  return {
    name: textOf(root, 'name') ?? '',
    inputs: only('dmn:InputData').map(readInput),
    decisions: only('dmn:Decision').map((element, index) => readDecision(element, index, language)),
    types: new Map(
      childrenOf(root, 'itemDefinition').map((element) => [textOf(element, 'name') ?? '', readType(element, 0)]),
    ),
    others: [
      ...childrenOf(root, 'import').map((element) => `the import \`${textOf(element, 'namespace') ?? ''}\``),
      ...others.map((element) => `the ${otherWords[element.$type] ?? ''} \`${textOf(element, 'name') ?? ''}\``),
    ],
  };
}

const otherWords: Readonly<Record<string, string>> = {
  'dmn:BusinessKnowledgeModel': 'function (business knowledge model)',
  'dmn:DecisionService': 'decision service',
};

const logicWords: Readonly<Record<string, string>> = {
  'dmn:Context': 'a context',
  'dmn:Invocation': 'a call of a function',
  'dmn:FunctionDefinition': 'a function',
  'dmn:List': 'a list',
  'dmn:Relation': 'a relation',
};

function readInput(element: ModdleElement): DmnInput {
  const variable = childOf(element, 'variable');
  return {
    id: textOf(element, 'id') ?? '',
    name: textOf(element, 'name') ?? textOf(variable, 'name') ?? '',
    typeRef: textOf(variable, 'typeRef') ?? null,
    description: textOf(element, 'description') ?? '',
  };
}

function readDecision(element: ModdleElement, index: number, language: string | undefined): DmnDecision {
  const requires = childrenOf(element, 'informationRequirement').flatMap((requirement) => {
    const href = textOf(childOf(requirement, 'requiredDecision'), 'href');
    return href === undefined ? [] : [href.replace(/^[^#]*#/, '')];
  });
  return {
    id: textOf(element, 'id') ?? `decision ${index + 1}`,
    name: (textOf(element, 'name') ?? textOf(childOf(element, 'variable'), 'name') ?? `Decision ${index + 1}`).trim(),
    label: textOf(element, 'label')?.trim() ?? '',
    typeRef: textOf(childOf(element, 'variable'), 'typeRef') ?? null,
    description: textOf(element, 'description') ?? '',
    requires,
    logic: readLogic(childOf(element, 'decisionLogic'), language),
  };
}

function readLogic(logic: ModdleElement | undefined, language: string | undefined): DmnLogic {
  if (logic === undefined) return { kind: 'other', what: 'nothing that could be read' };
  if (logic.$type === 'dmn:DecisionTable') return { kind: 'table', table: readTable(logic, language) };
  if (logic.$type === 'dmn:LiteralExpression') return { kind: 'literal', expression: readText(logic, language) };
  return { kind: 'other', what: logicWords[logic.$type] ?? 'an expression in a box' };
}

function readTable(table: ModdleElement, language: string | undefined): DmnTable {
  return {
    hitPolicy: textOf(table, 'hitPolicy') ?? 'UNIQUE',
    aggregation: textOf(table, 'aggregation') ?? null,
    inputs: childrenOf(table, 'input').map((input) => {
      const expression = childOf(input, 'inputExpression');
      return {
        label: textOf(input, 'label') ?? '',
        expression: readText(expression, language),
        typeRef: textOf(expression, 'typeRef') ?? null,
        values: textOf(childOf(input, 'inputValues'), 'text') ?? null,
      };
    }),
    outputs: childrenOf(table, 'output').map((output) => {
      const otherwise = childOf(output, 'defaultOutputEntry');
      return {
        name: textOf(output, 'name') ?? '',
        label: textOf(output, 'label') ?? '',
        typeRef: textOf(output, 'typeRef') ?? null,
        values: textOf(childOf(output, 'outputValues'), 'text') ?? null,
        otherwise: otherwise === undefined ? null : readText(otherwise, language),
      };
    }),
    annotations: childrenOf(table, 'annotation').map((annotation) => textOf(annotation, 'name') ?? ''),
    rules: childrenOf(table, 'rule').map((rule) => readRule(rule, language)),
  };
}

function readRule(rule: ModdleElement, language: string | undefined): DmnRule {
  return {
    id: textOf(rule, 'id') ?? '',
    label: textOf(rule, 'label') ?? '',
    description: textOf(rule, 'description') ?? '',
    cells: childrenOf(rule, 'inputEntry').map((entry) => readText(entry, language)),
    outputs: childrenOf(rule, 'outputEntry').map((entry) => readText(entry, language)),
    annotations: childrenOf(rule, 'annotationEntry').map((entry) => textOf(entry, 'text') ?? ''),
  };
}

function readText(element: ModdleElement | undefined, language: string | undefined): DmnText {
  const stated = textOf(element, 'expressionLanguage') ?? language;
  const isFeel = stated === undefined || /feel/i.test(stated);
  return { text: textOf(element, 'text') ?? '', language: isFeel ? null : stated };
}

/** Definitions that hold each other end somewhere: deeper parts than any table needs are left out. */
function readType(element: ModdleElement, depth: number): DmnType {
  const parts = depth > 8 ? [] : childrenOf(element, 'itemComponent');
  return {
    typeRef: textOf(element, 'typeRef') ?? null,
    allowed: textOf(childOf(element, 'allowedValues'), 'text') ?? null,
    isCollection: isTrue(element, 'isCollection'),
    parts: new Map(parts.map((part) => [textOf(part, 'name') ?? '', readType(part, depth + 1)])),
  };
}
