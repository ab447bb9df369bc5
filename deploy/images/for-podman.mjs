// Reads rendered manifests on standard input and writes what `podman play kube --network host` can run of them.
// Deployments and Secrets go through as they are, but for named ports, which podman cannot map on the host's network,
// and the number of replicas, which would listen on the same port there; no metrics are served for the same reason. The
// ConfigMap's service names become 127.0.0.1. StatefulSets become Pods:
// podman 4.3 does not know them. With --probes it writes the probes instead, one a line, for try.sh to ask.
import {readFileSync} from 'node:fs';
import {parseAllDocuments, stringify} from 'yaml';

const isWorkload = (document) => ['StatefulSet', 'Deployment'].includes(document.kind);
// WORKLOADS, if set, names the ones to keep.
const wanted = (process.env.WORKLOADS ?? '').split(' ').filter(Boolean);
const documents = parseAllDocuments(readFileSync(0, 'utf8')).map((document) => document.toJS())
    .filter((d) => wanted.length === 0 || !isWorkload(d) || wanted.includes(d.metadata.name));
const services = new Set(documents.filter((d) => d.kind === 'Service').map((d) => d.metadata.name));
const local = (value) => services.has(value.split(':')[0]) ? value.replace(/^[^:]+/, '127.0.0.1') : value;

const kindOf = (probe) => probe.grpc ? ['grpc', probe.grpc.port, probe.grpc.service ?? '']
    : probe.tcpSocket ? ['tcp', probe.tcpSocket.port, ''] : ['exec', probe.exec.command.at(-1), ''];
const workloads = documents.filter(isWorkload);
if (process.argv[2] === '--probes') {
  for (const document of workloads) {
    for (const container of document.spec.template.spec.containers) {
      const number = (port) => container.ports.find((p) => p.name === port)?.containerPort ?? port;
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const {exec} = container[probe];
        const [kind, what, service] = kindOf(container[probe]);
        const command = exec?.command[0] === 'sh' ? what : exec?.command.join(' ');
        console.log([document.metadata.name, container.name, probe, kind, command ?? number(what), service].join('\t'));
      }
    }
  }
  process.exit(0);
}

const withoutPorts = (pod) => ({...pod, containers: pod.containers.map(({ports, ...container}) => container)});

const output = [];
for (const document of documents) {
  if (document.kind === 'Secret') output.push(document);
  if (document.kind === 'Deployment') {
    const {template} = document.spec;
    output.push({...document, spec: {...document.spec, replicas: 1, template: {...template, spec: withoutPorts(template.spec)}}});
  }
  if (document.kind === 'ConfigMap') {
    const data = Object.fromEntries(Object.entries(document.data).map(([key, value]) => [key, local(value)]));
    if (data.PLUMBLINE_METRICS_LISTEN) data.PLUMBLINE_METRICS_LISTEN = '';
    output.push({...document, data});
  }
  if (document.kind === 'StatefulSet') {
    const {metadata, spec} = document.spec.template;
    const claims = document.spec.volumeClaimTemplates ?? [];
    const volumes = claims.map(({metadata: {name}}) => ({name, persistentVolumeClaim: {claimName: `${document.metadata.name}-${name}`}}));
    output.push({apiVersion: 'v1', kind: 'Pod', metadata: {...metadata, name: document.metadata.name},
                 spec: {...withoutPorts(spec), volumes: [...volumes, ...(spec.volumes ?? [])]}});
  }
}
// What is referred to comes first: podman reads from top to bottom.
const order = ['ConfigMap', 'Secret', 'Pod', 'Deployment'];
output.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
process.stdout.write(output.map((document) => stringify(document)).join('---\n'));
