/** What clients of each generation send: the members of their requests as they write them, `null` or left out. */
import type { JsonValue } from '../../src/wire/json.ts'

export interface ClientGeneration {
  readonly name: string
  /** Body of the request for an instance with an NNS and an application subnet. */
  readonly config: JsonValue
  /** Body of the request for a round. */
  readonly tick: JsonValue
  /** Whom a creation names that leaves the subnet to the server. */
  readonly anySubnet: JsonValue
  /** Whether outcomes of calls are asked for after each round, or awaited. */
  readonly polls: boolean
  /** Body of the request that ends progress by itself. */
  readonly stop: JsonValue
  /** Of a gateway, besides what it forwards to. */
  readonly gateway: { readonly [name: string]: JsonValue }
  /** Members of a call, besides those of all. */
  readonly call?: { readonly [name: string]: JsonValue }
}

const plainSpec = { state_config: 'New', instruction_config: 'Production' }
const timedSpec = { ...plainSpec, dts_flag: 'Enabled' }
const pricedSpec = { ...plainSpec, subnet_admins: null, cost_schedule: 'Normal' }

const subnetsOf = (spec: JsonValue) => ({
  nns: spec,
  sns: null,
  ii: null,
  fiduciary: null,
  bitcoin: null,
  system: [],
  application: [spec],
  verified_application: [],
})
const withoutState = { state_dir: null, log_level: null, bitcoind_addr: null }
const since10 = { http_gateway_config: null, ...withoutState, icp_features: null, incomplete_state: null, initial_time: null }
const since11 = { ...since10, dogecoind_addr: null }
const noFlags = { beta_features: null, canister_backtrace: null, function_name_length_limits: null, canister_execution_rate_limiting: null }
const plainGateway = { ip_addr: null, port: null, domains: null, https_config: null }

const rust = { anySubnet: 'None', stop: '', polls: false } as const

export const generations: readonly ClientGeneration[] = [
  {
    name: 'Python 3.1, for servers from version 9',
    config: { subnet_config_set: subnetsOf(plainSpec), ...withoutState, nonmainnet_features: false },
    tick: {},
    anySubnet: 'None',
    polls: true,
    stop: {},
    gateway: { forward_to: { PocketIcInstance: 0 } },
  },
  {
    name: 'Rust for version 8',
    config: { subnet_config_set: subnetsOf(timedSpec), ...withoutState, nonmainnet_features: false },
    tick: { blockmakers: null },
    ...rust,
    gateway: plainGateway,
  },
  {
    name: 'Rust for version 9',
    config: { subnet_config_set: subnetsOf(timedSpec), ...withoutState, nonmainnet_features: true, log_level: 'ERROR' },
    tick: { blockmakers: { blockmakers_per_subnet: [] } },
    ...rust,
    polls: true,
    gateway: plainGateway,
  },
  {
    name: 'Rust for version 10',
    config: { subnet_config_set: subnetsOf(timedSpec), ...since10, icp_config: { ...noFlags, beta_features: 'Enabled' } },
    tick: { blockmakers: null },
    ...rust,
    gateway: plainGateway,
  },
  {
    name: 'Rust for version 11',
    config: { subnet_config_set: subnetsOf(timedSpec), ...since11, icp_config: null, incomplete_state: 'Disabled' },
    tick: { blockmakers: null },
    ...rust,
    gateway: plainGateway,
  },
  {
    name: 'Rust for version 12',
    config: {
      subnet_config_set: subnetsOf(plainSpec),
      ...since11,
      icp_config: noFlags,
      initial_time: { Timestamp: { nanos_since_epoch: 1_700_000_000_000_000_000n } },
    },
    tick: { blockmakers: null, first_subnet: null, last_subnet: null },
    ...rust,
    gateway: plainGateway,
  },
  {
    name: 'Rust for version 13',
    config: {
      subnet_config_set: { ...subnetsOf(pricedSpec), cloud_engine: [] },
      ...since11,
      icp_config: null,
      mainnet_nns_subnet_id: true,
      icp_features: {
        registry: null,
        cycles_minting: null,
        icp_token: null,
        cycles_token: null,
        nns_governance: null,
        sns: null,
        ii: null,
        nns_ui: null,
        bitcoin: null,
        dogecoin: null,
        canister_migration: null,
      },
    },
    tick: { blockmakers: [], first_subnet: null, last_subnet: null },
    ...rust,
    gateway: { ...plainGateway, domain_custom_provider_local_file: null },
  },
  {
    name: 'Rust for versions 14 and 15',
    config: {
      subnet_config_set: {
        ...subnetsOf(pricedSpec),
        cloud_engine: [{ ...pricedSpec, cost_schedule: 'Free', subnet_admins: [] }],
        test_threshold_keys: null,
      },
      ...since11,
      icp_config: { ...noFlags, canister_execution_rate_limiting: 'Disabled' },
      mainnet_nns_subnet_id: null,
      disable_ingress_validation: null,
    },
    tick: { blockmakers: null, first_subnet: null, last_subnet: null },
    ...rust,
    gateway: { ...plainGateway, domain_custom_provider_local_file: null },
    call: { sender_info: null },
  },
  {
    name: 'JavaScript for versions up to 9',
    config: {
      subnet_config_set: { nns: timedSpec, application: [timedSpec], system: [], verified_application: [] },
      nonmainnet_features: false,
    },
    tick: {},
    anySubnet: 'None',
    polls: false,
    stop: '',
    gateway: { forward_to: { PocketIcInstance: 0 } },
  },
  {
    name: 'JavaScript for versions from 10',
    config: {
      subnet_config_set: { nns: { ...timedSpec, state_config: 'New' }, application: [timedSpec] },
      icp_config: { beta_features: 'Disabled' },
    },
    tick: {},
    anySubnet: 'None',
    polls: false,
    stop: {},
    gateway: plainGateway,
  },
]
