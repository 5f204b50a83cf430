import { runSqlChild } from '../engine/child.ts';
import { runCommand } from './program.ts';

/** One file, two programs: the command, and the SQL process that it starts. */
if (process.argv[2] === '--sql-child') runSqlChild();
else process.exitCode = await runCommand(process.argv);
