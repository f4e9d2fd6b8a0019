/* Draws a map: plain data in, cards as SVG images out. Every text passes text(), so that no name can
   become markup; colours come from the page's tokens, so that a switch of theme draws again. */
(function () {
  const box = document.getElementById("map");
  if (!box || !window.vis) return;
  const state = document.getElementById("map-state");
  const words = JSON.parse(box.dataset.words); /* in the reader's language, from the page */
  const AIR = 8; /* round a card, for its badge */
  const SHEET = 60, SHEET_COLUMNS = 6; /* cards painted at once */
  const STANCE_ICONS = { mentor: "star", supporter: "thumb-up", neutral: "equal", non_supporter: "thumb-down", enemy: "ban", unknown: "question-mark", split: "arrows-diff" };
  const STANCE_TOKENS = { non_supporter: "non-supporter", split: "neutral" };
  const icons = {};
  let tokens = {};
  const isTree = box.dataset.question === "reporting";
  const isLayers = box.dataset.question === "cultivate"; /* columns, with lines drawn by routes.js */
  const narrow = window.matchMedia("(max-width: 760px)"); /* there one path at a time */
  let whole = null, data = null, step = null, net = null, place = {}, arrived = 0;
  let made = {}, writing = 0; /* the cards as pixels, and the size their names were written in */
  let turn = 0; /* counts what is drawn: whoever waited meanwhile finds that another has begun */
  const ruler = document.createElement("canvas").getContext("2d");

  const token = name => tokens[name] || (tokens[name] = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim());
  /* Images see no web fonts: measured and drawn alike with the system's. */
  const face = () => token("font-sans").replace(/"Inter",\s*/, "").replace(/"/g, "'");
  const text = value => String(value == null ? "" : value).replace(/[\u0000-\u001f\ufffe\uffff]/g, " ").replace(/[^\p{L}\p{N} .,\-]/gu, c => "&#" + c.codePointAt(0) + ";");

  function width(value, size, weight) {
    ruler.font = (weight || 400) + " 100px " + face();
    return ruler.measureText(value).width * size / 100;
  }
  function cut(value, size, room, weight) {
    if (!value || width(value, size, weight) <= room) return value || "";
    const letters = Array.from(value);
    while (letters.length > 1 && width(letters.join("") + "…", size, weight) > room) letters.pop();
    return letters.join("").trimEnd() + "…";
  }

  const icon = (name, x, y, size, colour, stroke) => `<svg x="${x}" y="${y}" width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="${colour}" stroke-width="${stroke || 2.2}" stroke-linecap="round" stroke-linejoin="round">${icons[name] || ""}</svg>`;

  const hue = stance => token("stance-" + String(stance).replace("_", "-"));

  function frame(node, colour) {
    const { w, h, kind, stance } = node, radius = kind === "us" ? h / 2 : 6;
    const line = (inset, stroke, ink, dash) => `<rect x="${AIR + inset}" y="${AIR + inset}" width="${w - 2 * inset}" height="${h - 2 * inset}" rx="${Math.max(2, radius - inset)}" fill="none" stroke="${ink}" stroke-width="${stroke}"${dash ? ` stroke-dasharray="${dash}" stroke-linecap="round"` : ""}/>`;
    if (node.gone) return line(1, 2, token("loss"), "3 4");
    if (kind === "outside") return line(.5, 1, token("line-strong"), "4 4");
    if (kind === "us") return line(.5, 1, token("accent"));
    if (kind === "fold") return line(.5, 1, token("line-strong"));
    if (kind === "vacant" || kind === "unknown_holder") return line(1, 2, token("line-strong"), "5 4");
    if (stance === "mentor" || stance === "supporter") return line(1, 2, colour);
    if (stance === "neutral") return line(.5, 1, colour);
    if (stance === "non_supporter" || stance === "enemy") return line(2, 4, token("surface")) + line(.75, 1.5, colour) + line(3.25, 1.5, colour);
    if (stance === "split" && node.sides) {
      const half = (clip, ink) => `<g clip-path="url(#${clip}${w})">${line(1.5, 3, ink)}</g>`;
      return `<clipPath id="left${w}"><rect width="${AIR + w / 2}" height="${h + 2 * AIR}"/></clipPath><clipPath id="right${w}"><rect x="${AIR + w / 2}" width="${w}" height="${h + 2 * AIR}"/></clipPath>` + half("left", hue(node.sides[0])) + half("right", hue(node.sides[1]));
    }
    return line(1, 2, colour, ".1 4");
  }

  function fill(node) {
    if (node.gone) return token("surface");
    if (node.kind === "outside") return "url(#hatch)";
    if (node.kind === "us") return token("accent-soft");
    if (node.kind === "fold") return token("surface-2");
    if (node.kind === "vacant") return token("surface");
    if (node.kind === "unknown_holder" || node.cov == null) return "url(#hatch)";
    return token("coverage-" + node.cov);
  }

  function ring(node) {
    const x = AIR + node.w - 28, y = AIR + 27, round = 2 * Math.PI * 18, clock = node.ring;
    const dash = clock.share == null ? ` stroke-dasharray="2 4"` : "";
    const arc = clock.share == null ? "" : `<circle cx="${x}" cy="${y}" r="18" fill="none" stroke="${token("ring-arc")}" stroke-width="4" stroke-dasharray="${round * clock.share} ${round}" transform="rotate(-90 ${x} ${y})"/>`;
    return `<circle cx="${x}" cy="${y}" r="20.5" fill="${token("ring-face")}"/><circle cx="${x}" cy="${y}" r="18" fill="none" stroke="${token("ring-track")}" stroke-width="4"${dash}/>${arc}<text x="${x}" y="${y + 4.5}" font-size="${clock.text.length < 3 ? 13 : 10}" font-weight="700" text-anchor="middle" fill="${token("ink")}">${text(clock.text)}<tspan font-size="9" font-weight="500">${text(clock.unit)}</tspan></text>`;
  }

  function foot(node, colour, ink) {
    const y = AIR + node.h - 15;
    let drawn = "";
    for (let i = 0; i < 5; i++) drawn += `<rect x="${AIR + 11 + i * 8.5}" y="${y}" width="6.5" height="6.5" rx="1.5" ${i < (node.cov || 0) ? `fill="${token("coverage-mark")}"` : `fill="none" stroke="${ink}" stroke-width=".9" opacity=".6"`}/>`;
    drawn += `<circle cx="${AIR + node.w - 19}" cy="${AIR + node.h - 15}" r="10.5" fill="${token("ring-face")}"/>` + icon(STANCE_ICONS[node.stance] || "question-mark", AIR + node.w - 26, AIR + node.h - 22, 14, colour);
    return drawn + `<text x="${AIR + 58}" y="${y + 7}" font-size="12" fill="${ink}">${text(node.meta)}</text>`;
  }

  /* Who would be gone. */
  const ghost = node => icon("user-off", AIR + node.w - (node.kind === "us" ? 34 : 27), AIR + (node.kind === "us" ? 15 : 8), 18, token("loss"), 1.9) + (node.kind === "us" ? "" : `<text x="${AIR + 11}" y="${AIR + node.h - 9}" font-size="12" fill="${token("loss")}">what if gone</text>`);

  /* A crowd is seen from further off: fewer pixels are painted sooner. */
  const sharpness = () => (writing ? Math.max(.5, 24 / writing) : data.nodes.length > 100 ? 1.5 : 2);

  /* From afar a whole card cannot be read: the name alone is written, as large as it must be. */
  const CLOSE = .6, NAME = 12, LARGEST = 46;
  const writingAt = scale => (scale >= CLOSE ? 0 : Math.min(LARGEST, 4 * Math.ceil(NAME / scale / 4)));

  function farCard(node) {
    const { w, h, kind } = node, blank = kind === "vacant" || kind === "unknown_holder" || kind === "fold";
    const ink = blank || kind === "us" || node.cov == null ? token("ink") : token("on-coverage"), room = w - 14;
    const words = node.name.split(" "), first = words.shift(), rest = words.join(" ");
    const isSplit = rest && width(node.name, writing, 600) > room && 2.1 * writing < h - 6;
    const lines = isSplit ? [first, rest] : [width(node.name, writing, 600) > room && rest ? first : node.name];
    const second = lines.length === 1 && 1.9 * writing < h - 10 ? cut(node.title || "", .72 * writing, room) : "";
    const high = (lines.length + (second ? .8 : 0)) * writing * 1.08;
    let drawn = "", y = AIR + (h - high) / 2 + .88 * writing;
    lines.forEach(one => { drawn += `<text x="${AIR + w / 2}" y="${y}" font-size="${writing}" font-weight="600" text-anchor="middle" fill="${ink}"${node.lang ? ` lang="${text(node.lang)}"` : ""}>${text(cut(one, writing, room, 600))}</text>`; y += 1.08 * writing; });
    if (second) drawn += `<text x="${AIR + w / 2}" y="${y - .1 * writing}" font-size="${.72 * writing}" text-anchor="middle" fill="${ink}">${text(second)}</text>`;
    return drawn;
  }

  /* The number of a planned step, in the card's upper right corner. */
  const badge = (node, W, round) => `<circle cx="${W - round - 1}" cy="${round + 1}" r="${round}" fill="${token("plan")}" stroke="${token("surface")}" stroke-width="2"/><text x="${W - round - 1}" y="${1.4 * round + 1}" font-size="${1.1 * round}" font-weight="700" text-anchor="middle" fill="${token("surface")}">${text(node.step)}</text>`;

  /* Somebody from outside: one line, no face. */
  const outsideCard = node => `<text x="${AIR + node.w / 2}" y="${AIR + node.h / 2 + 4.5}" font-size="12" text-anchor="middle" fill="${token("ink")}">${text(cut(node.name, 12, node.w - 16))}</text>`;

  function card(node) {
    const { w, h, kind } = node, W = w + 2 * AIR, H = h + 2 * AIR, isUs = kind === "us";
    const colour = token("stance-" + (STANCE_TOKENS[node.stance] || node.stance || "unknown")) || token("stance-unknown");
    const blank = kind === "vacant" || kind === "unknown_holder" || kind === "fold";
    const ink = node.gone ? token("ink-3") : blank || isUs || node.cov == null ? token("ink") : token("on-coverage");
    const left = AIR + (isUs ? 46 : 11), room = w - (isUs ? 58 : 22) - (node.ring ? 46 : 0);
    let drawn = `<rect x="${AIR}" y="${AIR}" width="${w}" height="${h}" rx="${isUs ? h / 2 : 6}" fill="${fill(node)}"/>` + frame(node, colour);
    if (node.focus) drawn += `<rect x="${AIR - 4}" y="${AIR - 4}" width="${w + 8}" height="${h + 8}" rx="9" fill="none" stroke="${token("accent")}" stroke-width="2"/>`;
    if (kind === "outside") return { W, H, drawn: drawn + (writing ? "" : outsideCard(node)) };
    if (writing) return { W, H, drawn: drawn + farCard(node) + (node.step ? badge(node, W, .62 * writing) : "") };
    if (isUs) drawn += `<circle cx="${AIR + 24}" cy="${AIR + h / 2}" r="15" fill="${token("accent")}"/><text x="${AIR + 24}" y="${AIR + h / 2 + 5}" font-size="13" font-weight="600" text-anchor="middle" fill="${token("accent-ink")}">${text(Array.from(node.name)[0])}</text>`;
    const letters = width(node.name, 15, 600) > room ? 13 : 15; /* smaller before it is cut */
    const name = cut(node.name, letters, room, 600), used = width(name, letters, 600), y = AIR + (isUs ? 21 : 24);
    const latin = node.latin && room - used > 34 ? cut(node.latin, 12, room - used - 6) : "";
    drawn += `<text x="${left}" y="${y}" font-size="${letters}" font-weight="600" fill="${ink}"${node.gone ? ` text-decoration="line-through"` : ""}${node.lang ? ` lang="${text(node.lang)}"` : ""}>${text(name)}${latin ? `<tspan font-size="12" font-weight="400" dx="6">${text(latin)}</tspan>` : ""}</text>`;
    const title = (node.acting ? words.acting + " · " : "") + (node.title || "");
    drawn += `<text x="${left}" y="${y + 17}" font-size="12" fill="${ink}">${text(cut(title, 12, isUs ? room : w - 22 - (node.ring ? 46 : 0)))}</text>`;
    if (node.gone) drawn += ghost(node);
    else if (!blank && !isUs) drawn += foot(node, colour, ink);
    if (blank && node.meta) drawn += `<text x="${left}" y="${AIR + h - 9}" font-size="12" fill="${ink}">${text(node.meta)}</text>`;
    if (kind === "vacant") drawn += icon("armchair", AIR + w - 34, AIR + h - 34, 22, token("ink-2"), 1.8);
    if (kind === "unknown_holder") drawn += `<text x="${AIR + w - 24}" y="${AIR + h - 14}" font-size="19" font-weight="700" fill="${token("ink-2")}">?</text>`;
    if (node.ring && !blank && !node.gone) drawn += ring(node);
    if (node.step) drawn += badge(node, W, 11);
    return { W, H, drawn };
  }

  const STYLES = {
    reports: () => ({ colour: token("ink-2"), width: 1.4, arrow: false }),
    dotted_line: () => ({ colour: token("ink-2"), width: 1.8, dashes: [2, 5] }),
    tie: edge => ({ colour: token("line-strong"), width: .8 + 4.5 * (edge.strength || 0) }),
    influences: () => ({ colour: token("accent"), width: 1.6, arrow: true }),
    advises: () => ({ colour: token("accent"), width: 1.6, arrow: true }),
    other: () => ({ colour: token("line-strong"), width: 1.4, dashes: [7, 4] }),
  };


  function line(edge) {
    const style = (STYLES[edge.kind] || STYLES.other)(edge);
    const isReport = edge.kind === "reports";
    return {
      from: edge.from, to: edge.to, width: style.width, dashes: style.dashes || false,
      color: { color: style.colour, inherit: false },
      arrows: style.arrow ? { to: { enabled: true, scaleFactor: .55 } } : "",
      smooth: { enabled: true, type: "curvedCW", roundness: .1 },
      hidden: isReport || edge.kind === "conflicts",
    };
  }

  /* Where lines turn that come down from a card: just above the next row. */
  function below(spot) {
    const next = data.bands.find(band => band.top > spot.y);
    return next ? next.top - 26 : spot.y + spot.h / 2 + 27;
  }
  /* Reporting lines of the tree run square: down from the superior, along, down to the report. */
  function drawTree(g) {
    g.strokeStyle = token("ink-2"); g.lineWidth = 1.4; g.lineJoin = "round";
    data.edges.forEach(edge => {
      const a = place[edge.from], b = place[edge.to];
      if (edge.kind !== "reports" || !a || !b) return;
      const bend = b.top - 26, first = isTree ? below(a) : bend;
      g.beginPath();
      g.moveTo(a.x, a.y + a.h / 2); g.lineTo(a.x, first);
      if (first < bend - 1) { g.lineTo(b.trunk, first); g.lineTo(b.trunk, bend); }
      if (b.isStacked) {
        const gutter = b.x - b.w / 2 - 9;
        g.lineTo(gutter, bend); g.lineTo(gutter, b.y); g.lineTo(b.x - b.w / 2, b.y);
      } else {
        g.lineTo(b.x, bend); g.lineTo(b.x, b.y - b.h / 2);
      }
      g.stroke();
    });
  }
  /* The names of the levels stay at the left edge, wherever one has moved to: while all is seen in a
     column of their own where there is room for one, else between the rows. Lines end before them. */
  const margin = () => (isTree && box.clientWidth >= 600 ? 84 : 0);
  const ROW_GAP = 54;
  const newBands = () => data.bands.filter((band, index) => !index || band.title !== data.bands[index - 1].title);
  function drawLevels(g) {
    const scale = net.getScale(), left = net.DOMtoCanvas({ x: 0, y: 0 }).x, right = net.DOMtoCanvas({ x: box.clientWidth, y: 0 }).x;
    g.strokeStyle = token("line"); g.lineWidth = 1 / scale;
    newBands().slice(1).forEach(band => { g.beginPath(); g.moveTo(left, band.top - 36); g.lineTo(right, band.top - 36); g.stroke(); });
  }
  function drawLevelNames(g) {
    const scale = net.getScale(), left = net.DOMtoCanvas({ x: 0, y: 0 }).x, size = 12 / scale;
    const isAside = margin() && scale < fit().whole * 1.01;
    if (!isAside && ROW_GAP < 1.5 * size) return; /* from so far off they would lie on the cards */
    g.font = "600 " + size + "px " + token("font-sans");
    newBands().forEach(band => {
      const wide = g.measureText(band.title).width, y = band.top - (isAside ? 8 : 36);
      g.fillStyle = token("surface"); g.fillRect(left, y + 2 / scale, wide + 16 / scale, 1.4 * size);
      g.fillStyle = token("ink-3"); g.fillText(band.title, left + 10 / scale, y + 1.25 * size);
    });
  }
  /* vis has no zigzag: a conflict is drawn here. */
  function drawConflicts(g) {
    g.strokeStyle = token("stance-enemy"); g.lineWidth = 1.8;
    data.edges.filter(edge => edge.kind === "conflicts" && place[edge.from] && place[edge.to]).forEach(edge => {
      const a = place[edge.from], b = place[edge.to], length = Math.hypot(b.x - a.x, b.y - a.y);
      const teeth = Math.max(4, Math.round(length / 9)), ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
      g.beginPath(); g.moveTo(a.x, a.y);
      for (let i = 1; i < teeth; i++) { const run = length * i / teeth, off = i % 2 ? 4.5 : -4.5; g.lineTo(a.x + ux * run - uy * off, a.y + uy * run + ux * off); }
      g.lineTo(b.x, b.y); g.stroke();
    });
  }

  function measure() {
    place = {};
    data.nodes.forEach(node => { place[node.id] = { x: node.x, y: node.y, w: node.w, h: node.h, top: node.y - node.h / 2, trunk: node.trunk, isStacked: false }; });
    const below = {};
    data.edges.forEach(edge => { if (edge.kind === "reports") (below[edge.from] = below[edge.from] || []).push(edge.to); });
    Object.values(below).forEach(ids => {
      const spots = ids.map(id => place[id]).filter(Boolean);
      spots.forEach(spot => {
        spot.isStacked = spots.some(other => other !== spot && Math.abs(other.x - spot.x) < 4);
        spot.top = Math.min(...spots.filter(other => Math.abs(other.x - spot.x) < 4).map(other => other.y - other.h / 2));
      });
    });
  }

  /* Of columns all the width is seen, and the box is as high as they are. */
  function fitLayers() {
    const edges = data.bands.length ? data.bands : [{ left: -119, right: 119, top: 0, bottom: Math.max(...data.nodes.map(node => node.y + node.h / 2)) + 20 }];
    const view = { left: edges[0].left - 8, right: edges[edges.length - 1].right + 8, top: edges[0].top - 6, bottom: edges[0].bottom + 6 };
    return { ...view, whole: Math.min(1, box.clientWidth / (view.right - view.left)) };
  }
  function fit() {
    if (isLayers) return fitLayers();
    const xs = data.nodes.map(node => node.x), ys = data.nodes.map(node => node.y);
    const left = Math.min(...xs) - 116, right = Math.max(...xs) + 116, top = Math.min(...ys) - (isTree ? 92 : 60), bottom = Math.max(...ys) + 60;
    const whole = Math.min(1, (box.clientWidth - margin()) / (right - left), box.clientHeight / (bottom - top));
    return { whole, left, right, top, bottom };
  }
  /* The box is as high as the drawing needs, up to what its class allows. */
  function size() {
    box.style.height = "";
    const view = fit(), most = isLayers ? Infinity : box.clientHeight;
    const least = isTree || isLayers ? 0 : leastScale(); /* a tree is seen whole at first, a neighbourhood from its middle */
    const scale = Math.max(Math.min(1, (box.clientWidth - margin()) / (view.right - view.left)), least);
    box.style.height = Math.max(isLayers ? 120 : 280, Math.min(most, Math.round((view.bottom - view.top) * scale) + 20)) + "px";
  }
  const leastScale = () => (box.clientWidth < 600 ? .62 : .72);
  const firstScale = () => (isTree || isLayers ? fit().whole : Math.max(fit().whole, leastScale()));
  const TOUCHABLE = .35; /* below, a card is too small for a finger */
  const SOON = { duration: 150, easingFunction: "easeOutQuad" };
  function look(all) {
    const view = fit(), focus = data.nodes.find(node => node.focus);
    const scale = all ? view.whole : firstScale();
    let x = (view.left + view.right) / 2 - margin() / scale / 2, y = (view.top + view.bottom) / 2;
    if (scale > view.whole) {
      const first = focus || data.nodes.reduce((a, b) => (b.y < a.y ? b : a));
      const half = box.clientWidth / scale / 2, tall = box.clientHeight / scale / 2;
      x = view.right - view.left < 2 * half ? x : Math.min(Math.max(first.x, view.left + half), view.right - half);
      y = focus ? focus.y : Math.min(view.top + tall, Math.max(y, view.top + tall));
    }
    move({ position: { x, y }, scale });
  }
  /* To another place or scale; the names are written anew where they would be too small or too large. */
  async function move(to) {
    net.moveTo(to);
    if (writingAt(to.scale) !== writing && await paint(to.scale)) net.redraw();
  }

  function isInside(node) {
    const from = net.canvasToDOM({ x: node.x - node.w / 2, y: node.y - node.h / 2 }), to = net.canvasToDOM({ x: node.x + node.w / 2, y: node.y + node.h / 2 });
    return from.x >= 0 && from.y >= 0 && to.x <= box.clientWidth && to.y <= box.clientHeight;
  }

  /* Cards become pixels once: an SVG image would be painted anew with every frame. Many share a
     sheet: an image of its own for each of 300 takes the browser longer than all the rest. */
  async function sheet(nodes) {
    const cards = nodes.map(card), scale = sharpness();
    const wide = Math.max(...cards.map(one => one.W)), high = Math.max(...cards.map(one => one.H));
    cards.forEach((one, index) => { one.x = index % SHEET_COLUMNS * wide; one.y = Math.floor(index / SHEET_COLUMNS) * high; });
    const W = SHEET_COLUMNS * wide, H = Math.ceil(cards.length / SHEET_COLUMNS) * high;
    const hatch = `<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="${token("hatch-a")}"/><rect width="3.5" height="7" fill="${token("hatch-b")}"/></pattern>`;
    const drawn = cards.map(one => `<svg x="${one.x}" y="${one.y}" width="${one.W}" height="${one.H}">${one.drawn}</svg>`).join("");
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${W * scale}" height="${H * scale}" viewBox="0 0 ${W} ${H}" font-family="${face()}"><defs>${hatch}</defs>${drawn}</svg>`);
    await image.decode();
    const pixels = await createImageBitmap(image);
    return cards.map(one => ({ pixels, x: one.x * scale, y: one.y * scale, w: one.W * scale, h: one.H * scale, W: one.W, H: one.H }));
  }
  async function pictures(nodes) {
    const sheets = [];
    for (let start = 0; start < nodes.length; start += SHEET) sheets.push(sheet(nodes.slice(start, start + SHEET)));
    return (await Promise.all(sheets)).flat();
  }
  /* Says whether it was still asked for when it was done. */
  async function paint(scale) {
    const size = writing = writingAt(scale), nodes = data.nodes, mine = turn;
    const found = await pictures(nodes);
    if (mine !== turn || size !== writing) return false;
    made = Object.fromEntries(nodes.map((node, index) => [node.id, found[index]]));
    box.toggleAttribute("data-far", Boolean(size)); /* names are cut: left out on paper */
    return true;
  }
  const painted = node => ({ ctx, x, y }) => ({
    drawNode() {
      const one = made[node.id];
      if (!one) return;
      ctx.imageSmoothingQuality = data.nodes.length > 100 ? "medium" : "high";
      ctx.drawImage(one.pixels, one.x, one.y, one.w, one.h, x - one.W / 2, y - one.H / 2, one.W, one.H);
    },
    nodeDimensions: { width: node.w, height: node.h },
  });

  /* A phone draws the steps of the plan; where none is to be drawn, that is said. */
  function sayNothing() {
    state.textContent = words.no_step;
    state.hidden = state.parentElement.hidden = false;
    box.dataset.drawn = "0";
  }
  async function draw() {
    const mine = ++turn;
    if (net) net.destroy();
    net = null;
    tokens = {};
    data = isLayers && narrow.matches ? relmapRoutes.onePath(whole, step) : whole;
    box.hidden = !data.nodes.length;
    if (box.hidden) return sayNothing();
    measure();
    size();
    await paint(firstScale());
    if (mine !== turn) return;
    const nodes = data.nodes.map(node => ({ id: node.id, x: node.x, y: node.y, shape: "custom", ctxRenderer: painted(node) }));
    net = new vis.Network(box, { nodes: new vis.DataSet(nodes), edges: new vis.DataSet(isLayers ? [] : data.edges.map(line)) }, data.options);
    if (isLayers) net.on("beforeDrawing", g => { relmapRoutes.bands(g, data.bands, token, face()); relmapRoutes.lines(g, data.edges, token); relmapRoutes.labels(g, data.edges, token, face()); });
    else net.on("beforeDrawing", g => { if (isTree) drawLevels(g); drawTree(g); drawConflicts(g); if (isTree) drawLevelNames(g); });
    net.on("click", event => {
      if (net.getScale() < TOUCHABLE) return move({ position: event.pointer.canvas, scale: leastScale(), animation: SOON });
      const node = cardAt(event.pointer.canvas);
      if (node && node.href) location.assign(node.href);
    });
    /* For who waits or measures: how many cards, how many of them wholly inside the picture, and when
       (ms after the data came) it last changed. */
    net.on("afterDrawing", () => {
      box.dataset.drawn = String(data.nodes.length);
      box.dataset.inside = String(data.nodes.filter(isInside).length);
      box.dataset.still = String(Math.round(performance.now() - arrived));
    });
    net.redraw();
    look(false);
    state.hidden = state.parentElement.hidden = true;
  }

  /* vis takes a click or a pointer for a node's only near its middle: whose card it is, is found here. */
  const cardAt = spot => data.nodes.findLast(one => Math.abs(spot.x - one.x) <= one.w / 2 && Math.abs(spot.y - one.y) <= one.h / 2);
  function pointAt(node) {
    box.classList.toggle("rm-map-point", Boolean(node && node.href));
    const says = (node && node.says) || "";
    if (box.title !== says) box.title = says;
  }
  box.addEventListener("pointermove", event => {
    const corner = box.getBoundingClientRect();
    if (net) pointAt(cardAt(net.DOMtoCanvas({ x: event.clientX - corner.left, y: event.clientY - corner.top })));
  });
  box.addEventListener("pointerleave", () => pointAt(null));

  document.querySelectorAll("[data-zoom]").forEach(button => button.addEventListener("click", () => {
    if (!net) return;
    if (button.dataset.zoom === "fit") return look(true);
    move({ scale: net.getScale() * (button.dataset.zoom === "in" ? 1.25 : .8), animation: SOON });
  }));
  document.querySelectorAll("[data-step]").forEach(button => button.addEventListener("click", () => {
    document.querySelectorAll("[data-step]").forEach(one => one.setAttribute("aria-pressed", String(one === button)));
    step = Number(button.dataset.step);
    if (whole) draw();
  }));
  if (isLayers) narrow.addEventListener("change", () => { if (whole) draw(); });
  document.addEventListener("relmap:theme", () => { if (whole) draw(); });

  function readIcons(sprite) {
    const parsed = new DOMParser().parseFromString(sprite, "image/svg+xml");
    parsed.querySelectorAll("symbol").forEach(symbol => {
      icons[symbol.id] = Array.from(symbol.children).map(child => new XMLSerializer().serializeToString(child)).join("");
    });
  }
  Promise.all([
    fetch(box.dataset.url, { headers: { Accept: "application/json" } }).then(answer => { if (!answer.ok) throw new Error(answer.status); return answer.json(); }),
    fetch(box.dataset.icons).then(answer => answer.text()),
  ]).then(([found, sprite]) => { whole = found; arrived = performance.now(); readIcons(sprite); return draw(); })
    .catch(() => { state.textContent = words.not_loaded; });
})();
