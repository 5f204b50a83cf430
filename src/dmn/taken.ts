/** What could be translated, or why it could not. */
export type Taken<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export function taken<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function untaken(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}
