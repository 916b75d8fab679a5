import { css } from 'lit'

export const growthChecksStyles = css`
  ol {
    display: grid;
    gap: 4px;
  }
  li {
    display: grid;
    grid-template-columns: 18px 1fr;
    gap: 8px;
    font-size: var(--text-s);
    line-height: 1.4;
    color: var(--ink-soft);
  }
  strong {
    color: var(--ink);
    font-weight: 600;
  }
  .mark {
    display: grid;
    place-items: center;
    width: 17px;
    height: 17px;
    border-radius: 50%;
    font-size: 11px;
    font-weight: 700;
    color: var(--ink-faint);
  }
  .passed .mark {
    background: var(--green-soft);
    color: var(--green);
  }
  .failed .mark {
    background: var(--coral-solid);
    color: var(--on-solid);
  }
  .failed,
  .failed strong {
    color: var(--coral);
  }
  .skipped,
  .skipped strong {
    color: var(--ink-faint);
  }
`
