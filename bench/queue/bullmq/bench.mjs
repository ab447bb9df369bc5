// BullMQ's side of the comparison; ../measures.h is ours. One measure for each run, against an empty redis-server that
// the caller started: `node bench.mjs '<JSON>'` prints one line of JSON.
//
//   {"measure": "enqueue", "port", "driver", "jobs", "callers", "batch", "payload"}   batch 1: add, else addBulk
//   {"measure": "drain", "port", "driver", "jobs", "concurrency", "remove", "payload"}
//   {"measure": "latency", "port", "driver", "jobs", "gap"}
//
// driver: "ioredis" or "node-redis"; payload: bytes of a job's data as JSON (0: "{}"); remove: removeOnComplete;
// gap: milliseconds before each sample. Answers are {"jobs", "seconds", "client_seconds", "server_seconds"} or {"micros": [...]}.
import { Queue, Worker } from 'bullmq';
import { createClient } from 'redis';

const given = JSON.parse(process.argv[2] ?? '{}');
const NAME = 'bench';
const FILL_BATCH = 1000;
const REMOVE = { removeOnComplete: { count: 0 } };

const admin = createClient({ socket: { host: '127.0.0.1', port: given.port } });
await admin.connect();

async function connection() {
  if (given.driver === 'ioredis') return { host: '127.0.0.1', port: given.port, maxRetriesPerRequest: null };
  const client = createClient({ socket: { host: '127.0.0.1', port: given.port } });
  await client.connect();
  return client;
}

function dataOf(bytes) {
  const frame = '{"p":""}'.length;
  return bytes < frame ? {} : { p: 'x'.repeat(bytes - frame) };
}

const addBulk = (queue, size, data) =>
  queue.addBulk(Array.from({ length: size }, () => ({ name: 'noop', data })));

// Calls `call` until `total` jobs are through, `batch` at a time, from so many callers that each await their own calls.
async function byCallers(total, callers, batch, call) {
  let left = total;
  const caller = async () => {
    while (left > 0) {
      const size = Math.min(batch, left);
      left -= size;
      await call(size);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

// Of processor time that the server's main thread has used.
async function serverSeconds() {
  const info = String(await admin.sendCommand(['INFO', 'cpu']));
  const used = (kind) => Number(new RegExp(`^used_cpu_${kind}_main_thread:(.*)`, 'm').exec(info)[1]);
  return used('sys') + used('user');
}

async function timed(run) {
  const before = await serverSeconds();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const client_seconds = (user + system) / 1e6;
  return { jobs: given.jobs, seconds, client_seconds, server_seconds: (await serverSeconds()) - before };
}

async function enqueue() {
  const queue = new Queue(NAME, { connection: await connection() });
  await queue.waitUntilReady();
  const data = dataOf(given.payload);
  const call = given.batch === 1 ? () => queue.add('noop', data) : (size) => addBulk(queue, size, data);
  await byCallers(given.callers * given.batch, given.callers, given.batch, call); // loads scripts
  return timed(() => byCallers(given.jobs, given.callers, given.batch, call));
}

// From the worker's start to when the last job is completed.
async function drain() {
  const queue = new Queue(NAME, { connection: await connection() });
  await byCallers(given.jobs, 1, FILL_BATCH, (size) => addBulk(queue, size, dataOf(given.payload)));
  const worker = new Worker(NAME, async () => {}, {
    connection: await connection(),
    concurrency: given.concurrency,
    autorun: false,
    ...(given.remove ? REMOVE : {}),
  });
  await worker.waitUntilReady();
  let done = 0;
  return timed(
    () =>
      new Promise((resolve, reject) => {
        worker.on('completed', () => {
          if (++done === given.jobs) resolve();
        });
        worker.on('failed', (_, error) => reject(error));
        worker.run().catch(reject);
      }),
  );
}

// From the call of add to the start of the handler, with one worker that has nothing else to do.
async function latency() {
  const WARM = 50;
  const queue = new Queue(NAME, { connection: await connection() });
  let begin = () => {};
  const worker = new Worker(NAME, async () => begin(performance.now()), { connection: await connection(), ...REMOVE });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const micros = [];
  for (let i = 0; i < WARM + given.jobs; ++i) {
    await new Promise((resolve) => setTimeout(resolve, given.gap));
    const begun = new Promise((resolve) => {
      begin = resolve;
    });
    const start = performance.now();
    const added = queue.add('noop', {});
    const at = await begun;
    await added;
    if (i >= WARM) micros.push((at - start) * 1000);
  }
  return { micros };
}

const result = await { enqueue, drain, latency }[given.measure]();
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
