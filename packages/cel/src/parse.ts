/** Parses the text of an expression. Rules: the language definition of CEL; limits, messages and their order are upstream's. */
import { ExpectedWords } from './expected-words.ts';
import type { Issue, Parsed } from './expression.ts';
import { ExpressionMaker } from './expression-maker.ts';
import { buildGrammarGraph } from './grammar-graph.ts';
import { TokenStream } from './lexer.ts';
import type { MacroTable } from './macros.ts';
import { ParsingStopped } from './parsing-stopped.ts';
import { Predictions } from './prediction.ts';
import { Recognizer, type Language } from './recognizer.ts';
import { Source } from './source.ts';
import { TreeReader } from './tree-to-expression.ts';

/** How long a text may be, in code points. */
const maximumLength = 100_000;
/** How many errors in its syntax a text may have. */
const maximumSyntaxErrors = 100;

/** Words that are misused as names are reported as such, whatever the parser was looking for. */
const misusedKeyword = /no viable alternative at input '[^\n](true|false|null)'/gu;

/** The grammar, made ready when the first text is parsed. It says the same however often it was used: what it keeps are only shorter ways. */
function languageOnce(): () => Language {
  let language: Language | undefined;
  return () => {
    if (language !== undefined) return language;
    const graph = buildGrammarGraph();
    language = { graph, expected: new ExpectedWords(graph), predictions: new Predictions(graph) };
    return language;
  };
}

const language = languageOnce();

class Issues {
  readonly all: Issue[] = [];
  #syntaxErrors = 0;

  report(offset: number | undefined, message: string): void {
    this.all.push(offset === undefined ? { message } : { offset, message });
  }

  reportSyntax(offset: number, message: string): void {
    if (this.#syntaxErrors === maximumSyntaxErrors) {
      this.report(offset, `Syntax error: More than ${String(maximumSyntaxErrors)} syntax errors`);
      throw new ParsingStopped(undefined);
    }
    this.#syntaxErrors++;
    this.report(offset, `Syntax error: ${message.replaceAll(misusedKeyword, "mismatched input '$1' expecting IDENTIFIER")}`);
  }
}

/** The expression that a text is, macros expanded; or all that is wrong with it, in the order in which it was found. */
export function parse(text: string, options: { readonly macros: MacroTable }): Parsed {
  const issues = new Issues();
  const source = new Source(text);
  if (source.length > maximumLength) {
    issues.report(undefined, `expression code point size exceeds limit: size: ${String(source.length)}, limit ${String(maximumLength)}`);
    return { issues: issues.all };
  }
  try {
    const onSyntaxError = (offset: number, message: string): void => issues.reportSyntax(offset, message);
    const tree = new Recognizer(language(), new TokenStream(source, onSyntaxError), onSyntaxError).parse();
    const reader = new TreeReader(new ExpressionMaker(), options.macros, (offset, message) => issues.report(offset, message));
    const expression = reader.read(tree.node('expr'));
    return issues.all.length === 0 ? { expression } : { issues: issues.all };
  } catch (error) {
    if (!(error instanceof ParsingStopped)) throw error;
    if (error.issue !== undefined) issues.report(undefined, error.issue);
    return { issues: issues.all };
  }
}
