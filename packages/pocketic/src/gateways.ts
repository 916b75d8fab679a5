/** HTTP gateways: listeners of their own, each in front of one instance. */
import { listen, type NodeServer } from '@tidemark/listen'
import type { GatewayConfig } from './gatewayConfig.ts'
import type { Instance } from './instance/instance.ts'
import { ApiError } from './wire/apiError.ts'
import type { JsonValue } from './wire/json.ts'

interface Gateway {
  readonly instanceId: number
  readonly server: NodeServer
  readonly domains: readonly string[] | undefined
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

  /** Starts a gateway. @throws ApiError 502 when the address cannot be listened on */
  async create(instanceId: number, instance: Instance, config: GatewayConfig): Promise<{ readonly id: number; readonly port: number }> {
    const { host, port, domains } = config
    const server = await this.#listen(host, port, instance.createHandler(domains))
    const id = this.#all.push({ instanceId, server, domains }) - 1
    return { id, port: server.port }
  }

  /** Stops a gateway; where there is none, or none any more, nothing happens. */
  async stop(id: string): Promise<void> {
    const gateway = /^\d{1,9}$/.test(id) ? this.#all[Number(id)] : undefined
    if (gateway === undefined) return
    this.#all[Number(id)] = undefined
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
              domains: gateway.domains ?? null,
              https_config: null,
            },
          ],
    )
  }

  async #listen(host: string, port: number, handle: (request: Request) => Promise<Response>): Promise<NodeServer> {
    const { onFailure, onRequest } = this.#options
    const watched = async (request: Request): Promise<Response> => {
      const answered = onRequest()
      try {
        return await handle(request)
      } finally {
        answered()
      }
    }
    try {
      return await listen({ host, port }, watched, onFailure)
    } catch (error) {
      throw new ApiError(502, `Failed to bind to address ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
