import type { ModdleElement } from 'dmn-moddle';

/** Looks at the untyped nodes of an XML tree: what is absent or of another kind is undefined, never a guess. */
export function textOf(element: ModdleElement | undefined, property: string): string | undefined {
  const value = element?.[property];
  return typeof value === 'string' ? value : undefined;
}

export function childOf(element: ModdleElement | undefined, property: string): ModdleElement | undefined {
  const value = element?.[property];
  return isElement(value) ? value : undefined;
}

export function childrenOf(element: ModdleElement | undefined, property: string): ModdleElement[] {
  const value = element?.[property];
  return Array.isArray(value) ? value.filter(isElement) : [];
}

export function isTrue(element: ModdleElement, property: string): boolean {
  return element[property] === true;
}

function isElement(value: unknown): value is ModdleElement {
  return typeof value === 'object' && value !== null && '$type' in value;
}
