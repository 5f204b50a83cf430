/** 0 clean, 1 findings, 2 bad usage or configuration, 3 our own fault. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, fault: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command was called in a way that can't work; the message says how to call it. Ends the command with exit code 2. */
export class UsageError extends Error {}
