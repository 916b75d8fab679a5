/** Property tests draw the same cases in every run, and others with `TIDEMARK_SEED=<number>`. A test's own seed comes first. */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['TIDEMARK_SEED'] ?? 1) })
