import { runSqlChild } from '../engine/child.ts';
import { optimiseLater } from './optimise-later.ts';
import { runCommand } from './program.ts';

optimiseLater();

/** One file, two programs: the command, and the SQL process that it starts. */
if (process.argv[2] === '--sql-child') runSqlChild();
else process.exitCode = await runCommand(process.argv);
