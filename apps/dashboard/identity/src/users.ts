/** The first user number that is given out, as Internet Identity did. */
export const firstUserNumber = 10_000

const storageKey = 'tidemark-user-numbers'

/** A user number as it may be typed or passed in an address. */
export const parseUserNumber = (text: string | null): number | undefined => {
  if (text === null || !/^\d{1,12}$/.test(text)) return undefined
  return Number(text)
}

/** Numbers used in this browser, the latest first. */
export const knownUserNumbers = (storage: Storage): readonly number[] =>
  (storage.getItem(storageKey) ?? '').split(',').flatMap((text) => parseUserNumber(text) ?? [])

/** Puts a number first among those used in this browser. */
export const rememberUserNumber = (storage: Storage, userNumber: number): void => {
  const others = knownUserNumbers(storage).filter((known) => known !== userNumber)
  storage.setItem(storageKey, [userNumber, ...others].slice(0, 20).join(','))
}

/** The lowest number that was not used in this browser yet. */
export const nextUserNumber = (known: readonly number[]): number => {
  let candidate = firstUserNumber
  while (known.includes(candidate)) candidate += 1
  return candidate
}
