"""HTTPS by itself: phones give their microphone only to pages that came over it.

- :mod:`authority`: an authority of this server's own, whose certificate phones are led to trust
- :mod:`certificates`: the certificate in use, its own or a given one, exchanged while the server runs
- :mod:`announce`: the server's ``.local`` name, by mDNS
- :mod:`guide`, :mod:`profile`: what plain HTTP serves instead, the page that leads through trusting
- :mod:`tunnel`: a public address by ngrok
- :mod:`front`: all of it together, for ``salon serve``
"""
