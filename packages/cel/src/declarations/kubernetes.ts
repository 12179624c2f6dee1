/** The functions that Kubernetes adds to the language. */
import type { Library } from './library.ts';

/** URLs. */
export const urls: Library = { since: 0, functions: `
  getEscapedPath: url_get_escaped_path URL.() string
  getHost: url_get_host URL.() string
  getHostname: url_get_hostname URL.() string
  getPort: url_get_port URL.() string
  getQuery: url_get_query URL.() map(string, list(string))
  getScheme: url_get_scheme URL.() string
  isURL: is_url_string (string) bool
  url: string_to_url (string) URL
` };

/** Patterns. */
export const regex: Library = { since: 0, functions: `
  find: string_find_string string.(string) string
  findAll: string_find_all_string string.(string) list(string); string_find_all_string_int string.(string, int) list(string)
` };

/** Lists. */
export const lists: Library = { since: 0, functions: `
  indexOf: list_a_index_of_int list(A).(A) int
  isSorted: list_int_is_sorted_bool list(int).() bool; list_uint_is_sorted_bool list(uint).() bool; list_double_is_sorted_bool list(double).() bool; list_bool_is_sorted_bool list(bool).() bool; list_duration_is_sorted_bool list(duration).() bool; list_timestamp_is_sorted_bool list(timestamp).() bool; list_string_is_sorted_bool list(string).() bool; list_bytes_is_sorted_bool list(bytes).() bool
  lastIndexOf: list_a_last_index_of_int list(A).(A) int
  max: list_int_max_int list(int).() int; list_uint_max_uint list(uint).() uint; list_double_max_double list(double).() double; list_bool_max_bool list(bool).() bool; list_duration_max_duration list(duration).() duration; list_timestamp_max_timestamp list(timestamp).() timestamp; list_string_max_string list(string).() string; list_bytes_max_bytes list(bytes).() bytes
  min: list_int_min_int list(int).() int; list_uint_min_uint list(uint).() uint; list_double_min_double list(double).() double; list_bool_min_bool list(bool).() bool; list_duration_min_duration list(duration).() duration; list_timestamp_min_timestamp list(timestamp).() timestamp; list_string_min_string list(string).() string; list_bytes_min_bytes list(bytes).() bytes
  sum: list_int_sum_int list(int).() int; list_uint_sum_uint list(uint).() uint; list_double_sum_double list(double).() double; list_duration_sum_duration list(duration).() duration
` };

/** Questions to the authorizer. */
export const authorization: Library = { since: 27, functions: `
  allowed: decision_allowed authorization.Decision.() bool
  check: pathcheck_check authorization.PathCheck.(string) authorization.Decision; resourcecheck_check authorization.ResourceCheck.(string) authorization.Decision
  error: decision_error authorization.Decision.() string
  errored: decision_errored authorization.Decision.() bool
  group: authorizer_group authorization.Authorizer.(string) authorization.GroupCheck
  name: resourcecheck_name authorization.ResourceCheck.(string) authorization.ResourceCheck
  namespace: resourcecheck_namespace authorization.ResourceCheck.(string) authorization.ResourceCheck
  path: authorizer_path authorization.Authorizer.(string) authorization.PathCheck
  reason: decision_reason authorization.Decision.() string
  resource: groupcheck_resource authorization.GroupCheck.(string) authorization.ResourceCheck
  serviceAccount: authorizer_serviceaccount authorization.Authorizer.(string, string) authorization.Authorizer
  subresource: resourcecheck_subresource authorization.ResourceCheck.(string) authorization.ResourceCheck
` };

/** Quantities of resources. */
export const quantities: Library = { since: 28, functions: `
  add: quantity_add Quantity.(Quantity) Quantity; quantity_add_int Quantity.(int) Quantity
  asApproximateFloat: quantity_get_float Quantity.() double
  asInteger: quantity_get_int Quantity.() int
  compareTo: quantity_compare_to Quantity.(Quantity) int
  isGreaterThan: quantity_is_greater_than Quantity.(Quantity) bool
  isInteger: quantity_is_integer Quantity.() bool
  isLessThan: quantity_is_less_than Quantity.(Quantity) bool
  isQuantity: is_quantity_string (string) bool
  quantity: string_to_quantity (string) Quantity
  sign: quantity_sign (Quantity) int
  sub: quantity_sub Quantity.(Quantity) Quantity; quantity_sub_int Quantity.(int) Quantity
` };

/** IP addresses. */
export const addresses: Library = { since: 30, functions: `
  family: ip_family net.IP.() int
  ip: string_to_ip (string) net.IP
  ip.isCanonical: ip_is_canonical (string) bool
  isGlobalUnicast: ip_is_global_unicast net.IP.() bool
  isIP: is_ip (string) bool
  isLinkLocalMulticast: ip_is_link_local_multicast net.IP.() bool
  isLinkLocalUnicast: ip_is_link_local_unicast net.IP.() bool
  isLoopback: ip_is_loopback net.IP.() bool
  isUnspecified: ip_is_unspecified net.IP.() bool
  string: ip_to_string (net.IP) string
` };

/** IP networks. */
export const networks: Library = { since: 30, functions: `
  cidr: string_to_cidr (string) net.CIDR
  containsCIDR: cidr_contains_cidr_string net.CIDR.(string) bool; cidr_contains_cidr net.CIDR.(net.CIDR) bool
  containsIP: cidr_contains_ip_string net.CIDR.(string) bool; cidr_contains_ip_ip net.CIDR.(net.IP) bool
  ip: cidr_ip net.CIDR.() net.IP
  isCIDR: is_cidr (string) bool
  masked: cidr_masked net.CIDR.() net.CIDR
  prefixLength: cidr_prefix_length net.CIDR.() int
  string: cidr_to_string (net.CIDR) string
` };

/** Formats by name. */
export const formats: Library = { since: 31, functions: `
  format.byte: format.byte () NamedFormat
  format.date: format.date () NamedFormat
  format.datetime: format.datetime () NamedFormat
  format.dns1035Label: format.dns1035Label () NamedFormat
  format.dns1035LabelPrefix: format.dns1035LabelPrefix () NamedFormat
  format.dns1123Label: format.dns1123Label () NamedFormat
  format.dns1123LabelPrefix: format.dns1123LabelPrefix () NamedFormat
  format.dns1123Subdomain: format.dns1123Subdomain () NamedFormat
  format.dns1123SubdomainPrefix: format.dns1123SubdomainPrefix () NamedFormat
  format.labelValue: format.labelValue () NamedFormat
  format.named: format-named (string) optional(NamedFormat)
  format.qualifiedName: format.qualifiedName () NamedFormat
  format.uri: format.uri () NamedFormat
  format.uuid: format.uuid () NamedFormat
  validate: format-validate NamedFormat.(string) optional(list(string))
` };

/** Selectors in questions to the authorizer. */
export const authorizationSelectors: Library = { since: 31, functions: `
  fieldSelector: authorizer_fieldselector authorization.ResourceCheck.(string) authorization.ResourceCheck
  labelSelector: authorizer_labelselector authorization.ResourceCheck.(string) authorization.ResourceCheck
` };

/** Semantic versions. */
export const versions: Library = { since: 33, functions: `
  compareTo: semver_compare_to Semver.(Semver) int
  isGreaterThan: semver_is_greater_than Semver.(Semver) bool
  isLessThan: semver_is_less_than Semver.(Semver) bool
  isSemver: is_semver_string (string) bool; is_semver_string_bool (string, bool) bool
  major: semver_major Semver.() int
  minor: semver_minor Semver.() int
  patch: semver_patch Semver.() int
  semver: string_to_semver (string) Semver; string_bool_to_semver (string, bool) Semver
` };

/** What mutations by JSON patch may call. */
export const jsonPatches: Library = { since: 0, functions: `
  jsonpatch.escapeKey: string_jsonpatch_escapeKey_string (string) string
` };
