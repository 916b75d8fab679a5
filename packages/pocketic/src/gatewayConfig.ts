/** What a client asks for when it creates a gateway, alone or with an instance. */
import { badRequest } from './wire/apiError.ts'
import { type Fields, isAbsent, listOf, naturalOf, textOf } from './wire/fields.ts'

export interface GatewayConfig {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** That canisters are under. */
  readonly domains: readonly string[] | undefined
}

/** Members that would have an effect and are not there. */
const missingParts = ['https_config', 'domain_custom_provider_local_file'] as const

/** @throws ApiError 400 that names what is not there, 422 for members of a wrong type */
export function parseGatewayConfig(config: Fields): GatewayConfig {
  for (const part of missingParts) if (!isAbsent(config[part])) throw badRequest(`This server does not have \`${part}\` of gateways yet`)
  return {
    host: isAbsent(config['ip_addr']) ? '127.0.0.1' : textOf(config['ip_addr'], '`ip_addr`'),
    port: isAbsent(config['port']) ? 0 : Number(naturalOf(config['port'], 16, '`port`')),
    domains: isAbsent(config['domains']) ? undefined : listOf(config['domains'], '`domains`').map((each) => textOf(each, 'A domain')),
  }
}
