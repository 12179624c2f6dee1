import { MemoryStore } from './memory-store.ts';
import { describeStore } from './testing.ts';

describeStore('memory', async (runtime, retention) => new MemoryStore(runtime, { retention }), { runs: 200 });
