/** A double as Go prints it by `%g` and `%v`: with an exponent below 1e-4 and from 1e6, so that 1000000 is `1e+06`. */
export function doubleText(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const [digits = '', exponentText = ''] = number.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(number);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
