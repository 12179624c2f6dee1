export { Lease, leases, LeaseSpec } from './lease.ts';
