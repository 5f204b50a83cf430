import type { World } from './world.ts';

/**
 * Does the work on each item, in as many lanes as the world has SQL engines. Items begin in their order; a lane does one at a time, so
 * that whatever one of them does to its engine happens to no other.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  world: World,
  work: (item: Item, index: number, lane: World) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const lane = async (engine: World['engine']) => {
    for (let index = next++; !hasFailed; index = next++) {
      const item = items[index];
      if (item === undefined) return;
      try {
        await work(item, index, { ...world, engine });
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all([world.engine, ...(world.lanes ?? [])].map(lane));
}
