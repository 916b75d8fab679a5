/** The routes of the server as an OpenAPI document. */
import type { JsonValue } from './wire/json.ts'

/** @param routes - each as its method and its path, with a colon before parts that stand for any */
export function apiDocument(routes: readonly (readonly [method: string, path: string])[]): JsonValue {
  const paths = Object.groupBy(routes, ([, path]) => path.replaceAll(/:(\w+)/g, '{$1}'))
  const methodsOf = (path: string): JsonValue =>
    Object.fromEntries((paths[path] ?? []).map(([method]) => [method.toLowerCase(), { parameters: parametersOf(path), responses: {} }]))
  return {
    openapi: '3.1.0',
    info: { title: '', description: 'PocketIC server API', version: '' },
    paths: Object.fromEntries(Object.keys(paths).map((path) => [path, methodsOf(path)])),
  }
}

function parametersOf(path: string): JsonValue {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}
