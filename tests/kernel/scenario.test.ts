/** The first tour, with real containers, real network and real kubectl, on two nodes. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, eventually, pause, processOfContainer, skipReason, TestCluster } from './fixture.ts';

const deployment = (image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: nginx-deployment
  labels: { app: nginx }
spec:
  replicas: 3
  selector: { matchLabels: { app: nginx } }
  template:
    metadata:
      labels: { app: nginx }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: web
        image: ${image}
        command: [httpd, -f, -p, "8080", -h, /www]
        ports: [{ containerPort: 8080 }]
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }
      - name: side
        image: test.local/busybox:1
        command: [sh, -c, "echo side is here; exec sleep 100000"]
`;

const columns = (line: string): string[] => line.trim().split(/\s{2,}/);

describe('a tour of a real cluster on two nodes', { skip: skipReason }, () => {
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.up('tour', 2);
    await cluster.load('test.local/busybox:1');
    await cluster.load('test.local/web:1', { '/www/index.html': 'version one\n' });
    await cluster.load('test.local/web:2', { '/www/index.html': 'version two\n' });
  });
  after(async () => { await cluster?.[Symbol.asyncDispose](); });

  /** What is being deleted does not count. */
  const names = async (what: string, selector: string): Promise<string[]> => {
    const { items } = JSON.parse(await cluster.kubectl(['get', what, '-l', selector, '-o', 'json'])) as { items: { metadata: { name: string; deletionTimestamp?: string } }[] };
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name);
  };
  const field = (what: string, path: string): Promise<string> => cluster.kubectl(['get', ...what.split(' '), '-o', `jsonpath={${path}}`]);
  const firstPod = async (): Promise<string> => (await names('pods', 'app=nginx'))[0] ?? '';

  test('both nodes are Ready and show the expected columns', async () => {
    const [head = '', ...rows] = (await cluster.kubectl('get nodes -o wide')).trim().split('\n');
    assert.deepEqual(columns(head), ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION', 'INTERNAL-IP', 'EXTERNAL-IP', 'OS-IMAGE', 'KERNEL-VERSION', 'CONTAINER-RUNTIME']);
    assert.equal(rows.length, 2);
    for (const row of rows) assert.equal(columns(row)[1], 'Ready');
  });

  test('a Deployment rolls out: 2/2, one address a pod, pods on both nodes', async () => {
    await cluster.apply(deployment('test.local/web:1'));
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=60s');
    const shown = await cluster.kubectl('get deploy,rs,po -o wide');
    assert.match(shown, /NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR/);
    assert.match(shown, /deployment.apps\/nginx-deployment +3\/3 +3 +3 /);
    assert.match(shown, /NAME +DESIRED +CURRENT +READY +AGE +CONTAINERS +IMAGES +SELECTOR/);
    const rows = shown.split('\n').filter((line) => line.startsWith('pod/')).map(columns);
    assert.equal(rows.length, 3);
    for (const row of rows) assert.deepEqual([row[1], row[2]], ['2/2', 'Running']);
    assert.equal(new Set(rows.map((row) => row[5])).size, 3, 'an address for each');
    assert.equal(new Set(rows.map((row) => row[6])).size, 2, 'pods on both nodes');
  });

  test('containers of a pod share localhost, pods reach each other across nodes', async () => {
    const pods = await names('pods', 'app=nginx');
    for (const pod of pods) assert.equal(await cluster.kubectl(['exec', pod, '-c', 'side', '--', 'wget', '-qO-', 'http://127.0.0.1:8080/']), 'version one\n');
    for (const from of pods) for (const to of pods) {
      const address = await field(`pod ${to}`, '.status.podIP');
      assert.equal(await cluster.kubectl(['exec', from, '-c', 'side', '--', 'timeout', '5', 'wget', '-qO-', `http://${address}:8080/`]), 'version one\n', `${from} -> ${to}`);
    }
  });

  test('a deleted pod is replaced, a killed process is restarted and counted', async () => {
    const before = await names('pods', 'app=nginx');
    const [gone = '', victim = ''] = before;
    await cluster.kubectl(['delete', 'pod', gone]);
    await eventually(30_000, async () => {
      const now = await names('pods', 'app=nginx');
      assert.ok(!now.includes(gone) && now.length === 3);
    });
    // From outside: within its own namespace the kernel lets nobody kill the first process.
    const id = (await field(`pod ${victim}`, '.status.containerStatuses[?(@.name=="web")].containerID')).replace('containerd://', '');
    process.kill(processOfContainer(id), 'SIGKILL');
    await eventually(30_000, async () => { assert.equal(await field(`pod ${victim}`, '.status.containerStatuses[?(@.name=="web")].restartCount'), '1'); });
    await cluster.kubectl('wait --for=condition=Ready pod -l app=nginx --timeout=60s');
  });

  test('a new image rolls out, history and undo work', async () => {
    await cluster.kubectl('set image deployment/nginx-deployment web=test.local/web:2');
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=90s');
    const sets = (await cluster.kubectl('get rs -l app=nginx --no-headers')).trim().split('\n').map((line) => line.split(/\s+/)[1]).sort();
    assert.deepEqual(sets, ['0', '3']);
    assert.equal(await cluster.kubectl(['exec', await firstPod(), '-c', 'side', '--', 'wget', '-qO-', 'http://127.0.0.1:8080/']), 'version two\n');
    assert.match(await cluster.kubectl('rollout history deployment/nginx-deployment'), /^1 +<none>\n2 +<none>/m);
    await cluster.kubectl('rollout undo deployment/nginx-deployment');
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=90s');
    await eventually(20_000, async () => { assert.equal(await field('deployment nginx-deployment', '.spec.template.spec.containers[0].image'), 'test.local/web:1'); });
  });

  test('a broken image shows ImagePullBackOff and the rollout stops', async () => {
    await cluster.kubectl('set image deployment/nginx-deployment web=127.0.0.1:1/nothing:here');
    await eventually(60_000, async () => { assert.match(await cluster.kubectl('get pods -l app=nginx --no-headers'), /ImagePullBackOff|ErrImagePull/); });
    await eventually(60_000, async () => { assert.match(await cluster.kubectl('get pods -l app=nginx --no-headers'), /ImagePullBackOff/); });
    assert.ok(Number(await field('deployment nginx-deployment', '.status.availableReplicas')) >= 2, 'the old pods stay');
    await cluster.kubectl('rollout undo deployment/nginx-deployment');
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=90s');
  });

  test('ConfigMap and Secret arrive as environment and files, and the files follow the ConfigMap', async () => {
    await cluster.kubectl('create configmap settings --from-literal=colour=red');
    await cluster.kubectl('create secret generic password --from-literal=word=hush');
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: reader }
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: test.local/busybox:1
    command: [sleep, "100000"]
    env:
    - { name: COLOUR, valueFrom: { configMapKeyRef: { name: settings, key: colour } } }
    - { name: WORD, valueFrom: { secretKeyRef: { name: password, key: word } } }
    - { name: MY_IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
    volumeMounts:
    - { name: settings, mountPath: /settings }
    - { name: password, mountPath: /password }
    - { name: scratch, mountPath: /scratch }
    - { name: about, mountPath: /about }
  volumes:
  - { name: settings, configMap: { name: settings } }
  - { name: password, secret: { secretName: password } }
  - { name: scratch, emptyDir: { medium: Memory } }
  - { name: about, downwardAPI: { items: [{ path: name, fieldRef: { fieldPath: metadata.name } }] } }
`);
    await cluster.kubectl('wait --for=condition=Ready pod/reader --timeout=60s');
    const inside = (script: string): Promise<string> => cluster.kubectl(['exec', 'reader', '--', 'sh', '-c', script]);
    assert.equal(await inside('echo $COLOUR $WORD $MY_IP'), `red hush ${await field('pod reader', '.status.podIP')}\n`);
    assert.equal(await inside('cat /settings/colour /password/word /about/name'), 'redhushreader');
    assert.match(await inside('mount'), /tmpfs on \/password/);
    assert.match(await inside('mount'), /tmpfs on \/scratch/);
    await cluster.kubectl(['patch', 'configmap', 'settings', '-p', '{"data":{"colour":"blue"}}']);
    await eventually(90_000, async () => { assert.equal(await inside('cat /settings/colour'), 'blue'); });
  });

  test('a Service answers by node port, cluster address and name, spread over its pods', async () => {
    await cluster.kubectl('expose deployment nginx-deployment --name=web --port=80 --target-port=8080 --type=NodePort');
    const port = await field('service web', '.spec.ports[0].nodePort');
    const addresses = (await cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={range .items[*]}{.status.addresses[?(@.type=="InternalIP")].address}{"\\n"}{end}'])).trim().split('\n');
    assert.equal(addresses.length, 2);
    for (const address of addresses) {
      await eventually(15_000, async () => {
        const { stdout } = await call(['wget', '-qO-', '-T', '3', '-t', '1', `http://${address}:${port}/`]);
        assert.equal(stdout, 'version one\n');
      });
    }
    const clusterIP = await field('service web', '.spec.clusterIP');
    await cluster.kubectl('create namespace elsewhere');
    await cluster.kubectl('run asker -n elsewhere --image=test.local/busybox:1 --restart=Never --command -- sleep 100000');
    await cluster.kubectl('wait -n elsewhere --for=condition=Ready pod/asker --timeout=60s');
    const ask = (url: string): Promise<string> => cluster.kubectl(['exec', '-n', 'elsewhere', 'asker', '--', 'timeout', '5', 'wget', '-qO-', url]);
    assert.equal(await ask(`http://${clusterIP}/`), 'version one\n');
    await eventually(30_000, async () => { assert.equal(await ask('http://web.default/'), 'version one\n'); });
    assert.equal(await ask('http://web.default.svc.cluster.local/'), 'version one\n');
    for (const pod of await names('pods', 'app=nginx')) await cluster.kubectl(['exec', pod, '-c', 'web', '--', 'sh', '-c', 'hostname > /www/name']);
    const seen = new Set<string>();
    for (let round = 0; round < 60 && seen.size < 3; round++) seen.add(await ask(`http://${clusterIP}/name`));
    assert.equal(seen.size, 3, 'every pod answers some of the time');
  });

  test('each node says whether it has endpoints of a Service whose traffic stays on the node, and how its proxy is', async () => {
    const balanced = { metadata: { name: 'local', namespace: 'elsewhere' }, spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', selector: { run: 'asker' }, ports: [{ port: 80 }] } };
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Service', ...balanced }));
    const port = await field('-n elsewhere service local', '.spec.healthCheckNodePort');
    const home = await field('-n elsewhere pod asker', '.status.hostIP');
    const others = (await cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}'])).split(' ').filter((address) => address !== home);
    const ask = async (url: string): Promise<string> => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(3000) }).catch(() => undefined);
      return answer === undefined ? 'none' : `${answer.status} ${(await answer.text()).replaceAll(/\s+/g, '')}`;
    };
    const told = (localEndpoints: number): string => `{"service":{"namespace":"elsewhere","name":"local"},"localEndpoints":${localEndpoints},"serviceProxyHealthy":true}`;
    await eventually(15_000, async () => { assert.equal(await ask(`http://${home}:${port}/`), `200 ${told(1)}`); });
    for (const other of others) assert.equal(await ask(`http://${other}:${port}/`), `503 ${told(0)}`);
    assert.match(await ask(`http://${home}:10256/healthz`), /^200 .*"nodeEligible":true,"healthy":true/);
    await cluster.kubectl('delete service -n elsewhere local');
    await eventually(15_000, async () => { assert.equal(await ask(`http://${home}:${port}/`), 'none'); });
  });

  test('a pod that is not ready gets no traffic', async () => {
    const [sick = ''] = await names('pods', 'app=nginx');
    await cluster.kubectl(['label', 'pod', sick, 'app=quarantined', '--overwrite']);
    await eventually(15_000, async () => {
      const slices = await cluster.kubectl(['get', 'endpointslices', '-l', 'kubernetes.io/service-name=web', '-o', 'jsonpath={.items[*].endpoints[*].targetRef.name}']);
      assert.ok(!slices.split(' ').includes(sick));
    });
    const clusterIP = await field('service web', '.spec.clusterIP');
    await pause(1000);
    for (let round = 0; round < 20; round++) assert.notEqual(await cluster.kubectl(['exec', '-n', 'elsewhere', 'asker', '--', 'sh', '-c', `timeout 5 wget -qO- http://${clusterIP}/name || true`]), `${sick}\n`);
    await cluster.kubectl(['delete', 'pod', sick]);
  });

  test('logs, exec, cp and port-forward work', async () => {
    await cluster.kubectl('wait --for=condition=Ready pod -l app=nginx --timeout=60s');
    const pod = await firstPod();
    assert.equal(await cluster.kubectl(['logs', pod, '-c', 'side']), 'side is here\n');
    assert.equal(await cluster.kubectl(['exec', '-i', pod, '-c', 'side', '--', 'cat'], { input: 'round trip\n' }), 'round trip\n');
    const failed = await cluster.tryKubectl(['exec', pod, '-c', 'side', '--', 'sh', '-c', 'exit 3']);
    assert.equal(failed.code, 3);
    const file = join(cluster.directory, 'copied');
    writeFileSync(file, 'x'.repeat(100_000));
    await cluster.kubectl(['cp', file, `${pod}:/tmp/copied`, '-c', 'side']);
    assert.equal((await cluster.kubectl(['exec', pod, '-c', 'side', '--', 'wc', '-c', '/tmp/copied'])).trim().split(' ')[0], '100000');
    const forward = cluster.startKubectl(['port-forward', pod, '18080:8080']);
    try {
      await eventually(10_000, async () => {
        const { stdout } = await call(['wget', '-qO-', '-t', '1', '-T', '3', 'http://127.0.0.1:18080/']);
        assert.equal(stdout, 'version one\n');
      });
    } finally {
      forward.kill('SIGKILL');
    }
  });

  test('logs -f follows as lines are written', async () => {
    await cluster.kubectl(['run', 'talker', '--image=test.local/busybox:1', '--restart=Never', '--command', '--', 'sh', '-c', 'for i in 1 2 3 4 5; do echo line $i; sleep 0.3; done']);
    await eventually(20_000, async () => { assert.match(await field('pod talker', '.status.phase'), /Running|Succeeded/); });
    assert.equal(await cluster.kubectl('logs -f talker', { timeoutMs: 20_000 }), 'line 1\nline 2\nline 3\nline 4\nline 5\n');
    await eventually(15_000, async () => { assert.equal(await field('pod talker', '.status.phase'), 'Succeeded'); });
    assert.match(await cluster.kubectl('get pod talker --no-headers'), /0\/1 +Completed/);
  });

  test('describe, apply again, diff, edit, scale, label, annotate and can-i work', async () => {
    const described = await cluster.kubectl('describe deployment nginx-deployment');
    assert.match(described, /Normal +ScalingReplicaSet/);
    assert.match(await cluster.kubectl(['describe', 'pod', await firstPod()]), /Normal +Scheduled .*Successfully assigned default\//);
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=60s');
    const manifest = deployment('test.local/web:1');
    assert.match(await cluster.apply(manifest), /configured|unchanged/);
    assert.match(await cluster.apply(manifest), /unchanged/);
    assert.equal((await cluster.tryKubectl('diff -f -', { input: manifest })).code, 0);
    assert.equal((await cluster.tryKubectl('diff -f -', { input: manifest.replace('replicas: 3', 'replicas: 4') })).code, 1);
    await cluster.kubectl('edit deployment nginx-deployment', { environment: { KUBE_EDITOR: 'sed -i s/replicas:.3/replicas:\\ 2/' } });
    await eventually(30_000, async () => { assert.equal((await names('pods', 'app=nginx')).length, 2); });
    await cluster.kubectl('scale deployment nginx-deployment --replicas=3');
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=60s');
    await cluster.kubectl('label deployment nginx-deployment tier=front');
    await cluster.kubectl('annotate deployment nginx-deployment note=here');
    assert.equal(await field('deployment nginx-deployment', '.metadata.labels.tier'), 'front');
    assert.equal((await cluster.kubectl('auth can-i create pods')).trim(), 'yes');
    assert.equal((await cluster.tryKubectl('auth can-i create pods --as=nobody')).stdout.trim(), 'no');
  });

  test('cordon and drain move the pods', async () => {
    const node = await field(`pod ${await firstPod()}`, '.spec.nodeName');
    await cluster.kubectl(['cordon', node]);
    assert.match(await cluster.kubectl(['get', 'node', node]), /Ready,SchedulingDisabled/);
    await cluster.kubectl(['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=60s'], { timeoutMs: 90_000 });
    await cluster.kubectl('rollout status deployment/nginx-deployment --timeout=60s');
    const placed = await cluster.kubectl(['get', 'pods', '-l', 'app=nginx', '-o', 'jsonpath={.items[*].spec.nodeName}']);
    assert.ok(!placed.split(' ').includes(node));
    await cluster.kubectl(['uncordon', node]);
  });

  test("a ServiceAccount's token, used inside a pod, meets RBAC: no, then yes", async () => {
    await cluster.kubectl('create serviceaccount teller');
    await cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: teller }
spec:
  serviceAccountName: teller
  terminationGracePeriodSeconds: 1
  containers: [{ name: main, image: test.local/busybox:1, command: [sleep, "100000"] }]
`);
    await cluster.kubectl('wait --for=condition=Ready pod/teller --timeout=60s');
    const token = await cluster.kubectl('exec teller -- cat /var/run/secrets/kubernetes.io/serviceaccount/token');
    assert.equal(await cluster.kubectl('exec teller -- cat /var/run/secrets/kubernetes.io/serviceaccount/namespace'), 'default');
    const asTeller = (): Promise<{ code: number; stdout: string; stderr: string }> => cluster.tryKubectl(['--token', token, '--kubeconfig', '/dev/null', '--insecure-skip-tls-verify', '--server', server, 'get', 'pods']);
    const server = (await cluster.kubectl(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}'])).trim();
    const refused = await asTeller();
    assert.match(refused.stderr, /pods is forbidden: User "system:serviceaccount:default:teller" cannot list resource "pods" in API group "" in the namespace "default"/);
    await cluster.kubectl('create rolebinding teller --clusterrole=view --serviceaccount=default:teller');
    await eventually(10_000, async () => { assert.equal((await asTeller()).code, 0); });
  });

  test('a static pod follows its manifest', async () => {
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'fixed' }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'test.local/busybox:1', command: ['sleep', '100000'] }] } });
    await cluster.kaji(['enter', 'node-1', 'sh', '-c', `echo '${manifest}' > /etc/kubernetes/manifests/fixed.json`]);
    await eventually(30_000, async () => { assert.match(await cluster.kubectl('get pod fixed-node-1 --no-headers'), /1\/1 +Running/); });
    await cluster.kubectl('delete pod fixed-node-1 --wait=false');
    await eventually(30_000, async () => { assert.match(await cluster.kubectl('get pod fixed-node-1 --no-headers'), /1\/1 +Running/); });
    await cluster.kaji(['enter', 'node-1', 'rm', '/etc/kubernetes/manifests/fixed.json']);
    await eventually(30_000, async () => { assert.equal((await cluster.tryKubectl('get pod fixed-node-1')).code, 1); });
  });

  test('a namespace goes with everything in it', async () => {
    await cluster.kubectl('delete namespace elsewhere --timeout=60s', { timeoutMs: 90_000 });
    assert.equal((await cluster.tryKubectl('get namespace elsewhere')).code, 1);
    assert.equal((await cluster.kubectl('get pods -n elsewhere --ignore-not-found')).trim(), '');
  });
});
