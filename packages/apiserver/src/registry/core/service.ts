/** Services: addresses and node ports are taken as a Service is written, and given back with it. */
import { endpoints } from '@kaji/api/core/v1';
import type { Random } from '@kaji/base';
import type { Reader } from '../reader.ts';
import type { Reservation, Strategy, WriteContext } from '../strategy.ts';
import { ServiceAddresses } from './service-addresses.ts';
import { familyOf, settleFamilies } from './service-families.ts';
import { dropByType, type Family, keepAllocated, linkAddresses, type ServiceObject } from './service-fields.ts';
import { ServicePorts } from './service-ports.ts';

export interface ServiceDoors {
  readonly reader: Reader;
  readonly random: Random;
  /** CIDRs, the primary one first. */
  readonly ranges: readonly string[];
  readonly ports: { readonly first: number; readonly last: number };
  readonly signal: AbortSignal;
}

export function serviceStrategy(doors: ServiceDoors): Strategy<ServiceObject> {
  const addresses = new ServiceAddresses(doors);
  const ports = new ServicePorts(doors);
  const families: readonly Family[] = doors.ranges.map(familyOf);
  return {
    createsOnUpdate: true,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
    },
    prepareForUpdate: dropByType,
    // Kubernetes: the default of a type with addresses is not shown of one without.
    canonicalize({ spec }) {
      if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy;
    },
    prepareForStatus(service, old) {
      service.spec = old.spec;
    },
    reserve(service: ServiceObject, old: ServiceObject | undefined, { isDryRun }: WriteContext): Reservation {
      if (old !== undefined) keepAllocated(service, old);
      linkAddresses(service, old);
      settleFamilies(service, old, families);
      const taken = { addresses: [], companions: [] };
      const operation = ports.begin(isDryRun);
      const settle = (): void => {
        addresses.settle(taken);
        ports.settle(operation.taken);
      };
      try {
        if (old === undefined) {
          addresses.allocate(service, isDryRun, taken);
          operation.allocate(service);
        } else {
          addresses.reallocate(service, old, isDryRun, taken);
          operation.reallocate(service, old);
        }
      } catch (error) {
        settle();
        throw error;
      }
      return { companions: isDryRun ? [] : taken.companions, settle };
    },
    // Kubernetes: a Service of the same name must not find the old one's endpoints.
    companionsOfDeletion: (service) => [...addresses.released(service), { resource: endpoints, namespace: service.metadata.namespace ?? '', name: service.metadata.name ?? '' }],
  };
}
