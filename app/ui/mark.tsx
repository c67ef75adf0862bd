/** The product's sign; decorative, the name stands beside it. */
export const Mark = ({ className = "size-5" }: { className?: string }) => (
  <svg aria-hidden viewBox="0 0 32 32" className={className}>
    <rect width="32" height="32" rx="7" className="fill-accent-solid" />
    <path d="M9 9.5v13M9 12h6a4 4 0 0 1 4 4v0a4 4 0 0 0 4 4" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
    <circle cx="9" cy="9" r="2.8" fill="#fff" />
    <circle cx="9" cy="23" r="2.8" fill="#fff" />
    <circle cx="23.4" cy="20" r="2.8" fill="#fff" />
  </svg>
);
