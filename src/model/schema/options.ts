/** Keywords of ours: words for a message, the key of a table, its SQL types and units. */
export const ownKeywords = ['x-say', 'x-key', 'x-sql', 'x-unit'] as const;

/** `verbose` hands each error its schema and its value: the words for a message come from them. */
export const schemaOptions = {
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  verbose: true,
  validateFormats: false,
} as const;
