/** Data walks one way: each room imports only from rooms above it. `compile.ts` and `index.ts` stand outside the order. */
const rooms = ['text', 'diagnostics', 'syntax', 'model', 'decision', 'engine', 'host', 'check', 'replay', 'coverage', 'emit', 'review', 'dmn', 'report', 'cli'];

const direction = rooms.flatMap((room, index) => {
  const below = rooms.slice(index + 1);
  if (below.length === 0) return [];
  return [
    {
      name: `${room}-looks-up-only`,
      severity: 'error',
      comment: `src/${room} may import only from the rooms above it`,
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${below.join('|')})/` },
    },
  ];
});

export default {
  forbidden: [
    ...direction,
    { name: 'no-cycle', severity: 'error', comment: 'a cycle has no order', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-the-whole',
      severity: 'error',
      comment: 'compile.ts and index.ts are for callers outside the rooms; the command calls compile.ts',
      from: { path: '^src/(?!cli/|index\\.ts)' },
      to: { path: '^src/(compile|index)\\.ts$' },
    },
    {
      name: 'only-the-command-knows-the-world',
      severity: 'error',
      comment: 'other rooms know the ports of model/ports.ts',
      from: { path: '^src/', pathNot: '^src/(cli|engine|host)/' },
      to: { path: '^src/(engine|host)/' },
    },
    { name: 'engine-and-host-are-strangers', severity: 'error', from: { path: '^src/host/' }, to: { path: '^src/engine/' } },
    {
      name: 'only-the-world-touches-the-world',
      severity: 'error',
      comment: 'files, processes and the network belong to host/, engine/ and cli/; digests and packing only compute',
      from: { path: '^src/', pathNot: '^src/(cli|engine|host)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'emitters-are-strangers',
      severity: 'error',
      from: { path: '^src/emit/([^/]+)/' },
      to: { path: '^src/emit/', pathNot: '^src/emit/$1/' },
    },
    { name: 'no-dev-package', severity: 'error', comment: 'esbuild bundles from node_modules; type-only packages are fine', from: { path: '^src/' }, to: { path: 'node_modules/(vitest|tsx|esbuild|fast-check)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'], extensions: ['.ts', '.js', '.mjs', '.json', '.hbs'] },
  },
};
