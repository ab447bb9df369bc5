// Redis servers for one run each, and the programs that are run against them.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// What a program printed; an error with the end of its complaints when it failed.
export async function run(program, args) {
  return (await execute(program, args, { maxBuffer: 1 << 26 })).stdout;
}

function freePort() {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// A fresh and empty server, gone when `use(port, folder)` has ended.
export async function withServer(fsync, use) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bench-queue-'));
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: fsync,
    'auto-aof-rewrite-percentage': 0, // a rewrite would fall into some runs and not into others
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, `${value}`]);
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const ended = new Promise((done) => {
    server.once('exit', done);
  });
  try {
    for (let tries = 0; (await run('redis-cli', ['-p', `${port}`, 'ping']).catch(() => '')) !== 'PONG\n'; ++tries) {
      if (tries === 100) throw new Error(`redis-server on port ${port} does not answer`);
      await pause(50);
    }
    return await use(port, folder);
  } finally {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

export function oursArguments({ measure, gap, ...options }, port, folder) {
  const given = { ...options, ...(gap ? { gap: `${gap}ms` } : {}), port, folder };
  return [measure, ...Object.entries(given).map(([key, value]) => `--${key}=${value}`)];
}

// The last script call that arrives at the server while `act` runs, as words.
async function capture(port, act) {
  const monitor = spawn('redis-cli', ['-p', `${port}`, 'monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let seen = '';
  monitor.stdout.on('data', (part) => {
    seen += part.toString('latin1');
  });
  while (!seen.startsWith('OK')) await pause(10);
  await act();
  const END = 'end of capture';
  await run('redis-cli', ['-p', `${port}`, 'echo', END]);
  while (!seen.includes(END)) await pause(10);
  monitor.kill();
  const call = seen.split('\n').findLast((line) => /^[^"]*:\d+\] "EVALSHA" /.test(line));
  return [...call.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, word]) => word);
}

// Calls a second of redis-benchmark that sends what our queue sends for one call of Enqueue or EnqueueMany: the same
// script with the same arguments, but for a part of every id, which redis-benchmark draws anew, and the bytes of
// payloads. Nothing of ours runs but the script.
export async function bareEnqueue(program, fsync, options, calls) {
  return withServer(fsync, async (port, folder) => {
    const one = oursArguments({ ...options, callers: 1, jobs: options.batch }, port, folder);
    const words = (await capture(port, () => run(program, one))).map((word) =>
      word.replace(/\\(x[0-9a-f]{2}|.)/g, '.').replace(/^bench-[a-z2-7]{26}$/, 'bench-aaaaaaaaaaaaaa__rand_int__'),
    );
    await run('redis-cli', ['-p', `${port}`, 'flushall']); // keeps the script
    const flags = ['-p', port, '-c', options.callers, '-n', calls, '-r', 2 ** 31 - 1, '-q'].map(String);
    const printed = await run('redis-benchmark', [...flags, ...words]);
    return Number([...printed.matchAll(/([\d.]+) requests per second/g)].at(-1)[1]);
  });
}
