/**
 * Node's HTTP/1.1 by way of its loader of builtin modules: an import reads every export, and one of those is a getter that
 * loads a whole other HTTP client, some 3 MB in each thread.
 */
export const { Agent, createServer, request } = process.getBuiltinModule('node:http');
