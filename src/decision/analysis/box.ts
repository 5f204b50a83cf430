/** A run of places on each axis of a frame, both ends inside, and the rules of each layer that may match somewhere in it. */
export interface Box {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly live: readonly Int32Array[];
}

/** What is known of one table over a whole box. */
export interface State {
  /** Rules that may match, in the order in which they are asked; where the first that matches decides, none behind a sure one. */
  readonly alive: readonly number[];
  /** Of each of them whether it matches everywhere in the box. */
  readonly sure: readonly boolean[];
  /** How many are not sure. */
  readonly unsure: number;
  /** Whether the table ends the decision, because its rules conflict. */
  readonly stop: 'no' | 'maybe' | 'sure';
}
