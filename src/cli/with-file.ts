import type { Ports } from '../compile.ts';

/** The project as it would be with another text of one file. */
export function withFile(ports: Ports, path: string, text: string): Ports {
  const { store } = ports;
  const read: typeof store.read = (wanted) =>
    wanted === path ? Promise.resolve({ kind: 'text', text }) : store.read(wanted);
  return { ...ports, store: { ...store, read } };
}
