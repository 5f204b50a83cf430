/** As much of dmn-moddle as is used here; the package has no types of its own. */
declare module 'dmn-moddle' {
  /** A node of the tree: its properties are unknown until `element.ts` has looked at them. */
  export interface ModdleElement {
    readonly $type: string;
    readonly [property: string]: unknown;
  }
  export class DmnModdle {
    create(type: string, properties?: Readonly<Record<string, unknown>>): ModdleElement;
    fromXML(
      xml: string,
      type: string,
    ): Promise<{ readonly rootElement: ModdleElement; readonly warnings: readonly { readonly message: string }[] }>;
    toXML(element: ModdleElement, options: { readonly format: boolean }): Promise<{ readonly xml: string }>;
  }
}
