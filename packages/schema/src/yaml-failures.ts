/** What upstream's YAML parser says of a document that ours cannot read. It counts lines in two ways, and leaves the first one out. */
import type { LineCounter, YAMLParseError } from 'yaml';

/** What it refuses before it parses. */
// oxlint-disable-next-line no-control-regex
const forbiddenCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/u;

export function earlyProblem(text: string): string | undefined {
  if (forbiddenCharacter.test(text)) return 'yaml: control characters are not allowed';
  const first = startOf(text);
  if (text[first] !== '\t') return undefined;
  // Before anything else stands in a document a tab is no space.
  const line = text.slice(0, first).split('\n').length;
  return `yaml: ${line === 1 ? '' : `line ${line}: `}${cannotStart}`;
}

/** Where something stands that is neither space nor comment. */
function startOf(text: string): number {
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (!' \r\n'.includes(character)) break;
    else at++;
  }
  return at;
}

/** Undefined where upstream would not look: after the end of a document that ends by itself. */
export function failureText(errors: readonly YAMLParseError[], text: string, lines: LineCounter): string | undefined {
  const [first, second] = errors;
  if (first === undefined) return undefined;
  const { code, message, pos: [offset] } = first;
  const line = (at: number): number => (at >= text.trimEnd().length && at > 0 ? lineCount(text) : lines.linePos(at).line - 1);
  const scanned = (what: string, at = lines.linePos(offset).line - 1): string => `yaml: ${at === 0 ? '' : `line ${at + 1}: `}${what}`;
  const parsed = (what: string, at = line(offset)): string => `yaml: ${at === 0 ? '' : `line ${at}: `}${what}`;
  const noKey = parsed('did not find expected key', lines.linePos(offset).line - 1);
  if (isBesideQuoted(first, second, text)) return noKey;
  if (code === 'MULTILINE_IMPLICIT_KEY' && second?.message.startsWith('Unexpected block-seq-ind') === true) return noKey;
  switch (code) {
    case 'TAB_AS_INDENT': return scanned(/[^\s:][ \t]*\n[ \t]*$/.test(text.slice(0, offset)) ? 'found a tab character that violates indentation' : cannotStart);
    case 'BAD_SCALAR_START': return /(?:^|\n),$/.test(text.slice(0, offset + 1)) ? noKey : scanned(cannotStart);
    case 'BLOCK_AS_IMPLICIT_KEY': case 'MULTILINE_IMPLICIT_KEY': return scanned('mapping values are not allowed in this context', lines.linePos(offset + Math.max(0, text.slice(offset).search(/:(?:\s|$)/))).line - 1);
    case 'BAD_DQ_ESCAPE': return scanned(/sequence \\[xuU]/.test(message) ? 'did not find expected hexdecimal number' : 'found unknown escape character');
    case 'BAD_ALIAS': return scanned('did not find expected alphabetic or numeric character');
    case 'MISSING_CHAR': case 'BAD_INDENT': case 'BLOCK_IN_FLOW': case 'UNEXPECTED_TOKEN': break;
    default: return parsed(message, lines.linePos(offset).line);
  }
  if (message.startsWith('Missing closing')) return scanned('found unexpected end of stream');
  if (message.startsWith('Implicit map keys')) return scanned("could not find expected ':'", lines.linePos(offset).line);
  if (message.startsWith('Unexpected block-seq-ind')) return scanned('block sequence entries are not allowed in this context');
  if (message.startsWith('Block scalar lines')) return scanned('found a tab character where an indentation space is expected', lineCount(text) - 1);
  if (message.startsWith('Flow ')) {
    const closing = message.startsWith('Flow map') ? '}' : ']';
    return parsed(/[{[,:]\s*$/.test(text.slice(0, offset)) ? 'did not find expected node content' : `did not find expected ',' or '${closing}'`);
  }
  if (/^(?:Sequence item without|All sequence items)/.test(message)) return parsed(noItem);
  if (message.startsWith('All mapping items')) return parsed('did not find expected key', startOfMapping(text, offset) || lines.linePos(offset).line - 1);
  if (message.startsWith('Unexpected scalar')) return /^\s*[{["']/.test(text) ? undefined : parsed(/^\s*-\s/.test(text) ? noItem : 'did not find expected key', lines.linePos(offset).line - 1);
  if (/in YAML stream/.test(message) && /^\s*[{[]/.test(text)) return undefined;
  if (/^Unexpected flow-(?:map|seq)-end/.test(message) && !/^\s*-\s/.test(text)) return parsed('did not find expected key');
  return parsed('did not find expected node content');
}

/** Whether something else than a colon and a space stands beside a text in quotes. */
function isBesideQuoted({ code, message, pos: [offset] }: YAMLParseError, second: YAMLParseError | undefined, text: string): boolean {
  if (!/^["']/.test(text.slice(offset, offset + 1))) return false;
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return second?.message.startsWith('Unexpected scalar') === true;
  return message.startsWith('Implicit map keys') && /^(?:"[^"\n]*"|'[^'\n]*')[ \t]*[^\s#]/.test(text.slice(offset));
}

const cannotStart = 'found character that cannot start any token';
const noItem = "did not find expected '-' indicator";

/** As if the last line were ended. */
const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** The first line, counted from zero, of the mapping that what stands at the offset should have belonged to. */
function startOfMapping(text: string, offset: number): number {
  const before = text.slice(0, offset).split('\n');
  const indentOf = (line: string): number => (/^\s*(?:#.*)?$/.test(line) ? Number.POSITIVE_INFINITY : line.length - line.trimStart().length);
  const own = before.at(-1)?.length ?? 0;
  let start = -1;
  let indent = own;
  for (let index = before.length - 2; index >= 0; index--) {
    const here = indentOf(before[index] ?? '');
    if (start < 0 ? here < own : here === indent) [start, indent] = [index, here];
    else if (start >= 0 && here < indent) break;
  }
  return Math.max(0, start);
}
