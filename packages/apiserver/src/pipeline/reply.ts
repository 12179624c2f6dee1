// Replies that are not objects: plain text, as upstream's own handlers outside the resources write it.
import type { Reply } from './request.ts';

const encoder = new TextEncoder();

/** Kubernetes: browsers are told not to guess what an error is. */
export const unguessed: Readonly<Record<string, string>> = { 'x-content-type-options': 'nosniff' };

export function textReply(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...(status >= 400 ? unguessed : {}), ...headers }, body: encoder.encode(text) };
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: encoder.encode(`${JSON.stringify(value)}\n`) };
}

/** What a path outside the API gets when nothing is there. */
export const pageNotFound = (): Reply => textReply(404, '404 page not found\n');
