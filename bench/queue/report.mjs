// From the results of all rounds to text.
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { run } from './servers.mjs';

const quantile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const number = (value) => Math.round(value).toLocaleString('en-US');
const spread = (values) => `${number(median(values))} (${number(Math.min(...values))}-${number(Math.max(...values))})`;
const rates = (results) => results.map(({ jobs, seconds }) => jobs / seconds);
const percent = (share) => `${number(100 * share)} %`;
const row = (cells) => `| ${cells.join(' | ')} |\n`;
// Nothing where there are no rows.
const table = (titles, rows) => (rows.length ? [titles, titles.map(() => '---'), ...rows].map(row).join('') + '\n' : '');

export async function machine(flags) {
  const version = (name) => JSON.parse(readFileSync(join(flags.bullmq, 'node_modules', name, 'package.json'))).version;
  return {
    machine: `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    redis: /v=([\d.]+)/.exec(await run('redis-server', ['--version']))[1],
    node: process.versions.node,
    bullmq: `${version('bullmq')} (ioredis ${version('ioredis')}, node-redis ${version('redis')})`,
    rounds: flags.rounds,
  };
}

const settings = ({ options }) =>
  options &&
  ['driver', 'concurrency', 'threads', 'callers']
    .filter((key) => options[key] !== undefined)
    .map((key) => (key === 'driver' ? options[key] : `${key} ${options[key]}`))
    .join(', ');

function throughput(rows) {
  const titles = ['jobs a second: median (lowest-highest)', 'BullMQ', 'ours', 'ratio', 'to reach', 'settings of BullMQ',
    'of ours'];
  return table(titles, rows.map(({ measure, chosen, results }) => {
    const [theirs, ours] = [rates(results.theirs), rates(results.ours)];
    const compared = theirs.length > 0;
    return [
      measure.title,
      compared ? spread(theirs) : '',
      spread(ours),
      compared ? (median(ours) / median(theirs)).toFixed(1) : '',
      compared && measure.goal ? measure.goal : '',
      compared ? settings(chosen.theirs) : '',
      settings(chosen.ours),
    ];
  }));
}

function bareLimits(rows) {
  const measured = rows.filter(({ results }) => results.bare.length);
  return table(['calls of the same script, jobs a second', 'redis-benchmark', 'ours', 'share reached'],
    measured.map(({ measure, results }) => {
      const ours = rates(results.ours);
      return [measure.title, spread(results.bare), spread(ours), percent(median(ours) / median(results.bare))];
    }));
}

// Processor time, which the other load of a machine changes little. Redis works in one thread: no client can be faster
// than that thread's time allows.
function processor(rows) {
  const over = (results, part, whole) => median(results.map((each) => each[part] / each[whole]));
  const micros = (results, part) => (results.length ? (1e6 * over(results, part, 'jobs')).toFixed(1) : '');
  const busy = (results) => (results.length ? percent(over(results, 'server_seconds', 'seconds')) : '');
  const titles = ['processor time, us a job', 'BullMQ: client', 'its Redis', 'ours: client', 'its Redis',
    'Redis busy: BullMQ', 'ours'];
  return table(titles, rows.map(({ measure, results: { theirs, ours } }) => [
    measure.title,
    ...[theirs, ours].flatMap((side) => [micros(side, 'client_seconds'), micros(side, 'server_seconds')]),
    busy(theirs),
    busy(ours),
  ]));
}

function latencies(rows) {
  const cell = (side, at) => {
    if (!side.length) return '';
    const each = side.map(({ micros }) => quantile(micros, at));
    const all = quantile(side.flatMap(({ micros }) => micros), at);
    return `${number(all)} (${number(Math.min(...each))}-${number(Math.max(...each))})`;
  };
  const titles = ['microseconds: all samples (lowest-highest of the rounds)', 'BullMQ', 'ours', 'samples of ours'];
  return table(titles, rows.flatMap(({ measure, results: { theirs, ours } }) =>
    [['p50', 0.5], ['p99', 0.99]].map(([name, at]) =>
      [`${measure.title}, ${name}`, cell(theirs, at), cell(ours, at), number(ours.flatMap(({ micros }) => micros).length)])));
}

function choices(rows) {
  const line = (name, measure, { options, tried }) => [
    `${name}: ${measure.title}${measure.micros ? ', us' : ''}`,
    settings({ options }),
    tried.map((each) => `${settings(each)}: ${number(Math.abs(Math.max(...each.values)))}`).join('; '),
  ];
  return table(['settings tried, jobs a second', 'best', 'all'], rows.flatMap(({ measure, chosen }) => [
    ...(chosen.theirs.tried.length ? [line('BullMQ', measure, chosen.theirs)] : []),
    ...(chosen.ours.tried.length ? [line('ours', measure, chosen.ours)] : []),
  ]));
}

export function tables(about, sections) {
  let text = `Machine: ${about.machine}. Redis ${about.redis}, Node.js ${about.node}, BullMQ ${about.bullmq}; ${about.rounds} rounds.\n`;
  for (const { fsync, load, rows } of sections) {
    const [rated, timed] = [rows.filter(({ measure }) => !measure.micros), rows.filter(({ measure }) => measure.micros)];
    text += `\n### appendfsync ${fsync}\n`;
    text += `Load average before the first and after every round: ${load.map((each) => each.toFixed(1)).join(', ')}.\n\n`;
    text += [throughput(rated), latencies(timed), bareLimits(rated), processor(rated), choices(rows)].join('');
  }
  return text;
}
