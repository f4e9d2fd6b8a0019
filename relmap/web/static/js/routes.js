/* The lines of a layered map, drawn along the ways that the server worked out: no line runs behind a
   card, and what stands on a line has its own place. Used by map.js. */
(function () {
  const OLD = [3, 5]; /* dashes of what is lost */
  const STYLES = {
    plan: edge => ({ colour: "plan", width: 4, arrow: 11 }),
    cold: edge => ({ colour: "plan", width: 2, dashes: [2, 5], arrow: 9 }),
    way: edge => ({ colour: "line-strong", width: .9 + 3.6 * (edge.strength || 0), arrow: 0 }),
    next: edge => ({ colour: "ink-2", width: 1.4, dashes: [6, 4], arrow: 8 }),
    conflicts: edge => ({ colour: "stance-enemy", width: 1.8, arrow: 0 }),
  };
  const style = edge => (edge.lost ? { colour: "loss", width: 2, dashes: OLD, arrow: 8 } : STYLES[edge.kind](edge));

  function curve(g, points) {
    g.moveTo(points[0][0], points[0][1]);
    for (let at = 1; at + 2 < points.length; at += 3) g.bezierCurveTo(...points[at], ...points[at + 1], ...points[at + 2]);
  }

  /* Points along a way, about every 9 px, for the teeth of a zigzag. */
  function walked(points) {
    const found = [];
    for (let at = 0; at + 3 < points.length; at += 3) {
      const [a, b, c, d] = points.slice(at, at + 4);
      for (let t = 0; t < 1; t += .02) {
        const u = 1 - t, one = [0, 1].map(i => u * u * u * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t * t * t * d[i]);
        const last = found[found.length - 1];
        if (!last || Math.hypot(one[0] - last[0], one[1] - last[1]) >= 9) found.push(one);
      }
    }
    found.push(points[points.length - 1]);
    return found;
  }
  function zigzag(g, points) {
    const way = walked(points);
    g.moveTo(...way[0]);
    for (let at = 1; at + 1 < way.length; at++) {
      const [x, y] = way[at], dx = way[at + 1][0] - way[at - 1][0], dy = way[at + 1][1] - way[at - 1][1], long = Math.hypot(dx, dy) || 1;
      const off = at % 2 ? 4.5 : -4.5;
      g.lineTo(x - dy / long * off, y + dx / long * off);
    }
    g.lineTo(...way[way.length - 1]);
  }

  /* The head of an arrow at the end of a way, which ends level (or straight down on a phone). */
  function head(g, points, size) {
    const [x, y] = points[points.length - 1];
    let back = points.length - 2;
    while (back > 0 && Math.hypot(points[back][0] - x, points[back][1] - y) < 1) back--;
    const turn = Math.atan2(y - points[back][1], x - points[back][0]);
    g.beginPath(); g.moveTo(x, y);
    g.lineTo(x - size * Math.cos(turn - .42), y - size * Math.sin(turn - .42));
    g.lineTo(x - size * Math.cos(turn + .42), y - size * Math.sin(turn + .42));
    g.closePath(); g.fill();
  }

  function disc(g, x, y, says, colour, surface, face) {
    g.beginPath(); g.arc(x, y, 9.5, 0, 7); g.fillStyle = surface; g.fill();
    g.lineWidth = 2; g.strokeStyle = colour; g.stroke();
    g.fillStyle = colour; g.font = "700 12px " + face; g.textAlign = "center"; g.textBaseline = "middle"; g.fillText(says, x, y + .5);
  }

  function lines(g, edges, token) {
    edges.forEach(edge => {
      const look = style(edge);
      g.save();
      g.strokeStyle = g.fillStyle = token(look.colour); g.lineWidth = look.width; g.lineJoin = "round"; g.lineCap = edge.kind === "cold" ? "round" : "butt";
      g.setLineDash(edge.kind === "conflicts" && !edge.lost ? [] : look.dashes || []);
      g.beginPath();
      if (edge.kind === "conflicts") zigzag(g, edge.points); else curve(g, edge.points);
      g.stroke();
      if (look.arrow) head(g, edge.points, look.arrow);
      g.restore();
    });
  }

  /* Step numbers, chances, and a cross on what is lost. */
  function labels(g, edges, token, face) {
    edges.forEach(edge => {
      const [x, y] = edge.at;
      g.save();
      if (edge.lost && edge.kind !== "conflicts") disc(g, x, y, "✕", token("loss"), token("surface"), face);
      else if (edge.kind === "plan" || edge.kind === "cold") {
        const steps = edge.text.split(" ");
        steps.forEach((step, at) => disc(g, x + 22 * (at - (steps.length - 1) / 2), y, step, token("plan"), token("surface"), face));
      } else if (edge.text) {
        g.font = "600 13px " + face; g.textAlign = "center"; g.textBaseline = "middle";
        const wide = g.measureText(edge.text).width + 6;
        g.fillStyle = token("surface"); g.fillRect(x - wide / 2, y - 8, wide, 16);
        g.fillStyle = token("ink"); g.fillText(edge.text, x, y + .5);
      }
      g.restore();
    });
  }

  function bands(g, columns, token, face) {
    columns.forEach(column => {
      g.save();
      g.fillStyle = token("surface-2"); g.beginPath(); g.roundRect(column.left, column.top, column.right - column.left, column.bottom - column.top, 10); g.fill();
      g.fillStyle = token("ink-2"); g.font = "600 13px " + face; g.textAlign = "center"; g.fillText(column.title, (column.left + column.right) / 2, column.top + 24);
      g.restore();
    });
  }

  /* One path of a phone: its cards from the top to the bottom, joined by straight lines. */
  const BETWEEN = 58;
  function onePath(data, number) {
    const path = data.paths.find(one => one.number === number) || data.paths[0];
    const cards = path ? path.cards : [];
    let y = 20;
    const nodes = cards.map(id => {
      const node = { ...data.nodes.find(one => one.id === id) };
      node.x = 0; node.y = y + node.h / 2; y += node.h + BETWEEN;
      return node;
    });
    const edges = [];
    nodes.slice(1).forEach((node, at) => {
      const above = nodes[at], found = data.edges.filter(edge => edge.from === above.id && edge.to === node.id);
      const edge = found.find(one => one.kind !== "next" && one.kind !== "conflicts") || found[0];
      if (!edge) return;
      const from = [0, above.y + above.h / 2], to = [0, node.y - node.h / 2];
      edges.push({ ...edge, text: edge.kind === "next" ? edge.text : String(path.number), points: [from, from, to, to], at: [0, (from[1] + to[1]) / 2] });
    });
    return { ...data, nodes, edges, bands: [] };
  }

  window.relmapRoutes = { lines, labels, bands, onePath };
})();
