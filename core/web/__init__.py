"""The one room that knows Flask: requests, pages, static files; everything it shows is made by the rooms below."""
