/** The whole protocol as one function from request to response. */
import type { WholeAnswer, WholeRequest } from '@tidemark/listen'
import { creationFailed, emptyAnswer, errorAnswer, jsonAnswer } from './answers.ts'
import { type ApiRequest, requestOf, requestOfWhole, responseOf } from './apiRequest.ts'
import { BlobStore } from './blobStore.ts'
import { parseFields, readBytes, readFields, readText } from './body.ts'
import { type GatewayConfig, parseGatewayConfig } from './gatewayConfig.ts'
import { Gateways } from './gateways.ts'
import { Graph } from './graph.ts'
import { parseInstanceConfig } from './instance/config.ts'
import { canistersOf } from './instance/icpFeatures.ts'
import type { Instance, InstanceObserver } from './instance/instance.ts'
import { Instances } from './instances.ts'
import { runOperation } from './operations.ts'
import { findOperation } from './routes/instanceRoutes.ts'
import { verifySignature } from './verifySignature.ts'
import { ApiError, badRequest } from './wire/apiError.ts'
import { fieldsOf, isAbsent, naturalOf } from './wire/fields.ts'

export interface PocketIcApiOptions extends InstanceObserver {
  /** Whether instances that do not say have experimental hooks. Default false. */
  readonly experimentalHooks?: boolean
  /** Modules of system canisters by name, for instances with features of the public network. @throws Error with the reason */
  readonly systemModules: (names: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>
  /** Hears of every request. The returned function tells that it was answered. */
  readonly onRequest?: () => () => void
}

export interface PocketIcApi {
  answer(request: Request): Promise<Response>
  /** Answers a request that has come whole without objects of the Fetch API; `undefined` for those of agents. */
  whole(request: WholeRequest): Promise<WholeAnswer> | undefined
  /** Ends all instances and gateways. */
  close(): Promise<void>
}

/** @see the routes of the PocketIC server; a request for one that is not here is told so by name */
export function createPocketIcApi(options: PocketIcApiOptions): PocketIcApi {
  const { experimentalHooks = false, onRequest = () => () => {}, systemModules, ...observer } = options
  const instances = new Instances(observer)
  const gateways = new Gateways({ onFailure: observer.onFailure, onRequest })
  const blobs = new BlobStore()
  const graph = new Graph()

  const answerPath = async (request: ApiRequest): Promise<WholeAnswer> => {
    const path = request.pathname.split('/').filter((part) => part !== '')
    const route = `${request.method} /${path.join('/')}`
    const [head = '', id = '', ...rest] = path
    if (head === 'instances' && path.length > 1) return answerInstance(request, id, rest, route)
    if (head === 'blobstore' && path.length === 2 && request.method === 'GET') return blobs.answer(id)
    if (head === 'http_gateway' && path.length === 3 && rest[0] === 'stop' && request.method === 'POST') {
      await gateways.stop(id)
      return jsonAnswer(null)
    }
    const opId = decodeURIComponent(rest.join('/'))
    if (head === 'read_graph' && request.method === 'GET') return jsonAnswer(graph.read(decodeURIComponent(id), opId))
    if (head === 'prune_graph' && request.method === 'DELETE') return jsonAnswer(graph.prune(decodeURIComponent(id), opId))
    switch (route) {
      case 'GET /status':
        return emptyAnswer(200)
      case 'POST /blobstore':
        return blobs.accept(await readBytes(request), request.header('content-encoding'))
      case 'POST /verify_signature': {
        const { value, status } = await verifySignature(await readFields(request))
        return jsonAnswer(value, status)
      }
      case 'GET /instances':
        return jsonAnswer(instances.states())
      case 'POST /instances':
        return createInstance(request)
      case 'GET /http_gateway':
        return jsonAnswer(gateways.list())
      case 'POST /http_gateway':
        return createGateway(request)
      default:
        throw noRoute(route)
    }
  }

  const createInstance = async (request: ApiRequest): Promise<WholeAnswer> => {
    try {
      const config = parseInstanceConfig(await readFields(request), { experimentalHooks })
      const modules = config.icpFeatures.length === 0 ? new Map() : await systemModules(canistersOf(config.icpFeatures))
      const { id, instance } = instances.create(config, modules)
      const started = config.gateway && (await startGateway(id, instance, config.gateway))
      const gateway = started && { http_gateway_info: { instance_id: started.id, port: started.port } }
      return jsonAnswer({ Created: { instance_id: id, topology: instance.topology, ...gateway } }, 201)
    } catch (error) {
      return creationFailed(error)
    }
  }

  /** Without the gateway that was asked for, nobody would know of the instance. */
  const startGateway = async (id: number, instance: Instance, config: GatewayConfig): ReturnType<Gateways['create']> => {
    try {
      return await gateways.create(id, instance, config)
    } catch (error) {
      await instances.delete(String(id))
      throw error
    }
  }

  const createGateway = async (request: ApiRequest): Promise<WholeAnswer> => {
    try {
      const config = await readFields(request)
      const target = fieldsOf(config['forward_to'], '`forward_to`')
      if (isAbsent(target['PocketIcInstance'])) throw badRequest('This server has gateways to its own instances only, not to a `Replica`')
      const instanceId = Number(naturalOf(target['PocketIcInstance'], 31, '`PocketIcInstance`'))
      const { id, port } = await gateways.create(instanceId, instances.get(String(instanceId)), parseGatewayConfig(config))
      return jsonAnswer({ Created: { instance_id: id, port } }, 201)
    } catch (error) {
      return creationFailed(error)
    }
  }

  const answerInstance = async (request: ApiRequest, id: string, rest: readonly string[], route: string): Promise<WholeAnswer> => {
    if (rest.length === 0 && request.method === 'DELETE') {
      await gateways.stopAll(Number(id))
      await instances.delete(id)
      graph.forget(Number(id))
      return emptyAnswer(200)
    }
    const instance = instances.get(id)
    const path = rest.join('/')
    if (path === '_/dashboard' && request.method === 'GET') {
      await instance.free()
      return instance.page(`/${path}`) ?? emptyAnswer(404)
    }
    if (path === '_/record' && request.method === 'GET') {
      await instance.free()
      return instance.recordedInputs()
    }
    const operation = findOperation(request.method, path)
    if (operation === undefined) throw noRoute(route)
    const body = await readText(request)
    const run = { number: Number(id), instance, path, header: request.header, body }
    const fields = parseFields(body)
    return runOperation(graph, { ...run, operation: () => operation({ instance, fields, blobs }) })
  }

  /** Requests of agents are passed on as they are. */
  const answerAgent = async (request: Request, { id, path }: AgentPath): Promise<Response> => {
    const instance = instances.get(id)
    await instance.free()
    return instance.answerApi(atPath(request, path))
  }

  const watched = async <Answer>(answer: () => Promise<Answer>, onError: (answer: WholeAnswer) => Answer): Promise<Answer> => {
    const answered = onRequest()
    try {
      return await answer()
    } catch (error) {
      return onError(errorAnswer(error, observer.onFailure))
    } finally {
      answered()
    }
  }

  return {
    answer: (request) => {
      const agentPath = agentPathOf(new URL(request.url).pathname)
      const answer = async (): Promise<Response> =>
        agentPath === undefined ? responseOf(await answerPath(requestOf(request))) : answerAgent(request, agentPath)
      return watched(answer, responseOf)
    },
    whole: (whole) => {
      const request = requestOfWhole(whole)
      if (agentPathOf(request.pathname) !== undefined) return undefined
      return watched(
        () => answerPath(request),
        (answer) => answer,
      )
    },
    close: async () => {
      await gateways.stopAll()
      instances.close()
    },
  }
}

function noRoute(route: string): ApiError {
  return new ApiError(404, `This server has no route ${route.slice(0, 200)}`)
}

interface AgentPath {
  /** Of the instance. */
  readonly id: string
  /** Below the instance. */
  readonly path: string
}

function agentPathOf(pathname: string): AgentPath | undefined {
  const [, id, path] = /^\/instances\/([^/]+)(\/api\/.*)$/.exec(pathname) ?? []
  return id === undefined || path === undefined ? undefined : { id, path }
}

function atPath(request: Request, pathname: string): Request {
  const url = new URL(request.url)
  url.pathname = pathname
  return new Request(url, request)
}
