import type { SourceFile } from '../../text/source.ts';

/** A file of its own in the shipped program: few commands need it. */
const { default: Handlebars } = await import('handlebars');

const handlebars = Handlebars.create();
/** A JSON string is a YAML double-quoted scalar: nothing in it can end the line, nor the block for readers that look for `---` anywhere. */
handlebars.registerHelper('yaml', (value: unknown) => JSON.stringify(String(value)).replace(/--(?=-)/g, '-\\u002d'));

const helpers: readonly string[] = ['yaml', 'if', 'unless', 'each'];
/** Lists of a skill lie in one another as deep as cases do: pairs, their cases, their tables. */
const deepest = 3;
const compiled = new Map<string, HandlebarsTemplateDelegate>();

export function render(template: string, data: unknown): string {
  const known =
    compiled.get(template) ?? handlebars.compile(template, { noEscape: true, strict: true, preventIndent: true });
  compiled.set(template, known);
  return known(data);
}

/** A template of the desk that cannot be filled: it is no mistake of ours. */
export class TemplateProblem extends Error {
  constructor(
    readonly file: SourceFile,
    /** From 1; of the first where it is not known. */
    readonly line: number,
    readonly problem: string,
  ) {
    super(problem);
  }
}

/** The same of a template that a desk wrote: only what the shipped ones use may stand in it. */
export function renderOwn(file: SourceFile, data: unknown): string {
  const fail = (line: number, problem: string): never => {
    throw new TemplateProblem(file, line, problem);
  };
  let tree: hbs.AST.Program;
  try {
    tree = Handlebars.parse(file.text);
  } catch (error) {
    const [, line = '1'] = /on line (\d+)/.exec(String(error)) ?? [];
    return fail(Number(line), 'is no Handlebars template: a `{{…}}` is not closed, or closed by another');
  }
  new Allowed(fail).accept(tree);
  try {
    return render(file.text, data);
  } catch (error) {
    const [, name = '?'] = /"([^"]*)" not defined/.exec(String(error)) ?? [];
    return fail(lineOf(name, file.text), `asks for \`${name}\`, which a skill does not have`);
  }
}

/** Where a name stands between braces for the first time. */
function lineOf(name: string, text: string): number {
  const at = text
    .split('\n')
    .findIndex((line) =>
      [...line.matchAll(/\{\{([^}]*)/g)].some(([, own = '']) => own.split(/[\s{./]+/).includes(name)),
    );
  return at + 1 || 1;
}

/** No partials, no decorators, no helper but ours, and no loops deeper than the data: a template arrives in pull requests, too. */
class Allowed extends Handlebars.Visitor {
  private depth = 0;

  constructor(private readonly fail: (line: number, problem: string) => never) {
    super();
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const name = block.path.original;
    if (!helpers.includes(name))
      this.fail(block.loc.start.line, `has a block \`${name}\`: only if, unless and each are known`);
    if (name === 'each') this.depth++;
    if (this.depth > deepest) this.fail(block.loc.start.line, `has more than ${deepest} \`each\` in one another`);
    super.BlockStatement(block);
    if (name === 'each') this.depth--;
  }

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    const name = 'original' in mustache.path ? String(mustache.path.original) : '';
    if (mustache.params.length > 0 && name !== 'yaml')
      this.fail(mustache.loc.start.line, `calls \`${name}\`: only yaml is known`);
    super.MustacheStatement(mustache);
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    const strange = path.parts.find((part) => part in Object.prototype);
    if (strange !== undefined) this.fail(path.loc.start.line, `asks for \`${strange}\`, which a skill does not have`);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    this.fail(partial.loc.start.line, 'includes another template: a template stands alone');
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.fail(partial.loc.start.line, 'includes another template: a template stands alone');
  }

  override DecoratorBlock(block: hbs.AST.DecoratorBlock): void {
    this.fail(block.loc.start.line, 'has a decorator');
  }

  override Decorator(decorator: hbs.AST.Decorator): void {
    this.fail(decorator.loc.start.line, 'has a decorator');
  }
}
