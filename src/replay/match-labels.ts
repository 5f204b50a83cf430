/** Something at a time, in microseconds. */
export interface Timed {
  readonly at: number;
}

/** Indices into alerts and labels that belong together. */
export type Pairs = readonly (readonly [alert: number, label: number])[];

/**
 * Matches alerts and labels of one group one to one within ±`within` microseconds: most pairs first, then the least
 * total distance, then the earlier ones. Both lists are ordered by time. Some best matching never crosses (uncrossing two
 * pairs keeps both within reach and never adds distance), so a table over prefixes finds it.
 */
export function matchInTime(alerts: readonly Timed[], labels: readonly Timed[], within: number): Pairs {
  return clusters(alerts, labels, within).flatMap((cluster) => matchCluster(alerts, labels, within, cluster));
}

interface Cluster {
  readonly alerts: readonly [from: number, to: number];
  readonly labels: readonly [from: number, to: number];
}

/** Stretches of time that no pair can bridge are matched apart: the table stays small however long the history is. */
function clusters(alerts: readonly Timed[], labels: readonly Timed[], within: number): Cluster[] {
  const found: Cluster[] = [];
  let [a, l, fromA, fromL] = [0, 0, 0, 0];
  let last = Number.NEGATIVE_INFINITY;
  while (a < alerts.length || l < labels.length) {
    const alertAt = alerts[a]?.at ?? Number.POSITIVE_INFINITY;
    const labelAt = labels[l]?.at ?? Number.POSITIVE_INFINITY;
    const next = Math.min(alertAt, labelAt);
    if (next - last > within) {
      found.push({ alerts: [fromA, a], labels: [fromL, l] });
      [fromA, fromL] = [a, l];
    }
    last = next;
    if (alertAt <= labelAt) a++;
    else l++;
  }
  found.push({ alerts: [fromA, a], labels: [fromL, l] });
  return found.filter((cluster) => cluster.alerts[1] > cluster.alerts[0] && cluster.labels[1] > cluster.labels[0]);
}

function matchCluster(alerts: readonly Timed[], labels: readonly Timed[], within: number, cluster: Cluster): Pairs {
  const [a0, a1] = cluster.alerts;
  const [l0, l1] = cluster.labels;
  const [n, m] = [a1 - a0, l1 - l0];
  const width = m + 1;
  const pairs = new Float64Array((n + 1) * width);
  const distance = new Float64Array((n + 1) * width);
  const gap = (i: number, j: number) => Math.abs((alerts[a0 + i]?.at ?? 0) - (labels[l0 + j]?.at ?? 0));
  const better = (p: number, d: number, at: number) =>
    p > (pairs[at] ?? 0) || (p === (pairs[at] ?? 0) && d < (distance[at] ?? 0));
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      const at = i * width + j;
      const skipAlert = at + width;
      const skipLabel = at + 1;
      const both = skipAlert + 1;
      pairs[at] = pairs[skipAlert] ?? 0;
      distance[at] = distance[skipAlert] ?? 0;
      if (better(pairs[skipLabel] ?? 0, distance[skipLabel] ?? 0, at))
        [pairs[at], distance[at]] = [pairs[skipLabel] ?? 0, distance[skipLabel] ?? 0];
      if (gap(i, j) > within) continue;
      const [p, d] = [(pairs[both] ?? 0) + 1, (distance[both] ?? 0) + gap(i, j)];
      if (better(p, d, at)) [pairs[at], distance[at]] = [p, d];
    }
  }
  return trace({ n, m, width, pairs, distance, gap, within }).map(([i, j]) => [a0 + i, l0 + j] as const);
}

interface Solved {
  readonly n: number;
  readonly m: number;
  readonly width: number;
  readonly pairs: Float64Array;
  readonly distance: Float64Array;
  readonly gap: (i: number, j: number) => number;
  readonly within: number;
}

/** Reads a best matching from the front: where several are equally good, the earlier pair is taken. */
function trace({ n, m, width, pairs, distance, gap, within }: Solved): [number, number][] {
  const found: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < n && j < m) {
    const at = i * width + j;
    const both = at + width + 1;
    const takes =
      gap(i, j) <= within && pairs[at] === (pairs[both] ?? 0) + 1 && distance[at] === (distance[both] ?? 0) + gap(i, j);
    const keepsAlert = pairs[at] === pairs[at + 1] && distance[at] === distance[at + 1];
    if (takes) found.push([i++, j++]);
    else if (keepsAlert) j++;
    else i++;
  }
  return found;
}
