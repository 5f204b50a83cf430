/** Templates are imported as text; the build and the tests both know how. */
declare module '*.hbs' {
  const text: string;
  export default text;
}
