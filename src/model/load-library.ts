import { createHash } from 'node:crypto';
import { compareDiagnostics, type Diagnostic, diagnose, type Outcome } from '../diagnostics/diagnostic.ts';
import { findCommands } from '../syntax/find-commands.ts';
import { findOrders } from '../syntax/find-orders.ts';
import { findUnseen } from '../syntax/find-unseen.ts';
import { findLookAlikes } from '../syntax/look-alikes.ts';
import type { MarkdownTree } from '../syntax/markdown.ts';
import { type PackedYaml, packYaml, unpackYaml } from '../syntax/pack-yaml.ts';
import { childOf, textOf, type YamlNode } from '../syntax/yaml.ts';
import { plain } from '../text/invisible.ts';
import { packedFile } from '../text/packed-file.ts';
import { type SourceFile, spanAt } from '../text/source.ts';
import { buildCase } from './build/case.ts';
import { buildCaseTable } from './build/case-table.ts';
import { buildConfig } from './build/config.ts';
import { buildDeskList } from './build/desk-list.ts';
import { buildMapping } from './build/mapping.ts';
import { buildMarketTable } from './build/market-table.ts';
import { buildSets } from './build/sets.ts';
import { sopOfText } from './build/sop-of-text.ts';
import { buildDesk, buildTaxonomy } from './build/vocabulary.ts';
import type { Case, Draft } from './case.ts';
import { type Config, configPath, noConfig, otherConfigPaths } from './config.ts';
import type { DeskList } from './desk-list.ts';
import type { Desk, Library, MarketTable, Taxonomy } from './library.ts';
import {
  casePath,
  foldersWithoutSop,
  mappingPath,
  neverRead,
  setsPath,
  sopPath,
  templatePath,
  viewCasePath,
} from './library-paths.ts';
import { loadShared } from './load-shared.ts';
import type { Mapping } from './mapping.ts';
import { canonicalTables } from './market-tables.ts';
import type { Cache, FileContent, Store } from './ports.ts';
import { shippedMappings } from './shipped-mappings.ts';
import type { SkillSet } from './skill-set.ts';
import type { Sop } from './sop.ts';
import { nextTurn } from './turn.ts';
import type { View } from './view.ts';

export interface Loaded {
  readonly library: Library;
  /** Every text that was read, by path: for code frames. */
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** What a command needs of a library. */
export interface Wanted {
  /** Whoever runs SOPs on data of a desk needs no cases, and there are hundreds. */
  readonly cases: boolean;
}

/**
 * Reads and builds everything under `sops/`. What was made of a file's text before comes from the cache. `onSop` hears of
 * each SOP as soon as it is built, with the tables that its SQL may read.
 */
export async function loadLibrary(
  store: Store,
  cache: Cache,
  onSop: (sop: Sop, tables: readonly MarketTable[]) => void = () => undefined,
  wanted: Wanted = { cases: true },
): Promise<Outcome<Loaded>> {
  const reader = new Reader(store, cache);
  const paths = await pathsOf(store, wanted);
  const tables = await loadTables(reader, paths);
  const shared = await loadShared(reader, paths, tables);
  const mappings = await loadMappings(reader, paths, tables);
  const sops: Sop[] = [];
  const cases: (Case | Draft)[] = [];
  const unreadCases: string[] = [];
  for (const path of paths) {
    if (sopPath.test(path)) {
      const sop = await reader.sop(path);
      if (sop !== null) sops.push(sop);
      if (sop !== null) onSop(sop, shared.sources);
    } else if (casePath.test(path)) {
      const found = await loadCases(reader, path);
      if (found === null) unreadCases.push(path.replace(/^.*\/|\.ya?ml$/g, ''));
      else cases.push(...found);
    }
  }
  // Last, so that the first SQL is on its way early: the engine takes as long to start as a hundred files to read.
  const desk = (await reader.desk('sops/desk.yaml')) ?? reader.keep(buildDesk('sops/desk.yaml', null));
  const taxonomy = (await reader.taxonomy('sops/taxonomy.yaml')) ?? reader.keep(buildTaxonomy('', null));
  const config = (await reader.config(configPath)) ?? noConfig;
  const sets = await reader.sets(setsPath);
  await reader.otherConfigs();
  reader.found.push(...foldersWithoutSop(paths), ...neverRead(paths));
  const templates = await loadTemplates(reader, paths);
  const library: Library = {
    desk,
    taxonomy,
    config,
    sets,
    tables,
    mappings,
    templates,
    ...shared,
    sops,
    cases: cases.filter((entry): entry is Case => !isDraft(entry)),
    drafts: cases.filter(isDraft),
    unreadCases: wanted.cases ? unreadCases : 'all',
  };
  return [{ library, files: reader.files }, reader.found.sort(compareDiagnostics)];
}

async function pathsOf(store: Store, { cases }: Wanted): Promise<readonly string[]> {
  const all = await store.list('sops');
  return cases ? all : all.filter((path) => !casePath.test(path) && !viewCasePath.test(path));
}

/** The canonical tables and the desk's own. They are read first: no SQL is bound without them. */
async function loadTables(reader: Reader, paths: readonly string[]): Promise<MarketTable[]> {
  const tables = canonicalTables();
  for (const path of paths.filter((path) => /^sops\/tables\/[^/]+\.json$/.test(path))) {
    const node = await reader.yaml(path);
    const table = reader.keep(buildMarketTable(path, node));
    if (table === null) continue;
    if (tables.some(({ name }) => name === table.name)) {
      const place = textOf(childOf(node, 'title'))?.span ?? spanAt(path, 0, 0);
      reader.found.push(diagnose('SOP324', place, { name: table.name, what: 'a market table' }));
    } else tables.push(table);
  }
  return tables;
}

/** A desk's mapping takes the place of a shipped one of the same name. */
async function loadMappings(
  reader: Reader,
  paths: readonly string[],
  tables: readonly MarketTable[],
): Promise<Mapping[]> {
  const own: Mapping[] = [];
  for (const path of paths.filter((path) => mappingPath.test(path))) {
    const node = await reader.yaml(path);
    const mapping = reader.broken.has(path) ? null : reader.keep(buildMapping(path, node, tables));
    if (mapping !== null) own.push(mapping);
  }
  const shipped = shippedMappings().filter(({ name }) => !own.some((mapping) => mapping.name === name));
  return [...own, ...shipped].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function loadTemplates(reader: Reader, paths: readonly string[]): Promise<SourceFile[]> {
  const templates: SourceFile[] = [];
  for (const path of paths.filter((one) => templatePath.test(one))) {
    const text = await reader.text(path);
    if (text !== null && !reader.broken.has(path)) templates.push({ path, text });
  }
  return templates;
}

/** Of these there are so many that their texts count. */
function isCase(path: string): boolean {
  return casePath.test(path) || viewCasePath.test(path);
}

function isDraft(entry: Case | Draft): entry is Draft {
  return 'isDraft' in entry;
}

/** `null` where the file cannot be made a case. */
function loadCases(reader: Reader, path: string): Promise<readonly (Case | Draft)[] | null> {
  return path.endsWith('.md') ? loadCaseTable(reader, path) : loadCase(reader, path);
}

async function loadCase(reader: Reader, path: string): Promise<readonly (Case | Draft)[] | null> {
  const packed = await reader.packed(path);
  const node = packed && unpackYaml(packed);
  const entry = reader.broken.has(path) ? null : reader.keep(buildCase(path, node, packed));
  return entry === null ? null : [entry];
}

async function loadCaseTable(reader: Reader, path: string): Promise<readonly (Case | Draft)[]> {
  const tree = await reader.markdown(path);
  return tree === null || reader.broken.has(path) ? [] : reader.keep(buildCaseTable(tree));
}

/** The parsers are loaded only when something has changed: they are most of the time that a command needs to start. */
async function parseMarkdown(path: string, text: string): Promise<Outcome<MarkdownTree>> {
  return (await import('../syntax/parse-markdown.ts')).parseMarkdown({ path, text });
}

async function parseYaml(path: string, text: string): Promise<Outcome<YamlNode | null>> {
  return (await import('../syntax/parse-yaml.ts')).parseYaml(path, text);
}

function andThen<From, To>([value, found]: Outcome<From>, build: (value: From) => Outcome<To>): Outcome<To> {
  const [built, more] = build(value);
  return [built, [...found, ...more]];
}

/** So many texts of cases are held as they are. */
const fewCases = 200;

class Reader {
  private cases = 0;
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

  sop(path: string): Promise<Sop | null> {
    return this.remembered('sop', path, async (text) => {
      await nextTurn();
      return sopOfText(path, text);
    });
  }

  desk(path: string): Promise<Desk | null> {
    return this.remembered('desk', path, async (text) =>
      andThen(await parseYaml(path, text), (node) => buildDesk(path, node)),
    );
  }

  taxonomy(path: string): Promise<Taxonomy | null> {
    return this.remembered('taxonomy', path, async (text) =>
      andThen(await parseYaml(path, text), (node) => buildTaxonomy(path, node)),
    );
  }

  config(path: string): Promise<Config | null> {
    return this.remembered('config', path, async (text) =>
      andThen(await parseYaml(path, text), (node) => buildConfig(node)),
    );
  }

  /** Null: there is a file, and it cannot be read. */
  async sets(path: string): Promise<readonly SkillSet[] | null> {
    const sets = await this.remembered('sets', path, async (text) =>
      andThen(await parseYaml(path, text), (node) => buildSets(path, node)),
    );
    return this.broken.has(path) ? null : (sets ?? []);
  }

  /** A configuration under another name would be believed to hold. */
  async otherConfigs(): Promise<void> {
    for (const path of otherConfigPaths) {
      const content = await this.store.read(path);
      if (content !== undefined) this.found.push(diagnose('SOP383', spanAt(path, 0, 0), { path, wanted: configPath }));
    }
  }

  /** The header of a view is YAML, and its parser is loaded only where the text is new. */
  view(path: string): Promise<View | null> {
    return this.remembered('view', path, async (text) => (await import('./build/view.ts')).buildView(path, text));
  }

  list(path: string): Promise<DeskList | null> {
    return this.remembered('list', path, async (text) => buildDeskList(path, text));
  }

  async yaml(path: string): Promise<YamlNode | null> {
    const packed = await this.packed(path);
    return packed && unpackYaml(packed);
  }

  /** Of a thousand cases the trees themselves would be read for longer than the cases are run. */
  packed(path: string): Promise<PackedYaml | null> {
    return this.remembered('yaml', path, async (text) => {
      const [node, found] = await parseYaml(path, text);
      return [node && packYaml(node), found];
    });
  }

  markdown(path: string): Promise<MarkdownTree | null> {
    return this.remembered('markdown', path, (text) => parseMarkdown(path, text));
  }

  /** What is made of one file's text and path alone. It is kept as JSON, so it must be plain data. */
  private async remembered<T>(
    kind: string,
    path: string,
    make: (text: string) => Promise<Outcome<T>>,
  ): Promise<T | null> {
    const text = await this.text(path);
    if (text === null) return null;
    const key = createHash('sha256').update(`${path}\n${text}`).digest('hex');
    const cached = this.cache.get(kind, key);
    const outcome = cached === undefined ? await make(text) : (cached as Outcome<T>); // written below, under a digest that the cache checks
    if (cached === undefined) this.cache.set(kind, key, outcome);
    if (outcome[1].some((diagnostic) => diagnostic.level === 'error')) this.broken.add(path);
    return this.keep(outcome);
  }

  /** What is wrong with the characters of a file is said, and it counts as broken. */
  async text(path: string): Promise<string | null> {
    const content = await this.store.read(path);
    if (content === undefined) return null;
    if (content.kind === 'text') {
      const file = { path, text: content.text };
      this.files.set(path, isCase(path) && ++this.cases > fewCases ? packedFile(file) : file);
      const isPlain = plain.test(content.text);
      const hidden = [...(isPlain ? [] : findUnseen(file)), ...(isCase(path) ? [] : findCommands(file))];
      this.found.push(
        ...hidden,
        ...(isPlain ? [] : findLookAlikes(file)),
        ...(casePath.test(path) ? findOrders(file) : []),
      );
      if (hidden.length > 0) this.broken.add(path);
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
