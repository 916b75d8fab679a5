/** Nobody is signed in for longer than this, whatever the application asks for. */
export const maxLifetimeNanos = 30n * 86_400n * 1_000_000_000n

/** What an application asks for when it names no lifetime. */
export const defaultLifetimeNanos = 8n * 3_600n * 1_000_000_000n
