/** A second YAML parser, which comes without types: what tests call of it. */
declare module 'js-yaml' {
  export function load(text: string): unknown;
}
