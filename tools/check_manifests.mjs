#!/usr/bin/env node
// Checks Kubernetes manifests with no cluster in reach.
//
//   tools/check_manifests.mjs              renders deploy/k8s/base and every overlay with kubectl, then checks them
//   tools/check_manifests.mjs FILE.yaml... checks files that are rendered already
//
// Every document becomes a constant of its type in kubernetes-types, and the TypeScript compiler checks it: a misspelt
// field, a wrong type and a missing required field are errors. Then come the rules of our own that types cannot say.
import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import ts from 'typescript';
import {parseAllDocuments} from 'yaml';

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const types = join(repository, 'node_modules/kubernetes-types');

/** The documents of a YAML stream, and what is wrong with its text; a key that is written twice is an error. */
function parse(text) {
  const documents = [];
  const problems = [];
  for (const document of parseAllDocuments(text, {uniqueKeys: true})) {
    problems.push(...document.errors.map((error) => error.message));
    if (document.contents !== null) documents.push(document.toJS());
  }
  if (documents.length === 0) problems.push('holds no documents');
  return {documents, problems};
}

const nameOf = (document) => `${document.kind ?? 'document without kind'} ${document.metadata?.name ?? ''}`.trim();

const parsedFiles = new Map();  // the compiler's own libraries and kubernetes-types, read once for all inputs

/** Type errors of the documents, each with the document and the lines of the field. */
function typeErrors(documents) {
  const problems = [];
  const lines = [];  // of the TypeScript program; owner[i] is the document that line i came from
  const owner = [];
  documents.forEach((document, index) => {
    const [group, version] = String(document.apiVersion ?? '').includes('/')
        ? document.apiVersion.split('/') : ['core', document.apiVersion];
    const module = `${group.split('.')[0]}/${version}`;
    if (!existsSync(join(types, `${module}.d.ts`))) {
      problems.push(`${nameOf(document)}: apiVersion ${document.apiVersion} is not one that kubernetes-types knows`);
      return;
    }
    const type = `import('${join(types, module)}').${document.kind}`;
    for (const line of `export const d${index}: ${type} = ${JSON.stringify(document, null, 1)};`.split('\n')) {
      lines.push(line);
      owner.push(document);
    }
  });
  const file = join(repository, 'manifests.ts');
  const options = {strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es5.d.ts'], target: ts.ScriptTarget.ES2022,
                   module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler};
  const host = ts.createCompilerHost(options);
  const fromDisk = {getSourceFile: host.getSourceFile.bind(host), fileExists: host.fileExists.bind(host)};
  host.fileExists = (name) => name === file || fromDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    if (name === file) return ts.createSourceFile(name, lines.join('\n'), ...rest);
    if (!parsedFiles.has(name)) parsedFiles.set(name, fromDisk.getSourceFile(name, ...rest));
    return parsedFiles.get(name);
  };
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))) {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    if (diagnostic.file?.fileName !== file) {
      problems.push(text);
      continue;
    }
    const {line} = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    problems.push(`${nameOf(owner[line])}: at ${lines[line].trim().slice(0, 80)} ${text}`);
  }
  return problems;
}

/** What types cannot say: the promises of deploy/README.md. Yields one line for each broken rule. */
function* brokenRules(documents) {
  const workloads = documents.filter((d) => d.spec?.template?.spec?.containers);
  const named = (kind) => new Set(documents.filter((d) => d.kind === kind).map((d) => d.metadata.name));
  for (const document of workloads) {
    const pod = document.spec.template.spec;
    const labels = document.spec.template.metadata?.labels ?? {};
    const at = (rule) => `${nameOf(document)}: ${rule}`;
    if (pod.securityContext?.runAsNonRoot !== true) yield at('must say runAsNonRoot: true');
    if (pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault') yield at('must use seccompProfile RuntimeDefault');
    if (pod.automountServiceAccountToken !== false) yield at('must not mount a service account token');
    if (!(pod.terminationGracePeriodSeconds >= 30)) yield at('needs terminationGracePeriodSeconds of 30 or more to drain');
    if (!named('ServiceAccount').has(pod.serviceAccountName)) yield at(`has no ServiceAccount ${pod.serviceAccountName}`);
    for (const [key, value] of Object.entries(document.spec.selector?.matchLabels ?? {})) {
      if (labels[key] !== value) yield at(`selects ${key}=${value}, which its pods do not carry`);
    }
    for (const container of pod.containers) {
      const context = container.securityContext ?? {};
      if (context.allowPrivilegeEscalation !== false) yield at('must say allowPrivilegeEscalation: false');
      if (context.readOnlyRootFilesystem !== true) yield at('must say readOnlyRootFilesystem: true');
      if (!context.capabilities?.drop?.includes('ALL')) yield at('must drop ALL capabilities');
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        if (!container[probe]) yield at(`has no ${probe}`);
        const port = container[probe]?.grpc?.port;
        if (port !== undefined && !container.ports?.some((p) => p.containerPort === port)) {
          yield at(`${probe} asks port ${port}, which the container does not name`);
        }
      }
      for (const amount of ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']) {
        const [kind, resource] = amount.split('.');
        if (!container.resources?.[kind]?.[resource]) yield at(`has no resources.${amount}`);
      }
      if (/:latest$/.test(container.image ?? '')) yield at(`image ${container.image} is not pinned`);
      for (const {name, value} of container.env ?? []) {
        if (/PASSWORD|SECRET|TOKEN|DATABASE_URL$/.test(name) && value && !name.endsWith('_FILE')) {
          yield at(`passes ${name} as plain text; mount a file`);
        }
      }
      if (JSON.stringify(container).includes('set-by-the-service')) yield at('a value that each service sets is unset');
      const volumes = new Set([...(pod.volumes ?? []), ...(document.spec.volumeClaimTemplates ?? []).map((c) => c.metadata)]
          .map((v) => v.name));
      for (const mount of container.volumeMounts ?? []) {
        if (!volumes.has(mount.name)) yield at(`mounts ${mount.name}, which is no volume of the pod`);
      }
    }
  }
  for (const service of documents.filter((d) => d.kind === 'Service')) {
    const selected = workloads.filter((w) => Object.entries(service.spec.selector ?? {})
        .every(([key, value]) => w.spec.template.metadata?.labels?.[key] === value));
    if (selected.length !== 1) yield `${nameOf(service)}: selects ${selected.length} workloads, not 1`;
    for (const {port, targetPort} of service.spec.ports ?? []) {
      const ports = selected.flatMap((w) => w.spec.template.spec.containers.flatMap((c) => c.ports ?? []));
      const target = targetPort ?? port;
      if (!ports.some((p) => p.name === target || p.containerPort === target)) {
        yield `${nameOf(service)}: targetPort ${target} is no port of its pods`;
      }
    }
  }
  if (workloads.length > 0 && !documents.some((d) => d.kind === 'NetworkPolicy' &&
      Object.keys(d.spec?.podSelector ?? {}).length === 0 && d.spec?.policyTypes?.length === 2 && !d.spec.ingress)) {
    yield 'there is no NetworkPolicy that denies everything by default';
  }
}

/** Rendered text of base and of every overlay; secrets are made in a copy and thrown away with it. */
function render() {
  const copy = mkdtempSync(join(tmpdir(), 'plumbline-k8s-'));
  try {
    cpSync(join(repository, 'deploy/k8s'), copy, {recursive: true, filter: (name) => !name.endsWith('/secrets')});
    const overlays = join(copy, 'overlays');
    const folders = ['base', ...readdirSync(overlays).sort().map((name) => join('overlays', name))];
    return folders.map((folder) => {
      const script = join(copy, folder, 'make-secrets.sh');
      if (existsSync(script)) execFileSync(script, {stdio: ['ignore', 'ignore', 'inherit']});
      return {source: `deploy/k8s/${folder}`, text: execFileSync('kubectl', ['kustomize', join(copy, folder)], {encoding: 'utf8'})};
    });
  } finally {
    rmSync(copy, {recursive: true, force: true});
  }
}

/** Why kubectl cannot render here, or '' if it can. `labels` and inline `patches` need kubectl 1.22 or newer. */
function cannotRender() {
  let version;
  try {
    version = JSON.parse(execFileSync('kubectl', ['version', '--client', '-o', 'json'], {encoding: 'utf8'})).clientVersion;
  } catch {
    return 'kubectl is not installed';
  }
  const isOld = Number(version.major) === 1 && parseInt(version.minor, 10) < 22;
  return isOld ? `kubectl ${version.gitVersion} is too old to render (1.22 or newer is needed; Debian 12 has 1.20)` : '';
}

const files = process.argv.slice(2);
if (files.length === 0 && cannotRender()) {
  console.log(`manifests: skipped: ${cannotRender()}`);
  process.exit(77);
}
const inputs = files.length > 0 ? files.map((source) => ({source, text: readFileSync(source, 'utf8')})) : render();
let problems = 0;
for (const {source, text} of inputs) {
  const {documents, problems: unreadable} = parse(text);
  const found = unreadable.length > 0 ? unreadable : [...typeErrors(documents), ...brokenRules(documents)];
  for (const problem of found) console.log(`${source}: ${problem}`);
  console.log(`manifests: ${source}: ${documents.length} documents, ${found.length} problems`);
  problems += found.length;
}
process.exit(problems > 0 ? 1 : 0);
