/** A file of its own in the shipped program: few commands need it. */
const { default: Handlebars } = await import('handlebars');

const handlebars = Handlebars.create();
handlebars.registerHelper('yaml', (value: unknown) => JSON.stringify(String(value)));

/** Fills a template of this folder in. */
export function fill(template: string, data: Readonly<Record<string, string>>): string {
  return handlebars.compile(template, { noEscape: true, strict: true })(data);
}
