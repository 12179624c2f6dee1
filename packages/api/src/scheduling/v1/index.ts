export { PriorityClass, priorityclasses } from './priority-class.ts';
