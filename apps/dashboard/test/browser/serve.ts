import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build, type InlineConfig } from 'vite'

/** Files of a page by path, as they would be served. */
export type Files = ReadonlyMap<string, string | Uint8Array>

export type Served = { readonly port: number; readonly close: () => Promise<void> }

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

const bundleWith = async (options: InlineConfig): Promise<Files> => {
  // Test runners say "test" here, for which packages hand out their development builds.
  process.env['NODE_ENV'] = 'production'
  const result = await build({ ...options, logLevel: 'error', build: { ...options.build, write: false } })
  const outputs = Array.isArray(result) ? result : [result]
  const files = new Map<string, string | Uint8Array>()
  for (const output of outputs) {
    if (!('output' in output)) throw new Error('The build watches instead of ending')
    for (const file of output.output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source)
  }
  return files
}

/** Bundles a page that exists for tests only. */
export const bundle = (root: string, page: string): Promise<Files> =>
  bundleWith({
    root,
    configFile: false,
    build: { target: 'es2022', modulePreload: false, minify: false, rollupOptions: { input: join(root, page) } },
  })

/** Bundles a page of the product by its own configuration. */
export const bundleAsBuilt = (root: string, config: string): Promise<Files> => bundleWith({ configFile: join(root, config) })

/** Serves on a free port of this machine. */
export const serve = (listener: RequestListener): Promise<Served> =>
  new Promise((resolve) => {
    const server = createServer(listener)
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections()
            server.close(() => closed())
          }),
      })
    })
  })

/** Answers from files in memory; anything else is 404. */
export const answerFrom =
  (files: Files): RequestListener =>
  (request, response) => {
    const asked = new URL(request.url ?? '/', 'http://localhost').pathname
    const path = asked === '/' ? '/index.html' : asked
    const file = files.get(path)
    if (file === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(file)
  }
