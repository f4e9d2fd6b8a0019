"""What lies where it must not in a drawing of cards, lines and labels."""

from itertools import combinations

from relmap.maps.column_layout import LABEL, Layers

SAMPLES = 24


def walked(points):
    """Points along the Béziers of a route."""
    for at in range(0, len(points) - 1, 3):
        a, b, c, d = points[at : at + 4]
        for step in range(SAMPLES + 1):
            t = step / SAMPLES
            u = 1 - t
            yield tuple(
                u**3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t**3 * d[i]
                for i in (0, 1)
            )


def frame(middle, width, height):
    """Left, top, right, bottom."""
    x, y = middle
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def is_inside(point, box, air=0.5):
    left, top, right, bottom = box
    return left + air < point[0] < right - air and top + air < point[1] < bottom - air


def do_overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def faults(boxes, links, found: Layers) -> list[str]:
    """Everything that lies where it must not."""
    cards = {box.key: frame(found.places[box.key], box.width, box.height) for box in boxes}
    labels = {
        link.key: frame(found.routes[link.key].label, link.label, LABEL)
        for link in links
        if link.label
    }
    said = [f"{a} on {b}" for a, b in combinations(cards, 2) if do_overlap(cards[a], cards[b])]
    said += [
        f"labels {a}, {b}" for a, b in combinations(labels, 2) if do_overlap(labels[a], labels[b])
    ]
    said += [f"label {a} on {b}" for a in labels for b in cards if do_overlap(labels[a], cards[b])]
    for link in links:
        way = list(walked(found.routes[link.key].points))
        for key, card in cards.items():
            if any(is_inside(point, card) for point in way):
                said.append(f"{link.key} behind {key}")
        for key, label in labels.items():
            if key != link.key and any(is_inside(point, label) for point in way):
                said.append(f"{link.key} under the label of {key}")
    return said
