import type { DuckDBConnection } from '@duckdb/node-api';
import type { SqlProblem } from '../model/ports.ts';
import type { Places } from './places.ts';
import { byteAt, nodeAt, type TreeNode, textAt, walkTree } from './query-tree.ts';
import { typeWords } from './type-words.ts';

const plainTypes = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'FLOAT',
  'DOUBLE',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'INTERVAL',
]);

/**
 * Literals that can't be read as the type they are cast to. The engine binds `TIMESTAMP 'hello'` without a word and fails
 * on the first row; and it ignores the zone of a TIMESTAMP literal, which would be hours off.
 */
export async function checkLiterals(
  connection: DuckDBConnection,
  tree: TreeNode,
  places: Places,
): Promise<SqlProblem | undefined> {
  for (const node of walkTree(tree)) {
    const literal = castLiteral(node);
    if (literal === undefined) continue;
    const child = nodeAt(node, 'child');
    const place = places.atByte((child && byteAt(child)) ?? byteAt(node));
    if (literal.type === 'TIMESTAMP' && /\d:\d\d(:\d\d(\.\d+)?)?\s*[+-]\d\d(:?\d\d)?$/.test(literal.text)) {
      return {
        reason: 'type',
        ...place,
        name: 'TIMESTAMP',
        detail: 'TIMESTAMP ignores the time zone; write the time in UTC',
      };
    }
    const statement = await connection.prepare(`SELECT TRY_CAST($1::VARCHAR AS ${literal.type}) IS NULL`);
    statement.bindVarchar(1, literal.text);
    const [[unreadable] = []] = (await statement.runAndReadAll()).getRows();
    statement.destroySync();
    if (unreadable === true) {
      return {
        reason: 'type',
        ...place,
        detail: `'${literal.text.slice(0, 60)}' can not be read as ${typeWords(literal.type)}`,
      };
    }
  }
  return undefined;
}

function castLiteral(node: TreeNode): { type: string; text: string } | undefined {
  if (textAt(node, 'class') !== 'CAST' || node.try_cast === true) return undefined;
  const child = nodeAt(node, 'child');
  const value = child && textAt(child, 'class') === 'CONSTANT' ? nodeAt(child, 'value')?.value : undefined;
  const type = nodeAt(node, 'cast_type');
  if (typeof value !== 'string' || type === undefined) return undefined;
  const id = textAt(type, 'id');
  if (plainTypes.has(id)) return { type: id, text: value };
  const info = nodeAt(type, 'type_info');
  if (id !== 'DECIMAL' || typeof info?.width !== 'number' || typeof info.scale !== 'number') return undefined;
  return { type: `DECIMAL(${info.width},${info.scale})`, text: value };
}
