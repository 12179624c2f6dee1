/**
 * Makes things one, two, four ... at once, so that a template that nobody admits fails once and not five hundred times.
 * Gives the first failure; what comes after it is not tried. Kubernetes: as its controllers do.
 */
export async function slowStart<E>(count: number, make: (position: number) => Promise<E | undefined>): Promise<{ readonly made: number; readonly failure: E | undefined }> {
  let made = 0;
  for (let batch = 1; made < count; batch *= 2) {
    const size = Math.min(batch, count - made);
    const results = await Promise.all(Array.from({ length: size }, (_, offset) => make(made + offset)));
    const failures = results.filter((result) => result !== undefined);
    made += size - failures.length;
    if (failures.length > 0) return { made, failure: failures[0] };
  }
  return { made, failure: undefined };
}
