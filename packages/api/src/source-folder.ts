/** Where the declarations of the kinds lie, as TypeScript or as plain JavaScript: the comments in them are the descriptions of the API. */
export const sourceFolder = new URL('./', import.meta.url);
