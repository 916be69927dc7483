"""gunicorn's side: one listening socket, a master without plugins, and the workers that open the site."""
