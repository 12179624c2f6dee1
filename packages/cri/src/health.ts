/** The health service of gRPC, which probes ask. */
import { message, oneOf, string } from '@kaji/schema';
import { Channel } from './channel.ts';

class HealthCheckRequest extends message('grpc.health.v1.HealthCheckRequest', { service: string(1) }) {}

class HealthCheckResponse extends message('grpc.health.v1.HealthCheckResponse', { status: oneOf(1, 'UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN').required() }) {}

export interface HealthTarget {
  readonly host: string;
  readonly port: number;
  readonly service: string;
  readonly timeoutMs: number;
}

/** Throws RuntimeError when nobody answers in time. */
export async function checkHealth({ host, port, service, timeoutMs }: HealthTarget, now: () => number): Promise<'serving' | 'notServing'> {
  const channel = new Channel(`dns:${host.includes(':') ? `[${host}]` : host}:${port}`, now);
  try {
    const { status } = await channel.call('/grpc.health.v1.Health/Check', [HealthCheckRequest, HealthCheckResponse], { service }, { timeoutMs });
    return status === 'SERVING' ? 'serving' : 'notServing';
  } finally {
    channel.close();
  }
}
