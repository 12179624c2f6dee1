export { type DnsConfig, dnsConfig, nameservers } from './config.ts';
export { type DnsParts, DnsServer } from './dns-server.ts';
export { Forwarder, type Upstream } from './forward.ts';
export { answer, type Answer, type ClusterView, type ZoneConfig } from './records.ts';
