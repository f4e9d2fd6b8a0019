"""Forms as a browser without JavaScript sends them back: read from a page, filled in, sent."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class _Forms(HTMLParser):
    """The forms of a page by their address, each with what it would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, MultiDict]] = []
        self._inside = False
        self._select: str | None = None
        self._area: str | None = None

    @property
    def values(self) -> MultiDict:
        return self.found[-1][1]

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self._inside = given.get("method") == "post"
            if self._inside:
                self.found.append((given.get("action", ""), MultiDict()))
        elif not self._inside:
            return
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and self._select and (self._first or "selected" in given):
            self.values[self._select], self._first = given.get("value", ""), False
        elif tag == "textarea":
            self._area, self.values[name] = name, ""
        elif tag == "input" and name:
            is_choice = given.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in given:
                self.values.add(name, given.get("value") or ("on" if is_choice else ""))

    def handle_data(self, data) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None


def forms_of(page: str) -> list[tuple[str, MultiDict]]:
    """The forms of a page that change something: their addresses and what each would send."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


def form_of(page: str, action: str, **filled: str) -> MultiDict:
    """What the form with this address would send, filled in so; the last one of several."""
    values = [values for address, values in forms_of(page) if address == action][-1]
    for name, value in filled.items():
        values[name] = value
    return values


def send(client, page: str, action: str, **filled: str):
    """Open a page, fill one of its forms in and send it."""
    return client.post(action, data=form_of(client.get(page).text, action, **filled))
