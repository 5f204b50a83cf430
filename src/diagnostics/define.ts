type Text<A> = string | ((args: A) => string);

interface Draft<A> {
  readonly level?: 'error' | 'warning' | 'note';
  /** The heading of the code's page: what is wrong, without names. */
  readonly title: string;
  /** The first line, which stands alone. */
  readonly message: Text<A>;
  /** The words beside the underlined place. */
  readonly label?: Text<A>;
  /** Why it matters to a risk desk. */
  readonly why: Text<A>;
  /** What to do. */
  readonly fix: Text<A>;
}

/** One code: permanent number, permanent meaning. */
export interface CodeEntry<A> {
  readonly level: 'error' | 'warning' | 'note';
  readonly title: string;
  readonly message: (args: A) => string;
  readonly label: (args: A) => string;
  readonly why: (args: A) => string;
  readonly fix: (args: A) => string;
}

export function define<A extends object>(draft: Draft<A>): CodeEntry<A> {
  return {
    level: draft.level ?? 'error',
    title: draft.title,
    message: asFunction(draft.message),
    label: asFunction(draft.label ?? ''),
    why: asFunction(draft.why),
    fix: asFunction(draft.fix),
  };
}

function asFunction<A>(text: Text<A>): (args: A) => string {
  return typeof text === 'string' ? () => text : text;
}
