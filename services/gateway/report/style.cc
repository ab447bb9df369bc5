#include "gateway/report/style.h"

namespace plumbline::gateway::report {

const char kStyle[] = R"css(
:root { color-scheme: light; --ink: #1d2733; --soft: #52606d; --rule: #d5dce3; --faint: #eef1f4; --accent: #0b4a6f; }
* { box-sizing: border-box; }
html { font-size: 16px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink); line-height: 1.5;
  font-family: "Segoe UI", "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
.page { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem 3rem; }
a { color: var(--accent); }
.banner { background: #fff3cd; border-bottom: 2px solid #8a6100; color: #4a3400; padding: .7rem 1.25rem; }
.banner p { max-width: 69.5rem; margin: 0 auto; }
header.top { padding: 2.25rem 0 1.25rem; border-bottom: 1px solid var(--rule); }
.kicker { margin: 0 0 .25rem; color: var(--soft); font-size: .95rem; letter-spacing: .02em; }
h1 { margin: 0 0 .6rem; font-size: 2rem; line-height: 1.2; font-weight: 650; color: var(--accent); overflow-wrap: anywhere; }
h2 { margin: 0 0 .9rem; font-size: 1.4rem; line-height: 1.25; font-weight: 650; color: var(--accent); }
h3 { margin: 1.9rem 0 .5rem; font-size: 1.1rem; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 0 0 .8rem; max-width: 46rem; }
.description { white-space: pre-line; overflow-wrap: anywhere; }
.note, .meta, figcaption { color: var(--soft); font-size: .9rem; }
.meta { margin: 0; overflow-wrap: anywhere; }
section { padding: 2.1rem 0 .6rem; border-bottom: 1px solid var(--rule); }
nav ul { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; margin: 1rem 0 0; padding: 0; list-style: none; font-size: .95rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); gap: .9rem; margin: 1.4rem 0 .4rem; padding: 0; }
.cards div { border: 1px solid var(--rule); border-top: 3px solid var(--accent); border-radius: 3px; padding: .75rem .9rem .7rem; }
.cards dt { color: var(--soft); font-size: .88rem; line-height: 1.35; }
.cards dd { margin: .2rem 0 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.cards dd small { display: block; margin-top: .15rem; font-size: .85rem; font-weight: 400; color: var(--soft); line-height: 1.35; }
.missing, .remark, .flagged { border-left: 4px solid #b3261e; background: #fdf1f0; padding: .65rem .9rem; max-width: none; }
.remark { border-color: #8a6100; background: #fdf8ea; }
.beside { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 1.6rem; align-items: start; margin-bottom: 1rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: 1.4rem 1.8rem; margin: .6rem 0 1rem; }
.pair { grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); }
figure { margin: 0 0 1rem; }
figcaption { margin-top: .35rem; max-width: 46rem; }
.panels figcaption { font-size: .85rem; }
.scroll { overflow-x: auto; }
svg.picture { display: block; width: 100%; height: auto; }
.wide svg.picture { max-width: 48rem; }
.pair svg.picture { max-width: 29rem; }
svg text { font-family: inherit; font-size: 13px; fill: #1d2733; }
svg .tick { font-size: 12px; fill: #52606d; font-variant-numeric: tabular-nums; }
svg .label { font-size: 12.5px; fill: #52606d; }
svg .name { font-weight: 600; }
svg .name, svg .value, svg .threshold { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
svg .value { font-variant-numeric: tabular-nums; }
svg .inside { fill: #fff; font-weight: 600; font-variant-numeric: tabular-nums; }
svg .threshold { fill: #7a1f1a; font-size: 12.5px; }
.grid { stroke: #e6eaee; stroke-width: 1; }
.axis { stroke: #7b8794; stroke-width: 1; }
.threshold-line { stroke: #b3261e; stroke-width: 1.5; stroke-dasharray: 6 4; }
.zero-line { stroke: #52606d; stroke-width: 1; }
svg.key { width: .9rem; height: .9rem; margin-right: .4rem; vertical-align: -.1rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.4rem; margin: 0 0 .8rem; padding: 0; list-style: none; font-size: .92rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: 0 0 1.1rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .45rem; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .7rem .38rem 0; border-bottom: 1px solid var(--rule); font-weight: 400; }
thead th { color: var(--soft); font-size: .84rem; font-weight: 600; border-bottom: 1px solid #7b8794; vertical-align: bottom; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.n .undefined { white-space: normal; display: inline-block; max-width: 12rem; }
th[scope=row] { overflow-wrap: anywhere; min-width: 6rem; }
.beside table { font-size: .86rem; }
.beside td:nth-child(2) { min-width: 9.5rem; }
.beside th[scope=row] { min-width: 5.5rem; }
.narrow { max-width: 28rem; }
.medium { max-width: 46rem; }
.ledger th[scope=row] { min-width: 13rem; }
tr.total th, tr.total td { font-weight: 650; border-top: 1px solid #7b8794; }
tr.flag th, tr.flag td { background: #fdf1f0; }
.undefined { color: var(--soft); font-style: italic; }
.source, code { color: var(--soft); font-size: .84rem; overflow-wrap: anywhere; }
code { font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: .8rem; }
.source { display: block; }
.badge { display: inline-block; white-space: nowrap; border-radius: 3px; padding: .05rem .45rem; font-size: .82rem; font-weight: 600; border: 1px solid; }
.badge.ok { color: #0a5a3c; background: #e9f6f0; border-color: #7fbfa3; }
.badge.round { color: #5f4500; background: #fdf8ea; border-color: #d3b45c; }
.badge.flag { color: #8c1d18; background: #fdf1f0; border-color: #dc8f8a; }
.badge.none { color: #3e4c59; background: #f3f5f7; border-color: #b8c2cc; }
details { margin: .4rem 0 1rem; }
summary { cursor: pointer; color: var(--accent); padding: .3rem 0; }
footer { padding-top: 1.2rem; color: var(--soft); font-size: .88rem; overflow-wrap: anywhere; }
@media (max-width: 52rem) {
  .beside { grid-template-columns: minmax(0, 1fr); gap: .4rem; }
  h1 { font-size: 1.6rem; }
  .page { padding: 0 1rem 2rem; }
}
@media (max-width: 40rem) {
  .wide svg text { font-size: 21px; }
  .wide svg .tick, .wide svg .label, .wide svg .threshold { font-size: 19px; }
  .stacks, .stacks caption, .stacks tbody, .stacks tr, .stacks th[scope=row] { display: block; }
  .stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stacks tr { padding: .6rem 0; border-bottom: 1px solid var(--rule); }
  .stacks tbody tr:first-child { border-top: 1px solid #7b8794; }
  .stacks tr.flag { background: #fdf1f0; border-left: 4px solid #b3261e; padding-left: .6rem; }
  .stacks tr.total { border-top: 1px solid #7b8794; }
  .stacks th[scope=row] { font-weight: 600; min-width: 0; padding: 0 0 .2rem; border: 0; }
  .stacks tr td, .stacks tr.total th, .stacks tr.total td { border: 0; }
  .stacks td { display: none; padding: .1rem 0; }
  .stacks td[data-column] { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: .8rem; text-align: left; white-space: normal; }
  .stacks td[data-column] > * { grid-column: 2; justify-self: start; }
  .stacks .source { font-weight: 400; }
  .stacks td[data-column]::before { content: attr(data-column); color: var(--soft); font-size: .84rem; font-weight: 400; }
}
@media print {
  html { font-size: 12px; }
  .page { max-width: none; padding: 0; }
  nav { display: none; }
  figure, tr, .cards div { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  .banner, .badge, .missing, .remark, tr.flag th, tr.flag td { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)css";

}  // namespace plumbline::gateway::report
