import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { dialects } from '../../src/decision/sql/dialects.ts';
import { emitDecision } from '../../src/decision/sql/emit-decision.ts';
import type { RawValue } from '../../src/model/value.ts';
import { rawLiteral, rawTypeName, showAnswer } from './decision-rows.ts';
import type { RandomLogic } from './random-logic.ts';

const dialect = dialects.postgres;
/** PostgreSQL refuses to run as root. */
const nobody = 65534;

/** A PostgreSQL of its own in a temporary folder; it listens on a socket there and nowhere else. */
export class PostgresDecisions {
  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly server: ChildProcess,
  ) {}

  /** The folder of PostgreSQL's programs; null where this machine has none. */
  static programs(): string | null {
    const debian = '/usr/lib/postgresql';
    const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
    const folders = [...versions, ...(process.env['PATH'] ?? '').split(delimiter)];
    const needed = ['initdb', 'postgres', 'psql'];
    return folders.find((folder) => needed.every((name) => existsSync(join(folder, name)))) ?? null;
  }

  static async open(programs: string): Promise<PostgresDecisions> {
    const folder = mkdtempSync(join(tmpdir(), 'sopwright-pg-'));
    const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
    if ('uid' in user) chownSync(folder, nobody, nobody);
    const data = join(folder, 'data');
    const quiet = { cwd: folder, stdio: 'ignore', ...user } as const;
    const flags = ['-D', data, '-U', 'sop', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(programs, 'initdb'), flags, quiet);
    const own = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'];
    const server = spawn(join(programs, 'postgres'), own, quiet);
    const engine = new PostgresDecisions(programs, folder, server);
    for (let tries = 0; tries < 100; tries++) {
      if (engine.run('SELECT 1').status === 0) return engine;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    engine.close();
    throw new Error('PostgreSQL did not start within ten seconds');
  }

  /** The answers of the emitted SQL, in the order of the points, as `answerRows` shows them. */
  answers({ logic, types }: RandomLogic, points: readonly (readonly RawValue[])[]): string[] {
    const columns = logic.inputs.map(({ name }) => ({ name, type: types.get(name) ?? 'double' }));
    const fields = columns.map(({ name, type }) => `, ${dialect.quoteName(name)} ${rawTypeName(type, dialect)}`);
    const rows = points.map((point, index) => {
      const values = columns.map(({ type }, place) => rawLiteral(point[place] ?? null, type, dialect));
      return `(${[index, ...values].join(', ')})`;
    });
    const emitted = emitDecision(logic, dialect, { from: ['points'], keep: ['id'], types });
    if (!emitted.ok) throw new Error(emitted.reasons.join('; '));
    const { status, stdout, stderr } = this.run(
      `SET client_min_messages = warning; DROP TABLE IF EXISTS points; CREATE TABLE points (id integer${fields.join('')});
      INSERT INTO points VALUES ${rows.join(', ')}; SELECT jsonb_agg(to_jsonb(q) ORDER BY id) FROM (${emitted.sql}) AS q`,
    );
    if (status !== 0) throw new Error(stderr);
    const answers = JSON.parse(stdout) as Record<string, unknown>[];
    return answers.map((row) => emitted.answer.map((name) => showAnswer(row[name])).join('|'));
  }

  close(): void {
    this.server.kill('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  private run(sql: string) {
    const flags = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.folder, '-U', 'sop', '-d', 'postgres'];
    return spawnSync(join(this.programs, 'psql'), flags, { input: sql, encoding: 'utf8', maxBuffer: 1e9 });
  }
}
