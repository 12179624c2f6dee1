import { labelValueErrors, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, required } from '../../field-error.ts';
import { cidrErrors } from '../../ip-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { Node, Taint } from './node.ts';
import { amountErrors } from './resource-rules.ts';
import { effectErrors } from './scheduling-rules.ts';

const shown = ({ key, value = '', effect, timeAdded }: Taint): unknown => ({ Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null });

/** Kubernetes: taints are reported below metadata. */
function taintErrors(taints: readonly Taint[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const path = `metadata.taints[${index}]`;
    const { key, value = '' } = taint;
    const effect: string = taint.effect;
    const messages = labelValueErrors(value);
    const errors = [...invalidAll(`${path}.key`, key, qualifiedNameErrors(key)), ...(messages.length > 0 ? [invalid(`${path}.value`, value, messages.join(';'))] : []), ...(effect === '' ? [required(`${path}.effect`)] : effectErrors(effect, `${path}.effect`))];
    const identity = `${key}:${effect}`;
    if (seen.has(identity)) errors.push({ ...duplicate(path, shown(taint)), message: `${duplicate(path, shown(taint)).message}: taints must be unique by key and effect pair` });
    seen.add(identity);
    return errors;
  });
}

function amountsErrors({ status }: Node): FieldError[] {
  return (['capacity', 'allocatable'] as const).flatMap((list) => Object.entries(status?.[list] ?? {}).flatMap(([name, amount]) => amountErrors(name, amount, `status.${list}.${name}`)));
}

export function validateNode(node: Node, old: Node | undefined): FieldError[] {
  const { podCIDRs = [], taints = [], providerID = '' } = node.spec ?? {};
  if (old !== undefined) {
    const before = old.spec ?? {};
    const errors = amountsErrors(node);
    const oldRanges = before.podCIDRs ?? [];
    const why = 'node updates may not change podCIDR except from "" to valid';
    if (oldRanges.length > 0) {
      if (oldRanges.length !== podCIDRs.length) errors.push(forbidden('spec.podCIDRs', why));
      else for (const [index, range] of oldRanges.entries()) if (range !== podCIDRs[index]) errors.push(forbidden('spec.podCIDRs', why));
    }
    if ((before.providerID ?? '') !== '' && before.providerID !== providerID) errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
    return [...errors, ...taintErrors(taints)];
  }
  const families = new Set(podCIDRs.map((range) => range.includes(':')));
  return [
    ...taintErrors(taints), ...amountsErrors(node), ...podCIDRs.flatMap((range, index) => cidrErrors(`spec.podCIDRs[${index}]`, range)),
    ...(podCIDRs.length > 1 && (families.size < 2 || podCIDRs.length > 2) ? [invalid('spec.podCIDRs', podCIDRs, 'may specify no more than one CIDR for each IP family')] : []),
  ];
}
