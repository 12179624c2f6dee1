/**
 * The rules of the language's grammar, as a table (the language definition of CEL, "Syntax"). Rules that start with
 * themselves are written as what they start with, and what may follow it, with the precedence of each.
 *
 * Upstream's messages come from a generated parser, so its division into rules and alternatives is kept: which rule an
 * error ends decides what is left out, and which decision looks further ahead than one word decides what is said.
 */

export type RuleName =
  | 'start' | 'expr' | 'conditionalOr' | 'conditionalAnd' | 'relation' | 'calc' | 'unary' | 'member' | 'primary' | 'exprList' | 'listInit' | 'fieldInitializerList' | 'optField'
  | 'mapInitializerList' | 'escapeIdent' | 'optExpr' | 'literal';

/** What a part of a node is called; several parts may have one name. */
export type PartName =
  | 'operator' | 'operators' | 'first' | 'rest' | 'then' | 'otherwise' | 'left' | 'right' | 'operand' | 'member' | 'name' | 'names' | 'optional' | 'open' | 'args' | 'index' | 'leadingDot' | 'inner' | 'entries'
  | 'items' | 'keys' | 'values' | 'colons' | 'fields' | 'expr' | 'literal' | 'sign' | 'word' | 'primary';

export type Piece =
  | { readonly piece: 'word'; readonly words: readonly string[]; readonly part: PartName | undefined }
  | { readonly piece: 'rule'; readonly rule: RuleName; readonly part: PartName | undefined; readonly precedence: number }
  | { readonly piece: 'optional' | 'star' | 'plus'; readonly looksAhead: boolean; readonly body: readonly Piece[] };

export interface Alternative { readonly name: string; readonly pieces: readonly Piece[]; readonly precedence?: number }

export interface Rule {
  /** The name of its nodes where no alternative names them. */
  readonly nodeName: string;
  readonly alternatives: readonly Alternative[];
  /** Whether choosing an alternative may take more than one word. */
  readonly looksAhead?: boolean;
  /** What may follow a node of this rule, making a larger one of it. */
  readonly growth?: readonly Alternative[];
}

/** One of these words. */
const word = (words: string, part?: PartName): Piece => ({ piece: 'word', words: words.split(' '), part });
const rule = (name: RuleName, part?: PartName, precedence = 0): Piece => ({ piece: 'rule', rule: name, part, precedence });
const optional = (...body: Piece[]): Piece => ({ piece: 'optional', looksAhead: false, body });
const star = (...body: Piece[]): Piece => ({ piece: 'star', looksAhead: false, body });
const starLookingAhead = (...body: Piece[]): Piece => ({ piece: 'star', looksAhead: true, body });
const plus = (...body: Piece[]): Piece => ({ piece: 'plus', looksAhead: false, body });
const plusLookingAhead = (...body: Piece[]): Piece => ({ piece: 'plus', looksAhead: true, body });
const alternative = (name: string, ...pieces: Piece[]): Alternative => ({ name, pieces });
const growth = (name: string, precedence: number, ...pieces: Piece[]): Alternative => ({ name, precedence, pieces });

const only = (nodeName: RuleName, ...pieces: Piece[]): Rule => ({ nodeName, alternatives: [alternative(nodeName, ...pieces)] });

export const rules: { readonly [name in RuleName]: Rule } = {
  start: only('start', rule('expr', 'expr'), word('<EOF>')),
  expr: only('expr', rule('conditionalOr', 'first'), optional(word('?', 'operator'), rule('conditionalOr', 'then'), word(':'), rule('expr', 'otherwise'))),
  conditionalOr: only('conditionalOr', rule('conditionalAnd', 'first'), star(word('||', 'operators'), rule('conditionalAnd', 'rest'))),
  conditionalAnd: only('conditionalAnd', rule('relation', 'first'), star(word('&&', 'operators'), rule('relation', 'rest'))),
  relation: {
    ...only('relation', rule('calc', 'operand')),
    growth: [growth('relation', 1, word('== != in < <= >= >', 'operator'), rule('relation', 'right', 2))],
  },
  calc: {
    ...only('calc', rule('unary', 'operand')),
    growth: [growth('calc', 2, word('* / %', 'operator'), rule('calc', 'right', 3)), growth('calc', 1, word('- +', 'operator'), rule('calc', 'right', 2))],
  },
  unary: {
    nodeName: 'unary',
    looksAhead: true,
    alternatives: [
      alternative('MemberExpr', rule('member', 'member')),
      alternative('LogicalNot', plus(word('!', 'operators')), rule('member', 'member')),
      alternative('Negate', plusLookingAhead(word('-', 'operators')), rule('member', 'member')),
    ],
  },
  member: {
    nodeName: 'PrimaryExpr',
    alternatives: [alternative('PrimaryExpr', rule('primary', 'primary'))],
    growth: [
      growth('Select', 3, word('.', 'operator'), optional(word('?', 'optional')), rule('escapeIdent', 'name')),
      growth('MemberCall', 2, word('.', 'operator'), word('IDENTIFIER', 'name'), word('(', 'open'), optional(rule('exprList', 'args')), word(')')),
      growth('Index', 1, word('[', 'operator'), optional(word('?', 'optional')), rule('expr', 'index'), word(']')),
    ],
  },
  primary: {
    nodeName: 'primary',
    looksAhead: true,
    alternatives: [
      alternative('Ident', optional(word('.', 'leadingDot')), word('IDENTIFIER', 'name')),
      alternative('GlobalCall', optional(word('.', 'leadingDot')), word('IDENTIFIER', 'name'), word('(', 'open'), optional(rule('exprList', 'args')), word(')')),
      alternative('Nested', word('('), rule('expr', 'inner'), word(')')),
      alternative('CreateList', word('[', 'open'), optional(rule('listInit', 'items')), optional(word(',')), word(']')),
      alternative('CreateStruct', word('{', 'open'), optional(rule('mapInitializerList', 'entries')), optional(word(',')), word('}')),
      alternative(
        'CreateMessage',
        optional(word('.', 'leadingDot')), word('IDENTIFIER', 'names'), star(word('.'), word('IDENTIFIER', 'names')),
        word('{', 'open'), optional(rule('fieldInitializerList', 'entries')), optional(word(',')), word('}'),
      ),
      alternative('ConstantLiteral', rule('literal', 'literal')),
    ],
  },
  exprList: only('exprList', rule('expr', 'items'), star(word(','), rule('expr', 'items'))),
  listInit: only('listInit', rule('optExpr', 'items'), starLookingAhead(word(','), rule('optExpr', 'items'))),
  fieldInitializerList: only(
    'fieldInitializerList',
    rule('optField', 'fields'), word(':', 'colons'), rule('expr', 'values'), starLookingAhead(word(','), rule('optField', 'fields'), word(':', 'colons'), rule('expr', 'values')),
  ),
  optField: only('optField', optional(word('?', 'optional')), rule('escapeIdent', 'name')),
  mapInitializerList: only(
    'mapInitializerList',
    rule('optExpr', 'keys'), word(':', 'colons'), rule('expr', 'values'), starLookingAhead(word(','), rule('optExpr', 'keys'), word(':', 'colons'), rule('expr', 'values')),
  ),
  escapeIdent: {
    nodeName: 'escapeIdent',
    alternatives: [alternative('SimpleIdentifier', word('IDENTIFIER', 'name')), alternative('EscapedIdentifier', word('ESC_IDENTIFIER', 'name'))],
  },
  optExpr: only('optExpr', optional(word('?', 'optional')), rule('expr', 'expr')),
  literal: {
    nodeName: 'literal',
    looksAhead: true,
    alternatives: [
      alternative('Int', optional(word('-', 'sign')), word('NUM_INT', 'word')),
      alternative('Uint', word('NUM_UINT', 'word')),
      alternative('Double', optional(word('-', 'sign')), word('NUM_FLOAT', 'word')),
      alternative('String', word('STRING', 'word')),
      alternative('Bytes', word('BYTES', 'word')),
      alternative('BoolTrue', word('true', 'word')),
      alternative('BoolFalse', word('false', 'word')),
      alternative('Null', word('null', 'word')),
    ],
  },
};
