// Runs BullMQ and our queue in turn on equal Redis servers and prints the tables of bench/README.md.
//
//   node run.mjs --ours=<queue_bench> --bullmq=<folder with bench.mjs and node_modules> --out=<folder>
//                [--rounds=5] [--scale=1] [--fsync=everysec,always] [--only=<pattern of titles>]
//
// Every run gets a fresh redis-server of its own. Where a side has settings to choose from (threads, concurrency,
// driver), every choice is tried first and the best goes into the rounds. In a round every measure runs once, theirs and
// ours in turn. --scale multiplies the numbers of jobs: 0.1 for a quick look.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { measures } from './measures.mjs';
import { machine, median, tables } from './report.mjs';
import { bareEnqueue, oursArguments, run, withServer } from './servers.mjs';

const flags = { rounds: 5, scale: 1, fsync: 'everysec,always', only: '' };
for (const arg of process.argv.slice(2)) {
  const [, name, value] = /^--([a-z]+)=(.*)$/.exec(arg) ?? [];
  if (!name) throw new Error(`argument "${arg}": must be --name=value`);
  flags[name] = value;
}
for (const name of ['ours', 'bullmq', 'out']) if (!flags[name]) throw new Error(`--${name}= is missing`);

const CHOOSING = 2; // runs of every choice; its best run counts, as it was disturbed least
const CHOOSING_SHARE = 0.25; // of the jobs of a round

const SIDES = {
  ours: (fsync, options) =>
    withServer(fsync, async (port, folder) => JSON.parse(await run(flags.ours, oursArguments(options, port, folder)))),
  theirs: (fsync, options) =>
    withServer(fsync, async (port) => {
      const args = [join(flags.bullmq, 'bench.mjs'), JSON.stringify({ ...options, port })];
      return JSON.parse(await run(process.execPath, args));
    }),
};

// Whole batches.
const jobsOf = (measure, { batch = 1 }, share) => Math.max(1, Math.round((measure.jobs * share) / batch)) * batch;

// More is better.
const value = (result) => (result.micros ? -median(result.micros) : result.jobs / result.seconds);

async function once(side, measure, fsync, options, share = 1) {
  const jobs = jobsOf(measure, options, share * Number(flags.scale));
  return SIDES[side](fsync, { ...options, jobs });
}

async function choose(side, measure, fsync) {
  const choices = measure[side] ?? [];
  if (choices.length < 2) return { options: choices[0], tried: [] };
  const tried = choices.map((options) => ({ options, values: [] }));
  for (let i = 0; i < CHOOSING; ++i) {
    for (const choice of tried) choice.values.push(value(await once(side, measure, fsync, choice.options, CHOOSING_SHARE)));
  }
  const best = tried.reduce((a, b) => (Math.max(...b.values) > Math.max(...a.values) ? b : a));
  return { options: best.options, tried };
}

async function round(measure, fsync, chosen, results) {
  for (const side of ['theirs', 'ours']) {
    const { options } = chosen[side];
    if (options) results[side].push(await once(side, measure, fsync, options));
  }
  if (!measure.bare) return;
  const { options } = chosen.ours;
  const calls = jobsOf(measure, options, Number(flags.scale)) / options.batch;
  results.bare.push((await bareEnqueue(flags.ours, fsync, options, calls)) * options.batch);
}

const wanted = measures.filter(({ title }) => new RegExp(flags.only).test(title));
const sections = [];
for (const fsync of flags.fsync.split(',')) {
  const section = { fsync, load: [loadavg()[0]], rows: [] };
  for (const measure of wanted) {
    process.stderr.write(`${fsync}: settings for ${measure.title}\n`);
    const chosen = {};
    for (const side of ['theirs', 'ours']) chosen[side] = await choose(side, measure, fsync);
    section.rows.push({ measure, chosen, results: { theirs: [], ours: [], bare: [] } });
  }
  for (let i = 1; i <= Number(flags.rounds); ++i) {
    process.stderr.write(`${fsync}: round ${i} of ${flags.rounds}\n`);
    for (const { measure, chosen, results } of section.rows) await round(measure, fsync, chosen, results);
    section.load.push(loadavg()[0]);
  }
  sections.push(section);
}

const about = await machine(flags);
writeFileSync(resolve(flags.out, 'results.json'), JSON.stringify({ about, sections }));
writeFileSync(resolve(flags.out, 'results.md'), tables(about, sections));
process.stdout.write(tables(about, sections));
