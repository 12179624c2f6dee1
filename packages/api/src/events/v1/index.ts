export { Event, events, EventSeries } from './event.ts';
