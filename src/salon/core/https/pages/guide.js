;(() => {
  const about = JSON.parse(document.getElementById('about').textContent)
  const state = document.getElementById('state')
  const go = document.getElementById('go')
  const WAIT_MS = 5000

  // A room's link is its key. Behind # it is not sent over plain HTTP; what stands there is as it is on the page itself otherwise.
  const kept = /^#((?:\/[A-Za-z0-9_~.-]+)+\/?)$/.exec(location.hash)
  const target = kept ? kept[1] : about.place + location.hash

  // iPads say that they are Macs, but no Mac has a screen to touch.
  if (!about.chosen && about.system === 'mac' && navigator.maxTouchPoints > 1) {
    location.replace(about.place + '?system=ios' + location.hash)
    return
  }

  // A picture comes only over a connection that this browser trusts; nothing else tells a page whether it does.
  const trusts = (origin) =>
    new Promise((resolve) => {
      const picture = new Image()
      const timer = setTimeout(() => resolve(null), WAIT_MS)
      const end = (found) => {
        clearTimeout(timer)
        resolve(found)
      }
      picture.onload = () => end(origin)
      picture.onerror = () => end(null)
      picture.src = origin + '/api/secure.gif?' + Date.now()
    })

  // The name if it works, an address otherwise: some networks carry no names.
  const check = async () => {
    const found = await Promise.all(about.origins.map(trusts))
    return found.find((origin) => origin !== null) ?? null
  }

  const say = (look, text) => {
    state.className = look
    state.textContent = text
  }

  const goOn = (origin) => {
    say('good', 'It works. Here is the room.')
    location.replace(origin + target)
  }

  go.href = about.origins[0] + target
  go.addEventListener('click', async (event) => {
    event.preventDefault()
    say('', 'Looking…')
    const origin = await check()
    if (origin) goOn(origin)
    else
      say(
        'warn',
        'This browser does not trust the server yet. See that each step above is done. If it is, close the browser and open it again.',
      )
  })

  // Who has done it before goes straight on; who chose a system wants to read.
  if (!about.chosen)
    check().then((origin) => {
      if (origin) goOn(origin)
    })
  for (const link of document.querySelectorAll('nav a')) link.hash = location.hash
})()
