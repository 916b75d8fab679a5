/** Content types by file extension; a table, so longer than code should be. */
import { extname } from 'node:path'

const types: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bin: 'application/octet-stream',
  bmp: 'image/bmp',
  cjs: 'text/javascript',
  css: 'text/css',
  csv: 'text/csv',
  did: 'text/plain',
  eot: 'application/vnd.ms-fontobject',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  map: 'application/json',
  md: 'text/markdown',
  mjs: 'text/javascript',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  txt: 'text/plain',
  wasm: 'application/wasm',
  wat: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xml: 'text/xml',
  zip: 'application/zip',
}

/** Content type of a file by its name; bytes of no known kind otherwise. */
export function contentTypeOf(file: string): string {
  return types[extname(file).slice(1).toLowerCase()] ?? 'application/octet-stream'
}

/** Whether files of a type shrink when they are compressed. */
export function isTextLike(contentType: string): boolean {
  return /^text\/|javascript|json|xml|wasm$/.test(contentType)
}
