/** Shows what is wrong with a text, with the lines it is about and a mark below each place. The form is upstream's. */
import type { Issue } from './expression.ts';
import { Source, type Location } from './source.ts';

/** How many issues are shown, and how long (in bytes of UTF-8) the line may be that is shown with one. */
const maximumShown = 100;
const maximumLine = 16_384;

/** The issues of a text, by place; of more than a hundred the first hundred reported. */
export function formatIssues(text: string, issues: readonly Issue[]): string {
  const source = new Source(text);
  const placed = issues.slice(0, maximumShown).map(({ offset, message }) => ({ location: offset === undefined ? { line: -1, column: -1 } : source.locate(offset), message }));
  const shown = placed.toSorted((a, b) => a.location.line - b.location.line || a.location.column - b.location.column).map((issue) => formatIssue(source, issue));
  const cut = issues.length - maximumShown;
  return (cut > 0 ? [...shown, `${String(cut)} more errors were truncated`] : shown).join('\n');
}

function formatIssue(source: Source, { location, message }: { readonly location: Location; readonly message: string }): string {
  const head = `ERROR: <input>:${String(location.line)}:${String(location.column + 1)}: ${message}`;
  const line = source.line(location.line);
  if (line === undefined || new TextEncoder().encode(line).length > maximumLine) return head;
  const characters = Array.from(line, (character) => (character > '\u007F' ? ['．', '＾'] : ['.', '^']));
  const before = characters.slice(0, Math.max(0, location.column)).map(([dot]) => dot).join('');
  const mark = characters[Math.max(0, location.column)]?.[1] ?? '^';
  return `${head}\n | ${line.replaceAll('\t', ' ')}\n | ${before}${mark}`;
}
