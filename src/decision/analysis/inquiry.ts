import { mergeBoxes } from '../boxes/area.ts';
import type { Box } from '../boxes/box.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import type { Logic, LogicTable } from '../logic.ts';
import type { Region } from '../region/region.ts';
import type { Asked, Confirm } from './confirm.ts';
import type { Analysis, Finding, Omitted, OpenQuestion, Question } from './finding.ts';
import type { TellRegion } from './tell-region.ts';

/** What the questions about one table share, and what they have found. */
export interface Inquiry {
  readonly logic: Logic;
  readonly table: LogicTable;
  readonly index: number;
  readonly frame: Frame;
  readonly layer: Layer;
  readonly tell: TellRegion;
  /** The evaluator's answer of this table to a witness. It must be asked: an earlier table that ends the decision is a contradiction. */
  readonly ask: (region: Region) => Asked;
  readonly add: (finding: Finding) => void;
  /** Whether more findings of a kind are written out; the others are counted. */
  readonly takes: (kind: Finding['kind']) => boolean;
  readonly leaveOpen: (question: Question, about: string | null, boxes: readonly Box[], frame?: Frame) => void;
  readonly told: () => Omit<Analysis, 'visits'>;
}

/** Of each kind so many findings a table are written out. */
const manyFindings = 100;
const manyRegions = 5;

interface Given {
  readonly logic: Logic;
  readonly table: LogicTable;
  readonly index: number;
  readonly frame: Frame;
  readonly tell: TellRegion;
  readonly confirm: Confirm;
}

export function inquiryOf({ logic, table, index, frame, tell, confirm }: Given): Inquiry {
  const findings: Finding[] = [];
  const open = new Map<Question, { about: string[]; regions: Region[] }>();
  const counts = new Map<Finding['kind'], number>();
  return {
    logic,
    table,
    index,
    frame,
    layer: frame.layers[frame.layers.length - 1] as Layer, // a frame has its own table
    tell,
    ask: (region) => {
      const asked = confirm.answer(index, region.witness);
      if (asked === null) throw new Error(`the evaluator contradicts the analysis: \`${table.name}\` is not asked`);
      return asked;
    },
    takes: (kind) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= manyFindings;
    },
    add: (finding) => findings.push(finding),
    leaveOpen: (question, about, boxes, over = frame) => {
      const areas = mergeBoxes(boxes.slice(0, 1_000)).slice(0, manyRegions);
      const told = open.get(question) ?? { about: [], regions: [] };
      open.set(question, told);
      if (about !== null && !told.about.includes(about)) told.about.push(about);
      if (told.regions.length < manyRegions) told.regions.push(...areas.map((area) => tell(over, area)));
    },
    told: () => ({
      findings,
      open: [...open].map(([question, told]): OpenQuestion => ({ question, table: table.name, ...told })),
      omitted: [...counts].flatMap(([kind, count]): Omitted[] =>
        count > manyFindings ? [{ kind, table: table.name, count: count - manyFindings }] : [],
      ),
    }),
  };
}
