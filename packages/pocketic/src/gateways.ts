/** HTTP gateways: listeners of their own, each in front of one instance. */
import { readFile } from 'node:fs/promises'
import { listen, type NodeServer, type Peer, type Tls as TlsContents } from '@tidemark/listen'
import type { GatewayConfig, TlsFiles } from './gatewayConfig.ts'
import type { Instance } from './instance/instance.ts'
import { ApiError } from './wire/apiError.ts'
import { numberOf } from './instances.ts'
import type { JsonValue } from './wire/json.ts'

interface Gateway {
  readonly instanceId: number
  readonly server: NodeServer
  readonly config: GatewayConfig
}

export interface GatewaysOptions {
  readonly onFailure: (error: unknown) => void
  /** Hears of every request, so that a server in use does not end. The returned function tells that it was answered. */
  readonly onRequest: () => () => void
}

export class Gateways {
  readonly #options: GatewaysOptions
  readonly #all: (Gateway | undefined)[] = []

  constructor(options: GatewaysOptions) {
    this.#options = options
  }

  /** Starts a gateway. @throws ApiError 502 when the address cannot be listened on, or there are no certificates */
  async create(instanceId: number, instance: Instance, config: GatewayConfig): Promise<{ readonly id: number; readonly port: number }> {
    const tls = config.tls && (await readTls(config.tls))
    const server = await this.#listen(config, tls, instance.createHandler(config))
    const id = this.#all.push({ instanceId, server, config }) - 1
    return { id, port: server.port }
  }

  /** Whether the address of a gateway can be listened on. @throws ApiError 502 when it cannot */
  async check(config: GatewayConfig): Promise<void> {
    if (config.port === 0) return
    const server = await this.#listen(config, undefined, async () => new Response(null, { status: 503 }))
    await server.close()
  }

  /** Stops a gateway. Where there is none, or none any more, nothing happens. @throws PlainError 400 for no number */
  async stop(id: string): Promise<void> {
    const number = numberOf(id)
    const gateway = this.#all[number]
    if (gateway === undefined) return
    this.#all[number] = undefined
    await gateway.server.close()
  }

  /** Stops all gateways of an instance; without one, all there are. */
  async stopAll(instanceId?: number): Promise<void> {
    const ids = this.#all.flatMap((gateway, id) =>
      gateway !== undefined && (instanceId === undefined || gateway.instanceId === instanceId) ? [id] : [],
    )
    await Promise.all(ids.map((id) => this.stop(String(id))))
  }

  /** Gateways that run. */
  list(): JsonValue {
    return this.#all.flatMap((gateway, id) =>
      gateway === undefined
        ? []
        : [
            {
              instance_id: id,
              port: gateway.server.port,
              forward_to: { PocketIcInstance: gateway.instanceId },
              domains: gateway.config.domains ?? null,
              https_config: gateway.config.tls ? { cert_path: gateway.config.tls.certPath, key_path: gateway.config.tls.keyPath } : null,
              domain_custom_provider_local_file: gateway.config.domainsFile ?? null,
            },
          ],
    )
  }

  async #listen(
    { host, port }: GatewayConfig,
    tls: TlsContents | undefined,
    handle: (request: Request, peer?: Peer) => Promise<Response>,
  ): Promise<NodeServer> {
    const { onFailure, onRequest } = this.#options
    const watched = async (request: Request, peer?: Peer): Promise<Response> => {
      const answered = onRequest()
      try {
        return await handle(request, peer)
      } finally {
        answered()
      }
    }
    try {
      return await listen({ host, port, ...(tls && { tls }) }, watched, onFailure)
    } catch (error) {
      throw isBindError(error) ? new ApiError(502, `Failed to bind to address ${host}:${port}: ${error.message}`) : tlsError(error)
    }
  }
}

/** What is behind a gateway cannot be reached. */
export function upstreamError(reason: string): ApiError {
  return new ApiError(502, `error: upstream_error (${reason})`)
}

async function readTls({ certPath, keyPath }: TlsFiles): Promise<TlsContents> {
  try {
    return { cert: await readFile(certPath, 'utf8'), key: await readFile(keyPath, 'utf8') }
  } catch (error) {
    throw tlsError(error)
  }
}

function tlsError(error: unknown): ApiError {
  return new ApiError(502, `TLS config could not be created: ${error instanceof Error ? error.message : String(error)}`)
}

function isBindError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}
