/** The operations that belong to no kind: discovery, the version, and what tells others how tokens are signed. */
import { groupTag, groupWord, mediaTypes, metaV1, type Operation, versionWord } from './operation.ts';

interface Said {
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  readonly answer: string;
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
}

const read = ({ consumes = mediaTypes, produces = mediaTypes, ...said }: Said): Operation => ({ method: 'get', ...said, consumes, produces, codes: [200], parameters: [] });

export const groupOperation = (group: string): Operation =>
  read({ id: `get${groupWord(group)}APIGroup`, tag: groupTag(group), description: 'Read which versions of the group are served.', answer: `${metaV1}.APIGroup` });

export const versionOperation = (group: string, version: string): Operation =>
  read({ id: `get${groupWord(group)}${versionWord(version)}APIResources`, tag: `${groupTag(group)}_${version}`, description: 'Read which resources are served.', answer: `${metaV1}.APIResourceList` });

/** By the path of the document that tells of them. */
export const rootOperations: Readonly<Record<string, Operation>> = {
  'api': read({ id: 'getCoreAPIVersions', tag: 'core', description: 'Read which versions of the core group are served.', answer: `${metaV1}.APIVersions` }),
  'apis': read({ id: 'getAPIVersions', tag: 'apis', description: 'Read which groups are served.', answer: `${metaV1}.APIGroupList` }),
  'version': read({ id: 'getCodeVersion', tag: 'version', description: 'Read the version of the server.', answer: 'io.k8s.apimachinery.pkg.version.Info', consumes: ['application/json'], produces: ['application/json'] }),
  '.well-known/openid-configuration': read({
    id: 'getServiceAccountIssuerOpenIDConfiguration', tag: 'WellKnown', description: 'Read who issues the tokens of service accounts, and where its keys are.', answer: 'string', consumes: [], produces: ['application/json'],
  }),
  'openid/v1/jwks': read({
    id: 'getServiceAccountIssuerOpenIDKeyset', tag: 'openid', description: 'Read the public keys that the tokens of service accounts are checked with.', answer: 'string', consumes: [], produces: ['application/jwk-set+json'],
  }),
};
