/** The whole protocol as one function from request to response. */
import type { WholeAnswer, WholeRequest } from '@tidemark/listen'
import { creationFailed, emptyAnswer, errorAnswer, jsonAnswer, methodNotAllowed } from './answers.ts'
import { apiDocument } from './apiDocument.ts'
import { type ApiRequest, requestOf, requestOfWhole, responseOf } from './apiRequest.ts'
import { BlobStore } from './blobStore.ts'
import { parseFields, readBytes, readFields, readText } from './body.ts'
import { allowCrossOrigin, preflightAnswer } from './crossOrigin.ts'
import { type GatewayConfig, parseGatewayConfig } from './gatewayConfig.ts'
import { Gateways, upstreamError } from './gateways.ts'
import { Graph } from './graph.ts'
import { parseInstanceConfig } from './instance/config.ts'
import { canistersOf } from './instance/icpFeatures.ts'
import type { Instance, InstanceObserver } from './instance/instance.ts'
import { Instances, numberOf } from './instances.ts'
import { runOperation } from './operations.ts'
import { findOperation, instanceRoutes, operationMethods } from './routes/instanceRoutes.ts'
import { findRoute, type ServerRoute } from './serverRoutes.ts'
import { verifySignature } from './verifySignature.ts'
import { ApiError, badRequest, plain } from './wire/apiError.ts'
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

  const createInstance = async (request: ApiRequest): Promise<WholeAnswer> => {
    try {
      const config = parseInstanceConfig(await readFields(request), { experimentalHooks })
      const modules = config.icpFeatures.length === 0 ? new Map() : await systemModules(canistersOf(config.icpFeatures))
      // Before there is an instance that nobody would know of.
      if (config.gateway !== undefined) await gateways.check(config.gateway)
      const { id, instance } = instances.create(config, modules)
      const gateway = config.gateway && (await startGateway(id, instance, config.gateway))
      const info = gateway ? { instance_id: gateway.id, port: gateway.port } : null
      return jsonAnswer({ Created: { instance_id: id, topology: instance.topology, http_gateway_info: info } }, 201)
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
      const gatewayConfig = parseGatewayConfig(config)
      const { id, port } = await gateways.create(instanceId, upstreamOf(instanceId), gatewayConfig)
      return jsonAnswer({ Created: { instance_id: id, port } }, 201)
    } catch (error) {
      return creationFailed(error)
    }
  }

  /** @throws ApiError 502 when there is none: a gateway asks it for its key first */
  const upstreamOf = (instanceId: number): Instance => {
    try {
      return instances.get(String(instanceId))
    } catch (error) {
      throw error instanceof ApiError ? upstreamError(error.message) : error
    }
  }

  const deleteInstance = async (id: string): Promise<WholeAnswer> => {
    await gateways.stopAll(Number(id))
    await instances.delete(id)
    graph.forget(Number(id))
    return emptyAnswer(200)
  }

  const routes: readonly ServerRoute[] = [
    {
      method: 'GET',
      path: '/api.json',
      run: () => jsonAnswer(apiDocument([...routes.map(({ method, path }) => [method, path] as const), ...instanceRoutes])),
    },
    { method: 'GET', path: '/status', run: () => emptyAnswer(200) },
    {
      method: 'POST',
      path: '/blobstore',
      run: async (request) => blobs.accept(await readBytes(request), request.header('content-encoding')),
    },
    { method: 'GET', path: '/blobstore/:id', run: (_, id) => blobs.answer(id ?? '') },
    { method: 'POST', path: '/verify_signature', run: async (request) => jsonOf(await verifySignature(await readFields(request))) },
    { method: 'GET', path: '/read_graph/:label/:operation', run: (_, label, opId) => jsonAnswer(graph.read(label ?? '', opId ?? '')) },
    { method: 'DELETE', path: '/prune_graph/:label/:operation', run: (_, label, opId) => jsonAnswer(graph.prune(label ?? '', opId ?? '')) },
    { method: 'GET', path: '/instances', run: () => jsonAnswer(instances.states()) },
    { method: 'POST', path: '/instances', run: createInstance },
    { method: 'DELETE', path: '/instances/:id', run: (_, id) => deleteInstance(id ?? '') },
    { method: 'GET', path: '/http_gateway', run: () => jsonAnswer(gateways.list()) },
    { method: 'POST', path: '/http_gateway', run: createGateway },
    {
      method: 'POST',
      path: '/http_gateway/:id/stop',
      run: async (_, id) => {
        await gateways.stop(id ?? '')
        return jsonAnswer(null)
      },
    },
  ]

  const answerInstance = async (request: ApiRequest, method: string, id: string, path: string): Promise<WholeAnswer> => {
    numberOf(id)
    if (path === '_/dashboard' || path === '_/record') {
      if (method !== 'GET') return methodNotAllowed(['GET'])
      const instance = plain(() => instances.get(id))
      await instance.free()
      return path === '_/record' ? instance.recordedInputs() : (instance.page(`/${path}`) ?? emptyAnswer(404))
    }
    const operation = findOperation(method, path)
    if (operation === undefined) {
      const allowed = operationMethods(path)
      if (allowed.length > 0) return methodNotAllowed(allowed)
      instances.get(id)
      throw noRoute(method, request.pathname)
    }
    const body = await readText(request)
    const fields = parseFields(body)
    const instance = instances.get(id)
    const run = { number: Number(id), instance, path, header: request.header, body }
    return runOperation(graph, { ...run, operation: () => operation({ instance, fields, blobs }) })
  }

  const answerPath = async (request: ApiRequest): Promise<WholeAnswer> => {
    const parts = request.pathname.split('/').filter((part) => part !== '')
    const [head, id, ...rest] = parts
    if (request.method === 'OPTIONS' && head === 'instances') return preflightAnswer
    // The body of an answer to HEAD stays here; the rest is as of GET.
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const found = findRoute(routes, method, parts)
    if (found !== undefined) return 'allowed' in found ? methodNotAllowed(found.allowed) : found.route.run(request, ...found.params)
    if (head !== 'instances' || id === undefined) throw noRoute(request.method, request.pathname)
    return answerInstance(request, method, id, rest.join('/'))
  }

  /** Requests of agents are passed on as they are. */
  const answerAgent = async (request: Request, { id, path }: AgentPath): Promise<Response> => {
    const instance = plain(() => instances.get(id))
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

  const answerOthers = async (request: ApiRequest): Promise<WholeAnswer> => {
    const answer = await watched(
      () => answerPath(request),
      (failed) => failed,
    )
    return request.pathname.startsWith('/instances') ? allowCrossOrigin(answer) : answer
  }

  return {
    answer: async (request) => {
      const agentPath = agentPathOf(new URL(request.url).pathname)
      if (agentPath === undefined) return responseOf(await answerOthers(requestOf(request)))
      return watched(() => answerAgent(request, agentPath), responseOf)
    },
    whole: (whole) => {
      const request = requestOfWhole(whole)
      return agentPathOf(request.pathname) === undefined ? answerOthers(request) : undefined
    },
    close: async () => {
      await gateways.stopAll()
      instances.close()
    },
  }
}

function jsonOf({ value, status }: Awaited<ReturnType<typeof verifySignature>>): WholeAnswer {
  return jsonAnswer(value, status)
}

function noRoute(method: string, pathname: string): ApiError {
  return new ApiError(404, `This server has no route ${method} ${pathname.slice(0, 200)}`)
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
