// Runs before the first paint, so that a dark page never flashes light. A file and not an inline script,
// because the page's content security policy allows no inline scripts.
;(function () {
  var chosen = null
  try {
    chosen = localStorage.getItem('salon.mode')
  } catch {
    // Storage may be blocked; the system's choice stands.
  }
  var dark =
    chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.mode = dark ? 'dark' : 'light'
})()
