import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'vite'

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

/** Bundles one page into memory, with the same settings as the product's own build. */
export const bundle = async (root: string, page: string): Promise<Files> => {
  // Test runners say "test" here, for which packages hand out their development builds.
  process.env['NODE_ENV'] = 'production'
  const result = await build({
    root,
    base: '/',
    configFile: false,
    logLevel: 'error',
    build: { target: 'es2022', write: false, modulePreload: false, minify: false, rollupOptions: { input: join(root, page) } },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const files = new Map<string, string | Uint8Array>()
  for (const output of outputs) {
    if (!('output' in output)) throw new Error('The build watches instead of ending')
    for (const file of output.output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source)
  }
  return files
}

/** Serves on a free port of this machine. */
export const serve = (listener: RequestListener): Promise<Served> =>
  new Promise((resolve) => {
    const server = createServer(listener)
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((closed) => {
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
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = files.get(path)
    if (file === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(file)
  }
