/** Codes of the protocol; those below -32000 are ours to choose. */
export const errorCodes = {
  /** A call that cannot be answered as it is: whoever called changes it. */
  invalid: -32602,
  /** No resource of that name. */
  notFound: -32002,
  /** The skills cannot be served as they lie there: a person has to do something. */
  unavailable: -32010,
  /** Too much at once: try again. */
  busy: -32011,
} as const;

/** An error of the protocol. Its message is for a person, who can act on it. */
export class CallError extends Error {
  readonly code: number;

  constructor(kind: keyof typeof errorCodes, message: string) {
    super(message);
    this.code = errorCodes[kind];
  }
}

/** What was well asked, and could not be done with what was given: the tool's own answer, marked as an error. */
export class ToolFailure extends Error {}
