/** Serves a folder of built files; every path that names no file gives the page itself. */
import { readFile } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import { contentTypeOf } from '../deploy/assets/contentTypes.ts'

/** @returns the file of a path, else `index.html`; undefined when the folder holds neither */
export async function serveFile(folder: string, pathname: string): Promise<Response | undefined> {
  const wanted = pathname === '/' ? 'index.html' : safePath(pathname)
  const found = wanted === undefined ? undefined : await read(folder, wanted)
  const file = found ?? (await read(folder, 'index.html'))
  if (file === undefined) return undefined
  return new Response(file.content, { headers: { 'content-type': file.contentType, 'cache-control': 'no-cache' } })
}

async function read(folder: string, name: string): Promise<{ content: Uint8Array<ArrayBuffer>; contentType: string } | undefined> {
  try {
    const type = contentTypeOf(name)
    const contentType = type.startsWith('text/') ? `${type}; charset=utf-8` : type
    return { content: new Uint8Array(await readFile(join(folder, name))), contentType }
  } catch {
    return undefined
  }
}

/** The path inside the folder; undefined when it would lead out of it. */
function safePath(pathname: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  const path = normalize(decoded).replace(/^[/\\]+/, '')
  return path.split(sep).includes('..') || decoded.includes('\0') ? undefined : path
}
