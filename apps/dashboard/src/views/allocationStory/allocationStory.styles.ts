import { css } from 'lit'

export const allocationStoryStyles = css`
  ol {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 6px;
  }
  .step {
    display: grid;
    grid-template-columns: auto 1fr;
    align-content: start;
    column-gap: 6px;
    align-items: baseline;
    width: 100%;
    height: 100%;
    min-height: 74px;
    padding: 6px 10px 7px;
    border: 1px solid var(--rule);
    border-top: 3px solid var(--water-soft);
    border-radius: var(--radius-s);
    background: var(--panel);
    text-align: left;
    cursor: pointer;
  }
  .step:hover {
    border-color: var(--rule-strong);
    border-top-color: var(--water);
  }
  .step[aria-pressed='true'] {
    background: var(--water-faint);
    border-color: var(--water);
  }
  .step[data-refused='yes'] {
    border-top-color: var(--coral);
  }
  .figure {
    font-size: var(--text-l);
    font-weight: 680;
    letter-spacing: -0.01em;
    white-space: nowrap;
  }
  .title {
    color: var(--ink-soft);
    font-size: var(--text-s);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .result {
    grid-column: 1 / -1;
    font-size: var(--text-s);
    color: var(--ink-soft);
  }
  [data-refused='yes'] .result {
    color: var(--coral);
    font-weight: 600;
  }
  .news {
    display: block;
    color: var(--coral);
  }
  .variants {
    display: flex;
    flex-wrap: wrap;
    margin-top: 6px;
  }
  .variants button {
    flex: 1 1 auto;
    padding: 0 6px;
  }
  @media (width < 640px) {
    ol {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`
