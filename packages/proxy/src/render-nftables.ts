/** Rulesets as text for `nft -f -`: the whole table, or what turns one ruleset into another. Both are one transaction. Pure. */
import { type ElementsName, elementsNames, type Ruleset } from './ruleset.ts';

export const tableName = 'kube-proxy';

/** Kind and type of the fixed maps and sets. */
const declarations: Readonly<Record<ElementsName, string>> = {
  'service-ips': 'type ipv4_addr . inet_proto . inet_service : verdict;',
  'service-nodeports': 'type inet_proto . inet_service : verdict;',
  'no-endpoint-services': 'type ipv4_addr . inet_proto . inet_service : verdict;',
  'no-endpoint-nodeports': 'type inet_proto . inet_service : verdict;',
  'cluster-ips': 'type ipv4_addr;',
  'nodeport-ips': 'type ipv4_addr; flags interval;',
  'service-ranges': 'type ipv4_addr; flags interval;',
  hairpins: 'type ipv4_addr . ipv4_addr;',
};
const isMap = (name: ElementsName): boolean => declarations[name].includes(': verdict');
const kindOf = (name: ElementsName): 'map' | 'set' => (isMap(name) ? 'map' : 'set');

/** The whole table. Replaces the one there is at once: no packet sees half of it, and connections under way keep their addresses. */
export function renderNftables(ruleset: Ruleset): string {
  const lines = [`table ip ${tableName}`, `delete table ip ${tableName}`, `table ip ${tableName} {`];
  for (const name of elementsNames) {
    lines.push(`  ${kindOf(name)} ${name} {`, `    ${declarations[name]}`);
    const elements = ruleset.elements.get(name) ?? new Map<string, string>();
    if (elements.size > 0) lines.push(`    elements = { ${elementTexts(name, elements).join(', ')} }`);
    lines.push('  }');
  }
  for (const [name, seconds] of ruleset.affinitySets) lines.push(`  set ${name} {`, `    ${affinityDeclaration(seconds)}`, '  }');
  // A rule may only name chains that were read before it: first all names, then the rules.
  for (const [name, rules] of ruleset.chains) lines.push(`  chain ${name} {`, ...rules.filter(isHook).map((hook) => `    ${hook}`), '  }');
  for (const [name, rules] of ruleset.chains) lines.push(`  chain ${name} {`, ...rules.filter((rule) => !isHook(rule)).map((rule) => `    ${rule}`), '  }');
  return [...lines, '}', ''].join('\n');
}

/** What a chain hangs on; given when it is made. */
const isHook = (rule: string): boolean => rule.startsWith('type ');
const affinityDeclaration = (seconds: number): string => `type ipv4_addr; flags dynamic,timeout; timeout ${seconds}s;`;
const elementTexts = (name: ElementsName, elements: ReadonlyMap<string, string>): readonly string[] => [...elements].map(([key, value]) => (isMap(name) ? `${key} : ${value}` : key));

/** What turns `before` into `after`; empty when nothing differs. Hooks do not change between the two. */
export function renderChanges(before: Ruleset, after: Ruleset): string {
  const lines: string[] = [];
  const each = (verb: string, what: string): void => { lines.push(`${verb} ${what}`); };
  for (const [name, seconds] of after.affinitySets) if (before.affinitySets.get(name) !== seconds) each('add', `set ip ${tableName} ${name} { ${affinityDeclaration(seconds)} }`);
  const changed = [...after.chains].filter(([name, rules]) => {
    const last = before.chains.get(name);
    return last !== rules && last?.join('\n') !== rules.join('\n');
  });
  for (const [name] of changed) each(before.chains.has(name) ? 'flush' : 'add', `chain ip ${tableName} ${name}`);
  for (const [name, rules] of changed) for (const rule of rules) if (!isHook(rule)) each('add', `rule ip ${tableName} ${name} ${rule}`);
  for (const name of elementsNames) lines.push(...elementChanges(name, before, after));
  const gone = [...before.chains.keys()].filter((name) => !after.chains.has(name));
  for (const name of gone) each('flush', `chain ip ${tableName} ${name}`);
  for (const name of gone) each('delete', `chain ip ${tableName} ${name}`);
  for (const name of before.affinitySets.keys()) if (!after.affinitySets.has(name)) each('delete', `set ip ${tableName} ${name}`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function elementChanges(name: ElementsName, before: Ruleset, after: Ruleset): readonly string[] {
  const [old, wanted] = [before.elements.get(name) ?? new Map<string, string>(), after.elements.get(name) ?? new Map<string, string>()];
  const removed = [...old.keys()].filter((key) => wanted.get(key) !== old.get(key));
  const added = new Map([...wanted].filter(([key, value]) => old.get(key) !== value));
  return [
    ...(removed.length === 0 ? [] : [`delete element ip ${tableName} ${name} { ${removed.join(', ')} }`]),
    ...(added.size === 0 ? [] : [`add element ip ${tableName} ${name} { ${elementTexts(name, added).join(', ')} }`]),
  ];
}
