/** How many objects one body may hold. No honest one has as many, and checking millions of empty ones would take minutes. */
export const objectLimit = 100_000;
