export { APIService, APIServiceCondition, apiservices, APIServiceSpec, APIServiceStatus, ServiceReference } from './api-service.ts';
