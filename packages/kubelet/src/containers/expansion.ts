/** `$(NAME)` in commands, arguments and values of variables. */

/** `$$` is a dollar sign, `$(NAME)` the value; what has no value stays as it is written. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  let result = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character !== '$' || index + 1 === text.length) {
      result += character;
      continue;
    }
    const next = text.charAt(index + 1);
    if (next === '$') {
      result += '$';
      index++;
    } else if (next === '(') {
      const end = text.indexOf(')', index + 2);
      if (end < 0) {
        result += '$(';
        index++;
      } else {
        const name = text.slice(index + 2, end);
        result += lookup(name) ?? `$(${name})`;
        index = end;
      }
    } else {
      result += `$${next}`;
      index++;
    }
  }
  return result;
}
