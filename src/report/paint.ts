/** Colours as functions: the terminal's are real, a pipe's change nothing. Reporters know no escape codes. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const same = (text: string) => text;

export const noPaint: Paint = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };

/** How wide the page is and how it is coloured. */
export interface Page {
  readonly columns: number;
  readonly paint: Paint;
}
