// What is measured, and the settings that each side may choose from: the best of them is taken. `ours` are arguments of
// queue_bench, `theirs` of bullmq/bench.mjs. A measure without `theirs` is for information.
const PAYLOAD = 64; // bytes of data of a job: as JSON there, encrypted here

const drivers = (options) => ['ioredis', 'node-redis'].map((driver) => ({ ...options, driver }));
const threads = (options) => [1, 2, 4, 8].map((count) => ({ ...options, threads: count }));
const concurrencies = (options) => [1, 10, 50, 100, 200].flatMap((concurrency) => drivers({ ...options, concurrency }));

const enqueue = (title, jobs, callers, batch, payload, more = {}) => ({
  title: `enqueue, ${title}`,
  jobs,
  ours: [{ measure: 'enqueue', callers, batch, payload }],
  theirs: drivers({ measure: 'enqueue', callers, batch, payload }),
  bare: true,
  ...more,
});

const drain = (title, jobs, remove) => ({
  title: `drain, ${title}`,
  jobs,
  ours: threads({ measure: 'worker', payload: PAYLOAD, record: 'memory' }),
  theirs: concurrencies({ measure: 'drain', remove, payload: PAYLOAD }),
  goal: 2.4,
});

export const measures = [
  enqueue('one a call, 1 caller, 64 bytes', 4000, 1, 1, PAYLOAD),
  enqueue('one a call, 50 callers, 64 bytes', 20_000, 50, 1, PAYLOAD),
  enqueue('1000 a call, 1 caller, 64 bytes', 50_000, 1, 1000, PAYLOAD, { goal: 2.4 }),
  enqueue('1000 a call, 4 callers, 64 bytes', 50_000, 4, 1000, PAYLOAD, { goal: 2.4 }),
  enqueue('1000 a call, 1 caller, no payload', 50_000, 1, 1000, 0, { goal: 2.4 }),
  drain('64 bytes, done jobs removed', 40_000, true),
  drain('64 bytes, BullMQ keeps done jobs (its default)', 40_000, false),
  {
    title: 'drain, queue alone (Acquire and CompleteMany, 1000 a call)',
    jobs: 40_000,
    ours: [1, 2].map((callers) => ({ measure: 'leases', callers, batch: 1000, payload: PAYLOAD })),
  },
  {
    title: 'drain with a SQLite record, a durable transaction for claim and commit',
    jobs: 2000,
    ours: threads({ measure: 'worker', payload: 0, record: 'sqlite' }),
  },
  {
    title: 'idle latency',
    jobs: 600,
    ours: [{ measure: 'latency', gap: 10, record: 'memory' }],
    theirs: drivers({ measure: 'latency', gap: 10 }),
    micros: true,
  },
  {
    title: 'idle latency with a SQLite record (claimed before the handler starts)',
    jobs: 200,
    ours: [{ measure: 'latency', gap: 10, record: 'sqlite' }],
    micros: true,
  },
];
