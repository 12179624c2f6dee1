/** Regular expressions: RE2's, as Go writes and refuses them. */
import { RE2JS, RE2JSSyntaxException } from 're2js';

/** Why a pattern is none, in Go's words; undefined of good ones. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    if (error.message.includes('duplicate capture group name')) {
      const plain = withoutNames(pattern);
      return patternProblem(plain)?.replace(`\`${plain}\``, () => `\`${pattern}\``);
    }
    return error.message.endsWith('trailing backslash at end of expression') ? `${error.message}: \`\`` : error.message;
  }
}

/** Kubernetes: groups may have the same name twice (Go does not look). */
const withoutNames = (pattern: string): string => pattern.replaceAll(/\(\?P?<\w+>/g, '(');

/** Whether a part of the text matches a good pattern. */
export const matchesPattern = (pattern: string, text: string): boolean => RE2JS.compile(pattern).matcher(text).find();
