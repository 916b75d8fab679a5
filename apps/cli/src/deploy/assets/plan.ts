/** What has to change in an asset canister so that it serves the local files: pure, so that it can be read and tested. */
import type { assetsTypes } from '@tidemark/bindings'
import type { Encoding, LocalAsset } from './scan.ts'

/** An asset as the canister has it. */
export interface RemoteAsset {
  readonly details: assetsTypes.AssetDetails
  readonly properties: assetsTypes.AssetProperties
}

export interface Upload {
  readonly key: string
  readonly encoding: Encoding
}

/** Operations that come before, and those that set content; each content operation needs its upload first. */
export interface SyncPlan {
  readonly before: readonly assetsTypes.BatchOperationKind[]
  readonly uploads: readonly Upload[]
  readonly after: readonly assetsTypes.BatchOperationKind[]
}

export function planSync(local: readonly LocalAsset[], remote: readonly RemoteAsset[]): SyncPlan {
  const before: assetsTypes.BatchOperationKind[] = []
  const after: assetsTypes.BatchOperationKind[] = []
  const uploads: Upload[] = []
  const known = new Map(remote.map((asset) => [asset.details.key, asset]))
  const wanted = new Set(local.map((asset) => asset.key))
  for (const key of known.keys()) if (!wanted.has(key)) before.push({ DeleteAsset: { key } })
  for (const asset of local) {
    const present = known.get(asset.key)
    // The content type of an asset never changes: another type means another asset.
    const keeps = present !== undefined && present.details.content_type === asset.contentType
    if (present !== undefined && !keeps) before.push({ DeleteAsset: { key: asset.key } })
    if (!keeps) before.push({ CreateAsset: createArguments(asset) })
    else if (!sameProperties(asset, present.properties)) after.push({ SetAssetProperties: propertyArguments(asset) })
    for (const encoding of asset.encodings) {
      const there = keeps ? present.details.encodings.find((each) => each.content_encoding === encoding.name)?.sha256[0] : undefined
      if (there === undefined || Buffer.compare(there, encoding.sha256) !== 0) uploads.push({ key: asset.key, encoding })
    }
    for (const { content_encoding } of keeps ? present.details.encodings : []) {
      if (asset.encodings.some((encoding) => encoding.name === content_encoding)) continue
      after.push({ UnsetAssetContent: { key: asset.key, content_encoding } })
    }
  }
  return { before, uploads, after }
}

function createArguments({ key, contentType, properties }: LocalAsset): assetsTypes.CreateAssetArguments {
  return {
    key,
    content_type: contentType,
    max_age: optional(properties.maxAgeSeconds),
    headers: optional(properties.headers?.map(([name, value]): [string, string] => [name, value])),
    enable_aliasing: optional(properties.enableAliasing),
    allow_raw_access: optional(properties.allowRawAccess),
  }
}

function propertyArguments({ key, properties }: LocalAsset): assetsTypes.SetAssetPropertiesArguments {
  return {
    key,
    max_age: [optional(properties.maxAgeSeconds)],
    headers: [optional(properties.headers?.map(([name, value]): [string, string] => [name, value]))],
    is_aliased: properties.enableAliasing === undefined ? [] : [[properties.enableAliasing]],
    allow_raw_access: properties.allowRawAccess === undefined ? [] : [[properties.allowRawAccess]],
  }
}

/** Flags that no rule mentions keep what the canister has. */
function sameProperties({ properties }: LocalAsset, there: assetsTypes.AssetProperties): boolean {
  const headers = (list: readonly (readonly [string, string])[] | undefined) => JSON.stringify((list ?? []).toSorted())
  return (
    properties.maxAgeSeconds === there.max_age[0] &&
    headers(properties.headers) === headers(there.headers[0]) &&
    (properties.enableAliasing === undefined || properties.enableAliasing === (there.is_aliased[0] ?? true)) &&
    (properties.allowRawAccess === undefined || properties.allowRawAccess === (there.allow_raw_access[0] ?? true))
  )
}

function optional<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value]
}
