export type { Client, DeleteOptions, Key, ListOptions, ObjectList, Patch, WatchEvent, WatchOptions, WriteOptions } from './client.ts';
export { causeHeader, readAll, type Transport, type TransportReply, type TransportRequest } from './transport.ts';
