/** The language of expressions in policies, conditions, selectors and schemas. Most servers never see one: kinds whose rules get at it by `cel.value` name it in their `needs`. */
import { Deferred } from '@kaji/base';

export const cel = new Deferred(async () => import('@kaji/cel'));

export type ExpressionLanguage = typeof cel.value;
