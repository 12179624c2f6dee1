/** JavaScript without what only people read. V8 keeps the text of all that it runs, and of ours two fifths are comments and blanks. */

const gap = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const word = /[\w$]+/y;
const quoted = /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y;
/** To the end of a template, or to its next expression. */
const templatePiece = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** After these a slash begins a regular expression; after any other word, a closing bracket or a literal it divides. */
const beforeExpression: ReadonlySet<string> = new Set(['return', 'typeof', 'case', 'in', 'of', 'do', 'else', 'void', 'delete', 'throw', 'new', 'instanceof', 'await', 'yield', ...'(,=:[!&|?{};+-*%<>~^']);

/** One character beyond Latin would make V8 keep the whole file with two bytes a character. */
export const asciiText = (text: string): string => text.replaceAll(/[\u0080-\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Lines stay lines, so that an error's place is still that of the source. */
export function leanText(text: string): string {
  const lean: string[] = [];
  /** Of each open brace, whether it is of a template's expression: the template goes on after it. */
  const braces: boolean[] = [];
  let before = ';';
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const keep = (piece: string, token: string): void => {
    lean.push(piece);
    before = token;
    at += piece.length;
  };
  const keepTemplate = (): void => {
    const piece = match(templatePiece) ?? text.slice(at);
    const hasExpression = piece.endsWith('${');
    if (hasExpression) braces.push(true);
    keep(piece, hasExpression ? '{' : '`');
  };
  while (at < text.length) {
    const skipped = match(gap);
    if (skipped !== undefined) {
      at += skipped.length;
      lean.push('\n'.repeat(skipped.split('\n').length - 1) || ' ');
      continue;
    }
    const character = text[at] ?? '';
    const name = match(word);
    if (name !== undefined) keep(name, name);
    else if (character === '\'' || character === '"') keep(match(quoted) ?? character, '"');
    else if (character === '/' && beforeExpression.has(before)) keep(match(regularExpression) ?? character, '"');
    else {
      keep(character, character);
      if (character === '{') braces.push(false);
      if (character === '`' || (character === '}' && braces.pop() === true)) keepTemplate();
    }
  }
  return lean.join('');
}
