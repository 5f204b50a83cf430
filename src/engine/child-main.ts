import { runSqlChild } from './child.ts';

runSqlChild();
