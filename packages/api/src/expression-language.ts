/** The language of expressions in policies, conditions, selectors and schemas. Most servers never see one: rules get at it by `cel.value`. */
import { Deferred } from '@kaji/base';

export const cel = new Deferred(async () => import('@kaji/cel'));

export type ExpressionLanguage = typeof cel.value;
