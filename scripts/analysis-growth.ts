import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { middle, structure } from '../bench/analysis.ts';
import { treeTable } from '../bench/tree-table.ts';

/** `npm run analysis-growth`: how the time of an analysis grows with rules and inputs, into docs/analysis.md and its plot. */
const sizes = [100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const widths = [5, 10, 15];

const measured = widths.map((inputs) => ({
  inputs,
  points: sizes.map((rules) => {
    const logic = treeTable({ rules, inputs, policy: 'U', noise: 0, seed: 1 });
    return { rules, milliseconds: middle(() => structure(logic)) };
  }),
}));

writeFileSync('docs/analysis-growth.svg', plot());
writeFileSync('docs/analysis.md', page());
process.stdout.write('wrote docs/analysis.md and docs/analysis-growth.svg\n');

function page(): string {
  const head = `| Rules | ${widths.map((inputs) => `${inputs} inputs`).join(' | ')} |`;
  const rows = sizes.map(
    (rules, row) =>
      `| ${rules.toLocaleString('en')} | ${measured.map(({ points }) => `${points[row]?.milliseconds.toFixed(0)} ms`).join(' | ')} |`,
  );
  return `# How long an analysis takes

Gaps, overlaps and masked rules of one table, from its cells to the boxes that no rule decides. The tables are made as a decision
tree would make them: complete, nothing overlaps, bounds from 0 to 10,000. The middle of five runs on ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown processor'}.

${head}
|---:|${widths.map(() => '---:|').join('')}
${rows.join('\n')}

![Milliseconds over rules, one line for each number of inputs](analysis-growth.svg)

\`npm run analysis-growth\` measures anew and writes this page.
`;
}

function plot(): string {
  const [width, height, margin] = [640, 360, 56];
  const all = measured.flatMap(({ points }) => points);
  const scale = (values: readonly number[], from: number, to: number) => {
    const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
    return (value: number) => from + ((Math.log10(value) - low) / (high - low || 1)) * (to - from);
  };
  const x = scale(sizes, margin, width - margin);
  const y = scale(
    all.map(({ milliseconds }) => milliseconds),
    height - margin,
    margin,
  );
  const colours = ['#1b6ca8', '#c0552d', '#3f7d3f'];
  const lines = measured.map(({ inputs, points }, at) => {
    const path = points.map((point) => `${x(point.rules).toFixed(1)},${y(point.milliseconds).toFixed(1)}`).join(' ');
    const last = points.at(-1);
    const end =
      last === undefined
        ? ''
        : `<text x="${(x(last.rules) + 6).toFixed(1)}" y="${y(last.milliseconds).toFixed(1)}">${inputs}</text>`;
    return `<polyline fill="none" stroke="${colours[at]}" stroke-width="2" points="${path}"/>${end}`;
  });
  const ticks = sizes.map(
    (rules) => `<text x="${x(rules).toFixed(1)}" y="${height - margin + 18}" text-anchor="middle">${rules}</text>`,
  );
  const times = all.map(({ milliseconds }) => milliseconds);
  const marks = [Math.min(...times), Math.max(...times)].map(
    (time) => `<text x="${margin - 6}" y="${(y(time) + 4).toFixed(1)}" text-anchor="end">${time.toFixed(0)} ms</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${margin}" y="24" font-size="13">Milliseconds over rules, both logarithmic; a line for each number of inputs</text>
<path d="M${margin} ${margin - 10}V${height - margin}H${width - margin + 10}" fill="none" stroke="#888"/>
${[...ticks, ...marks, ...lines].join('\n')}
</svg>
`;
}
