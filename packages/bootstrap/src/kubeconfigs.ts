/** Kubeconfig files: those of the components, and the context that is merged into the user's own. */
import { type Host, HostError } from '@kaji/host';
import type { Identity } from '@kaji/pki';
import { type Document, isMap, isSeq, parseDocument, YAMLMap } from 'yaml';

interface Access {
  /** `https://172.30.0.2:6443` */
  readonly server: string;
  readonly authorityPem: string;
  readonly identity: Identity;
}

/** A kubeconfig with one context. `name` names the cluster, the user and the context. */
export function renderKubeconfig(name: string, access: Access): string {
  return editKubeconfig('', name, access);
}

/** Adds or replaces the three entries of that name and makes it the current context; all else, comments included, stays. */
export function mergeKubeconfig(existing: string, name: string, access: Access): string {
  return editKubeconfig(existing, name, access);
}

/** Takes the three entries of that name out again. Gives undefined when there were none. */
export function removeFromKubeconfig(existing: string, name: string): string | undefined {
  const document = read(existing);
  let isChanged = false;
  for (const section of ['clusters', 'users', 'contexts']) isChanged = removeNamed(document, section, name) || isChanged;
  if (document.get('current-context') === name) {
    document.set('current-context', '');
    isChanged = true;
  }
  return isChanged ? document.toString({ lineWidth: 0 }) : undefined;
}

/** True when nothing is left that anybody would miss. */
export function isEmptyKubeconfig(text: string): boolean {
  const document = read(text);
  return ['clusters', 'users', 'contexts'].every((section) => {
    const entries = document.get(section);
    return !isSeq(entries) || entries.items.length === 0;
  });
}

function editKubeconfig(existing: string, name: string, { server, authorityPem, identity }: Access): string {
  const document = read(existing);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as typeof document.contents;
  if (!document.has('apiVersion')) document.set('apiVersion', 'v1');
  if (!document.has('kind')) document.set('kind', 'Config');
  const entries: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['clusters', 'cluster', { 'certificate-authority-data': base64(authorityPem), server }],
    ['contexts', 'context', { cluster: name, user: name }],
    ['users', 'user', { 'client-certificate-data': base64(identity.certificatePem), 'client-key-data': base64(identity.privateKeyPem) }],
  ];
  for (const [section, key, value] of entries) {
    removeNamed(document, section, name);
    const entry = document.createNode({ name, [key]: value });
    const list = document.get(section);
    if (isSeq(list)) {
      list.flow = false; // an empty list may have been written as []
      list.add(entry);
    } else {
      document.set(section, document.createNode([entry]));
    }
  }
  document.set('current-context', name);
  return document.toString({ lineWidth: 0 });
}

function read(text: string): Document {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new HostError(`the kubeconfig is no YAML: ${problem.message}`);
  return document;
}

function removeNamed(document: Document, section: string, name: string): boolean {
  const list = document.get(section);
  if (!isSeq(list)) return false;
  const before = list.items.length;
  list.items = list.items.filter((item) => !(item instanceof YAMLMap && item.get('name') === name));
  return list.items.length !== before;
}

/** Whose kubeconfig: the person who typed sudo, not root. */
export interface KubeconfigFile {
  readonly path: string;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** $KUBECONFIG's first path as kubectl does; else ~/.kube/config of SUDO_USER, or of this user. */
export function kubeconfigFile(environment: Readonly<Record<string, string | undefined>>, passwd: string): KubeconfigFile {
  const line = passwd.split('\n').map((each) => each.split(':')).find((fields) => fields[0] === environment['SUDO_USER']);
  const owner = line === undefined || environment['SUDO_USER'] === undefined ? undefined : { uid: Number(line[2]), gid: Number(line[3]), home: line[5] ?? '/root' };
  const chosen = environment['KUBECONFIG']?.split(':').find((path) => path !== '');
  return { path: chosen ?? `${owner?.home ?? environment['HOME'] ?? '/root'}/.kube/config`, owner: owner === undefined ? undefined : { uid: owner.uid, gid: owner.gid } };
}

/** Writes a kubeconfig that only its owner can read. */
export async function writeKubeconfig(host: Host, { path, owner }: KubeconfigFile, text: string): Promise<void> {
  const directory = path.slice(0, Math.max(1, path.lastIndexOf('/')));
  if ((await host.files.status(directory)) === undefined) {
    await host.files.makeDirectory(directory, { mode: 0o700 });
    if (owner !== undefined) await host.files.chown(directory, owner.uid, owner.gid);
  }
  const before = await host.files.status(path);
  const { uid, gid } = owner ?? before ?? { uid: 0, gid: 0 };
  await host.files.write(path, text, { mode: 0o600, uid, gid, isAtomic: true });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
