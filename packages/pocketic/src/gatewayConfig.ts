/** What a client asks for when it creates a gateway, alone or with an instance. */
import { type Fields, isAbsent, listOf, naturalOf, optionalFields, textOf } from './wire/fields.ts'

/** Files of a gateway that speaks HTTPS, in PEM. */
export interface TlsFiles {
  readonly certPath: string
  readonly keyPath: string
}

export interface GatewayConfig {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** That canisters are under. */
  readonly domains: readonly string[] | undefined
  readonly tls: TlsFiles | undefined
  /** File with further host names of canisters. */
  readonly domainsFile: string | undefined
}

/** @throws ApiError 422 for members of a wrong type */
export function parseGatewayConfig(config: Fields): GatewayConfig {
  const https = optionalFields(config, 'https_config')
  const domainsFile = config['domain_custom_provider_local_file']
  return {
    host: isAbsent(config['ip_addr']) ? '127.0.0.1' : textOf(config['ip_addr'], '`ip_addr`'),
    port: isAbsent(config['port']) ? 0 : Number(naturalOf(config['port'], 16, '`port`')),
    domains: isAbsent(config['domains']) ? undefined : listOf(config['domains'], '`domains`').map((each) => textOf(each, 'A domain')),
    tls: https && { certPath: textOf(https['cert_path'], '`cert_path`'), keyPath: textOf(https['key_path'], '`key_path`') },
    domainsFile: isAbsent(domainsFile) ? undefined : textOf(domainsFile, '`domain_custom_provider_local_file`'),
  }
}
