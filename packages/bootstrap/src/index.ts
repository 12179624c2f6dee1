export { clusterNames, type ClusterSettings, findLayout, isClusterName, readSettings, writeSettings } from './settings.ts';
