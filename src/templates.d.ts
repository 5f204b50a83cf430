declare module '*.hbs' {
  const text: string;
  export default text;
}

/** A program of ours as one text: see scripts/bundle-runtime.ts. */
declare module '*?bundled' {
  const text: string;
  export default text;
}
