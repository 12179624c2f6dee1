export { busyboxArchive } from './images/busybox.ts';
