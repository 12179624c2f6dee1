/**
 * What the comments above declared types and their fields say: the descriptions of OpenAPI and of `kubectl explain`.
 * They are read from the text of the modules, TypeScript or what is left of it when its types are stripped, so that no declaration carries them in memory.
 */

export interface TypeDescription {
  /** Empty when there is no comment. */
  readonly text: string;
  /** Every field that is declared, with the comment above it; empty when there is none. */
  readonly fields: ReadonlyMap<string, string>;
}

/** By the type's full name, `k8s.io.api.core.v1.Pod`. */
export type Descriptions = ReadonlyMap<string, TypeDescription>;

const declaration = /(?:\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*)?(?:export )?class \w+ extends message\(\s*'([^']+)',\s*\{/g;

/** Comments with their text, words, quoted text, brackets and commas; whatever else there is means nothing here. */
const token = /\/\*\*([\s\S]*?)\*\/|\/\*[\s\S]*?\*\/|\/\/[^\n]*|'((?:[^'\\\n]|\\.)*)'|[\w$]+|[{([]|[})\]]|,/g;

/** The descriptions of the types that this module declares. */
export function descriptionsOf(module: string): Descriptions {
  const found = new Map<string, TypeDescription>();
  for (const match of module.matchAll(declaration)) {
    const [whole, comment, name = ''] = match;
    found.set(name, { text: plainText(comment), fields: fieldsFrom(module, match.index + whole.length) });
  }
  return found;
}

/** Reads the object literal that opened just before `start`. */
function fieldsFrom(module: string, start: number): Map<string, string> {
  const fields = new Map<string, string>();
  let depth = 1;
  let isName = true;
  let comment: string | undefined;
  token.lastIndex = start;
  for (let match = token.exec(module); match !== null; match = token.exec(module)) {
    const [text, said, quoted] = match;
    if ('{(['.includes(text)) depth++;
    else if ('})]'.includes(text)) depth--;
    else if (depth === 1 && text === ',') isName = true;
    else if (depth === 1 && isName && said !== undefined) comment = said;
    else if (depth === 1 && isName && !text.startsWith('/')) {
      fields.set(quoted ?? text, plainText(comment));
      isName = false;
      comment = undefined;
    }
    if (depth === 0) break;
  }
  return fields;
}

/** A comment as prose: lines are joined, but for empty ones, which part paragraphs, and those of a list. */
function plainText(comment: string | undefined): string {
  const lines = (comment ?? '').split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trim());
  let text = '';
  for (const line of lines) {
    if (line === '') text = text === '' || text.endsWith('\n\n') ? text : `${text}\n\n`;
    else if (text === '' || text.endsWith('\n')) text += line;
    else text += line.startsWith('- ') ? `\n${line}` : ` ${line}`;
  }
  return text.trim();
}
