import type { Theme } from '../views/sessionBar/sessionBar.events.ts'

const storageKey = 'tidemark-theme'

const apply = (theme: Theme): void => {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.dataset['theme'] = theme
}

/** Applies and returns the theme that this browser was left in. */
export const readTheme = (): Theme => {
  const stored = localStorage.getItem(storageKey)
  const theme = stored === 'light' || stored === 'dark' ? stored : 'system'
  apply(theme)
  return theme
}

/** Applies a theme and keeps it for the next visit. */
export const rememberTheme = (theme: Theme): void => {
  apply(theme)
  localStorage.setItem(storageKey, theme)
}
