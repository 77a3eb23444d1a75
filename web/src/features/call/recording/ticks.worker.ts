/** Fifteen times a second, also while the page is behind another one, where its own timers are slowed down. */
setInterval(() => postMessage(null), 1000 / 15)
