/** A compiled file. In a skill its path is relative to the skill's folder, elsewhere to the project. */
export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}
