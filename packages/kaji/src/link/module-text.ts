/**
 * A module of this project as the body of a function, so that many lie in one file. Lines stay where they are. It relies on
 * how the project is written: imports and exports begin their line, exports are named and never assigned again, and modules
 * do not import each other in circles.
 */

import { asciiText, leanText } from './lean-text.ts';

export interface ModuleText {
  /** The body of `($load, $library, $meta, $start) => { ... }`, which returns what the module exports. */
  readonly body: string;
  /** What it imports at its start, as it is written. */
  readonly imports: readonly string[];
  /** What it imports when it comes to it. */
  readonly laterImports: readonly string[];
  /** Files that it asks the place of, to start threads with. */
  readonly threads: readonly string[];
}

const importPattern = /import\s+(?:([\w$]+)\s*(?:,\s*)?)?(?:\*\s*as\s+([\w$]+)\s*|\{([^}]*)\}\s*)?from\s*'([^']+)';?/y;
const exportFromPattern = /export\s*(?:(\*)|\{([^}]*)\})\s*from\s*'([^']+)';?/y;
const exportListPattern = /export\s*\{([^}]*)\};?/y;
const exportNamePattern = /export\s+(?=(?:async\s+)?(?:function\s*\*?|class|const)\s+([\w$]+))/y;
const exportManyPattern = /export\s+(?=const\s+\{([^}]*)\}\s*=)/y;

/** @param text JavaScript: without its types. @param isOwn whether a specifier is a module of this project. */
export function moduleText(text: string, isOwn: (specifier: string) => boolean): ModuleText {
  const imports: string[] = [];
  const exported: string[] = [];
  let body = '';
  let done = 0;
  for (const { index } of text.matchAll(/^(?:import|export)\b(?!\s*\()/gm)) {
    if (text.startsWith('import.', index)) continue;
    const { length, replacement } = statement(text, index, { imports, exported, isOwn });
    const original = text.slice(index, index + length);
    body += text.slice(done, index) + replacement + '\n'.repeat(original.split('\n').length - 1);
    done = index + length;
  }
  body += text.slice(done);
  const laterImports: string[] = [];
  const threads: string[] = [];
  body = body.replaceAll(/\bimport\(\s*'([^']+)'\s*\)/g, (_, specifier: string) => {
    laterImports.push(specifier);
    return `$start('${specifier}')`;
  });
  for (const [, specifier = ''] of body.matchAll(/\bimport\.meta\.resolve\('([^']+)'\)/g)) threads.push(specifier);
  return { body: asciiText(leanText(`${body.replaceAll(/\bimport\.meta\b/g, '$$meta')}\nreturn { ${exported.join(', ')} };`)), imports, laterImports, threads };
}

interface Found {
  readonly imports: string[];
  readonly exported: string[];
  readonly isOwn: (specifier: string) => boolean;
}

function statement(text: string, index: number, { imports, exported, isOwn }: Found): { readonly length: number; readonly replacement: string } {
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = index;
    return pattern.exec(text);
  };
  const loaded = (specifier: string): string => {
    imports.push(specifier);
    return `${isOwn(specifier) ? '$load' : '$library'}('${specifier}')`;
  };
  const imported = take(importPattern);
  if (imported !== null) {
    const [{ length }, whole, namespace, list, specifier = ''] = imported;
    const names = namesOf(list);
    const targets = [whole, namespace, names.length === 0 ? undefined : `{ ${names.map(([from, to]) => (from === to ? from : `${from}: ${to}`)).join(', ')} }`].filter((target) => target !== undefined);
    // Of a list of types nothing is left.
    const replacement = targets.map((target) => `const ${target} = ${loaded(specifier)};`).join(' ');
    return { length, replacement };
  }
  const passedOn = take(exportFromPattern);
  if (passedOn !== null) {
    const [{ length }, all, list, specifier = ''] = passedOn;
    const names = namesOf(list);
    if (all === undefined && names.length === 0) return { length, replacement: '' };
    const source = `$from${exported.length}`;
    exported.push(...(all === undefined ? names.map(([from, to]) => `${to}: ${source}.${from}`) : [`...${source}`]));
    return { length, replacement: `const ${source} = ${loaded(specifier)};` };
  }
  const listed = take(exportListPattern);
  if (listed !== null) {
    exported.push(...namesOf(listed[1]).map(([from, to]) => `${to}: ${from}`));
    return { length: listed[0].length, replacement: '' };
  }
  const named = take(exportNamePattern) ?? take(exportManyPattern);
  if (named === null) throw new Error(`an import or export of a form that is not known: ${text.slice(index, index + 80)}`);
  exported.push(...namesOf(named[1]).map(([, to]) => to));
  return { length: named[0].length, replacement: '' };
}

/** `a, b as c` and `a, b: c`, each with the name it comes by and the one it goes by. */
function namesOf(list = ''): readonly (readonly [string, string])[] {
  return list.split(',').map((each) => each.trim()).filter((each) => each !== '').map((each) => {
    const [from = '', to = from] = each.split(/\s+as\s+|\s*:\s*/);
    return [from, to] as const;
  });
}
