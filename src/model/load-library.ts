import { createHash } from 'node:crypto';
import { compareDiagnostics, type Diagnostic, diagnose, type Outcome } from '../diagnostics/diagnostic.ts';
import type { MarkdownTree } from '../syntax/markdown.ts';
import type { YamlNode } from '../syntax/yaml.ts';
import { nearest } from '../text/nearest.ts';
import { type SourceFile, spanAt } from '../text/source.ts';
import { buildCase } from './build/case.ts';
import { buildCaseTable } from './build/case-table.ts';
import { buildMarketTable } from './build/market-table.ts';
import { buildSop } from './build/sop.ts';
import { buildDesk, buildTaxonomy } from './build/vocabulary.ts';
import type { Case } from './case.ts';
import type { Library, MarketTable } from './library.ts';
import { canonicalTables } from './market-tables.ts';
import type { Cache, FileContent, Store } from './ports.ts';
import type { Sop } from './sop.ts';

export interface Loaded {
  readonly library: Library;
  /** Every text that was read, by path: for code frames. */
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** Reads and builds everything under `sops/`. Files whose text was parsed before come from the cache. */
export async function loadLibrary(store: Store, cache: Cache): Promise<Outcome<Loaded>> {
  const reader = new Reader(store, cache);
  const paths = await store.list('sops');
  const sops: Sop[] = [];
  const cases: Case[] = [];
  const unreadCases: string[] = [];
  const tables: MarketTable[] = canonicalTables();
  const desk = reader.keep(buildDesk('sops/desk.yaml', await reader.yaml('sops/desk.yaml')));
  const taxonomy = reader.keep(buildTaxonomy('sops/taxonomy.yaml', await reader.yaml('sops/taxonomy.yaml')));
  for (const path of paths) {
    if (/^sops\/tables\/[^/]+\.json$/.test(path)) {
      const table = reader.keep(buildMarketTable(path, await reader.yaml(path)));
      if (table !== null) tables.push(table);
    } else if (/^sops\/[^/]+\/SOP\.md$/.test(path)) {
      const tree = await reader.closedMarkdown(path);
      const sop = tree === null ? null : reader.keep(buildSop(tree));
      if (sop !== null) sops.push(sop);
    } else if (/^sops\/[^/]+\/cases\/[^/]+\.ya?ml$/.test(path)) {
      const node = await reader.yaml(path);
      const entry = reader.broken.has(path) ? null : reader.keep(buildCase(path, node));
      if (entry !== null) cases.push(entry);
      else unreadCases.push(path.replace(/^.*\/|\.ya?ml$/g, ''));
    } else if (/^sops\/[^/]+\/cases\/[^/]+\.md$/.test(path)) {
      const tree = await reader.markdown(path);
      if (tree !== null && !reader.broken.has(path)) cases.push(...reader.keep(buildCaseTable(tree)));
    }
  }
  reader.found.push(...foldersWithoutSop(paths));
  const library: Library = { desk, taxonomy, tables, sops, cases, unreadCases };
  return [{ library, files: reader.files }, reader.found.sort(compareDiagnostics)];
}

/** Cases that lie where no SOP is would never run, and nobody would notice. */
function foldersWithoutSop(paths: readonly string[]): Diagnostic[] {
  const folders = (pattern: RegExp) => new Set(paths.flatMap((path) => pattern.exec(path)?.[1] ?? []));
  const withSop = folders(/^sops\/([^/]+)\/SOP\.md$/);
  const orphans = paths.filter(
    (path) =>
      /^sops\/[^/]+\/(?:cases\/[^/]+\.(?:ya?ml|md)|[^/]+\.md)$/.test(path) && !withSop.has(path.split('/')[1] ?? ''),
  );
  return orphans.map((path) =>
    diagnose('SOP318', spanAt(path, 0, 0), {
      name: path.split('/')[1] ?? '',
      near: nearest(path.split('/')[1] ?? '', withSop),
    }),
  );
}

class Reader {
  readonly files = new Map<string, SourceFile>();
  readonly found: Diagnostic[] = [];
  /** Files that could not be parsed: nothing is built on them. */
  readonly broken = new Set<string>();
  constructor(
    private readonly store: Store,
    private readonly cache: Cache,
  ) {}

  keep<T>([value, diagnostics]: Outcome<T>): T {
    this.found.push(...diagnostics);
    return value;
  }

  /** Below a fence that is never closed everything is code: each missing section would be one more message. */
  async closedMarkdown(path: string): Promise<MarkdownTree | null> {
    const tree = await this.markdown(path);
    return this.found.some(({ code, span }) => code === 'SOP109' && span.path === path) ? null : tree;
  }

  async yaml(path: string): Promise<YamlNode | null> {
    const text = await this.text(path);
    if (text === null) return null;
    return this.parsed('yaml', path, text, async () => (await import('../syntax/parse-yaml.ts')).parseYaml(path, text));
  }

  async markdown(path: string): Promise<MarkdownTree | null> {
    const text = await this.text(path);
    if (text === null) return null;
    return this.parsed('markdown', path, text, async () =>
      (await import('../syntax/parse-markdown.ts')).parseMarkdown({ path, text }),
    );
  }

  /** The parsers are loaded only when something has changed: they are most of the time that a command needs to start. */
  private async parsed<T>(kind: string, path: string, text: string, parse: () => Promise<Outcome<T>>): Promise<T> {
    const key = createHash('sha256').update(`${path}\n${text}`).digest('hex');
    const cached = this.cache.get(kind, key);
    const outcome = cached === undefined ? await parse() : (cached as Outcome<T>); // written below, under a digest that the cache checks
    if (cached === undefined) this.cache.set(kind, key, outcome);
    if (outcome[1].some((diagnostic) => diagnostic.level === 'error')) this.broken.add(path);
    return this.keep(outcome);
  }

  private async text(path: string): Promise<string | null> {
    const content = await this.store.read(path);
    if (content === undefined) return null;
    if (content.kind === 'text') {
      this.files.set(path, { path, text: content.text });
      return content.text;
    }
    this.files.set(path, { path, text: '' });
    this.found.push(describeUnread(path, content));
    this.broken.add(path);
    return null;
  }
}

function describeUnread(path: string, content: Exclude<FileContent, { kind: 'text' }>): Diagnostic {
  const span = spanAt(path, 0, 0);
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
  if (content.kind === 'too_large')
    return diagnose('SOP102', span, { megabytes: megabytes(content.bytes), limit: megabytes(content.limit) });
  if (content.kind === 'not_text') return diagnose('SOP101', span, { offset: content.offset });
  return diagnose('SOP110', span, { reason: content.reason });
}
