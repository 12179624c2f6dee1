export { type Descriptions, descriptionsOf } from './descriptions.ts';
export { openApiSource, type OpenApiSource } from './documents.ts';
