export { Endpoint, EndpointConditions, EndpointHints, EndpointPort, EndpointSlice, endpointslices, ForNode, ForZone } from './endpoint-slice.ts';
