/* Draws the charts: plain data in data- attributes, colours from the page's tokens, so that a switch
   of theme draws again. Tooltips are drawn on the canvas: HTML ones would need inline styles. What a
   chart shows stands in a table beside it. */
(function () {
  if (!window.echarts) return;
  const narrow = matchMedia("(max-width: 760px)");
  const drawn = new Map();

  const token = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const plain = text => String(text).replace(/[{}]/g, " "); /* braces would be taken for styles */
  const words = box => JSON.parse(box.dataset.words); /* in the reader's language, from the page */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const axis = (more, label) => Object.assign({
    axisLine: { lineStyle: { color: token("line-strong") } }, axisTick: { show: false },
    splitLine: { show: false, lineStyle: { color: token("line") } },
    nameTextStyle: { color: token("ink-2"), fontSize: 12, fontWeight: 600 },
    axisLabel: Object.assign({ color: token("ink-2"), fontSize: 12 }, label),
  }, more);

  const shared = () => ({
    animation: false,
    textStyle: { fontFamily: token("font-sans"), color: token("ink") },
    aria: { enabled: true, label: { enabled: false }, decal: { show: false } },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: token("surface"), borderColor: token("line-strong"), textStyle: { color: token("ink"), fontSize: 13 } },
  });
  const stripes = () => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: Math.PI / 4, color: token("surface") });
  const legend = () => ({ top: 0, left: 0, itemWidth: 16, itemHeight: 10, textStyle: { color: token("ink-2"), fontSize: 12 } });

  /* Dots that would hide each other step aside, always in the same way: a few pixels at most, and
     never over a line that says something else of them. What is drawn stays true to the list. */
  const ASIDE = 7;
  const sideOf = (value, line) => value >= line;

  function apart(points, width, height, high, likely, ready) {
    const px = points.map(p => ({ x: p.x / high * width, y: p.y / 5 * height, r: p.r }));
    const places = px.map(one => ({ x: one.x, y: one.y }));
    const lines = { x: likely / high * width, y: ready / 5 * height };
    const within = (from, to, line, most) => {
      let low = Math.max(0, from - ASIDE), top = Math.min(most, from + ASIDE);
      if (sideOf(from, line)) low = Math.max(low, line); else top = Math.min(top, line - .5);
      return Math.min(Math.max(to, Math.min(low, from)), Math.max(top, from));
    };
    for (let turn = 0; turn < 60; turn++) {
      for (let i = 0; i < px.length; i++) for (let j = 0; j < i; j++) {
        const a = px[i], b = px[j], want = (a.r + b.r) / 2 + 2;
        let dx = a.x - b.x, dy = a.y - b.y;
        if (!dx && !dy) { dx = (i % 3) - 1; dy = 1; }
        const far = Math.hypot(dx, dy);
        if (far >= want) continue;
        const push = (want - far) / 2 / far;
        a.x += dx * push; b.x -= dx * push; a.y += dy * push; b.y -= dy * push;
      }
      px.forEach((one, i) => {
        one.x = within(places[i].x, one.x, lines.x, width);
        one.y = within(places[i].y, one.y, lines.y + .5, height);
      });
    }
    return px.map(one => [one.x / width * high, one.y / height * 5]);
  }

  function radar(box) {
    const points = JSON.parse(box.dataset.points), say = words(box);
    const likely = Number(box.dataset.likely), ready = Number(box.dataset.ready);
    const high = Math.min(100, Math.max(likely + 30, 20 * Math.ceil((Math.max(0, ...points.map(p => p.x)) + 5) / 20)));
    const most = Math.max(...points.map(p => p.size), .001), least = narrow.matches ? 15 : 18;
    points.forEach(p => { p.r = p.beside ? 8 : least + (narrow.matches ? 8 : 11) * Math.sqrt(p.size / most); });
    const numbered = points.filter(p => !p.beside);
    const width = box.clientWidth - 60, height = box.clientHeight - 84;
    apart(numbered, width, height, high, likely, ready).forEach((place, i) => { numbered[i].place = place; });
    box.dataset.places = JSON.stringify(numbered.map(p => [p.n, ...p.place])); /* what tests look at */
    const names = some => some.slice(0, 5).map(p => plain(p.n + "  " + p.name) + "\n" + plain(p.says)).join("\n")
      + (some.length > 5 ? "\n" + fill(say.more, { number: some.length - 5 }) : "");
    const at = p => { const [x, y] = p.place || [p.x, p.y]; return [x / high * width, y / 5 * height]; };
    const under = one => { /* all that lie there: dots may hide each other */
      const [x, y] = at(one);
      const near = points.filter(p => p !== one && Math.hypot(at(p)[0] - x, at(p)[1] - y) < (p.r + one.r) / 4);
      return [one, ...near];
    };
    const dots = (isHot, beside) => ({
      type: "scatter", z: beside ? 2 : 3,
      /* the first rows last, so that they lie on top */
      data: points.filter(p => p.hot === isHot && !!p.beside === beside).reverse().map(p => ({ p, value: p.place || [p.x, p.y] })),
      symbolSize: (_, d) => d.data.p.r,
      itemStyle: { color: token(isHot ? "sev-urgent" : "surface"), borderColor: token(isHot ? (beside ? "sev-urgent" : "surface") : "ink-2"), borderWidth: beside ? 1 : 1.6, opacity: beside ? .55 : 1 },
      label: { show: !beside, formatter: d => String(d.data.p.n), color: token(isHot ? "surface" : "ink"), fontSize: narrow.matches ? 11 : 12, fontWeight: 700 },
      tooltip: { formatter: d => names(under(d.data.p)) },
    });
    const zone = (name, soft, ink, low, top, where) => ({
      silent: true, itemStyle: { color: token(soft) },
      label: { color: token(ink), fontSize: 12, fontWeight: 600, position: where, offset: [where.endsWith("Right") ? -4 : 4, 4] },
      data: [[{ name, xAxis: likely, yAxis: low }, { xAxis: high, yAxis: top }]],
    });
    const cool = dots(false, false), hot = dots(true, false);
    cool.markArea = zone(say.ready, "surface-2", "ink-3", ready, 5, "insideTopRight");
    hot.markArea = zone(say.act, "sev-urgent-soft", "sev-urgent", 0, ready, "insideTopLeft");
    return {
      grid: { left: 44, right: 16, top: 34, bottom: 50 },
      xAxis: axis({ type: "value", min: 0, max: high, interval: 20, name: say.chance, nameLocation: "middle", nameGap: 34 }, { formatter: say.share, margin: 15 }),
      yAxis: axis({ type: "value", min: 0, max: 5, interval: 1, name: say.how_ready, nameGap: 14 }),
      series: [cool, hot, dots(false, true), dots(true, true)],
    };
  }

  function months(box) {
    const rows = JSON.parse(box.dataset.months), say = words(box);
    const bar = (name, place, style) => ({ name, type: "bar", stack: "terms", barWidth: "62%", data: rows.map(row => row[place] || null), itemStyle: style });
    return {
      legend: legend(),
      tooltip: Object.assign(shared().tooltip, { trigger: "axis", axisPointer: { type: "none" } }),
      grid: { left: 30, right: 8, top: narrow.matches ? 58 : 40, bottom: 30 },
      xAxis: axis({ type: "category", data: rows.map(row => row[0]) }, { interval: narrow.matches ? 1 : 0 }),
      yAxis: axis({ type: "value", minInterval: 1, splitLine: { show: true, lineStyle: { color: token("line") } }, axisLine: { show: false } }),
      series: [
        bar(say.announced, 1, { color: token("sev-urgent") }),
        bar(say.term, 2, { color: token("coverage-mark"), decal: stripes() }),
        bar(say.policy, 3, { color: token("coverage-4") }),
      ],
    };
  }

  function calibration(box) {
    const bins = JSON.parse(box.dataset.bins), share = Number(box.dataset.share), say = words(box);
    const most = Math.max(40, 20 * Math.ceil(Math.max(...bins.map(bin => Math.max(bin[0], bin[1]))) / 20));
    return {
      legend: legend(),
      tooltip: Object.assign(shared().tooltip, { trigger: "item" }),
      grid: { left: 48, right: 16, top: 62, bottom: 50 },
      xAxis: axis({ type: "value", min: 0, max: most, name: say.said, nameLocation: "middle", nameGap: 30 }, { formatter: say.share }),
      yAxis: axis({ type: "value", min: 0, max: most, name: say.changed, splitLine: { show: true, lineStyle: { color: token("line") } } }, { formatter: say.share }),
      series: [
        { name: say.ideal, type: "line", data: [[0, 0], [most, most]], symbol: "none", lineStyle: { color: token("ink-3"), type: "dashed", width: 1.5 }, itemStyle: { color: token("ink-3") }, silent: true, tooltip: { show: false } },
        { name: say.alike, type: "line", data: [[0, share], [most, share]], symbol: "none", lineStyle: { color: token("ink-3"), type: "dotted", width: 1.5 }, itemStyle: { color: token("ink-3") }, silent: true, tooltip: { show: false } },
        { name: say.found, type: "line", data: bins.map(bin => ({ value: [bin[0], bin[1]], pairs: bin[2] })), symbol: "circle", symbolSize: 11, lineStyle: { color: token("accent"), width: 1.5 }, itemStyle: { color: token("accent") }, tooltip: { formatter: d => [fill(say.said_percent, { percent: Math.round(d.value[0]) }), fill(say.changed_of_100, { number: Math.round(d.value[1]) }), fill(say.forecasts, { number: d.data.pairs })].join("\n") } },
      ],
    };
  }

  function quarters(box) {
    const rows = JSON.parse(box.dataset.quarters), say = words(box);
    return {
      tooltip: Object.assign(shared().tooltip, { trigger: "axis", axisPointer: { type: "none" }, formatter: at => [plain(at[0].name), fill(say.median, { number: at[0].value }), fill(say.departures, { number: rows[at[0].dataIndex][2] })].join("\n") }),
      grid: { left: 48, right: 16, top: 30, bottom: 30 },
      xAxis: axis({ type: "category", data: rows.map(row => row[0]) }),
      yAxis: axis({ type: "value", name: say.days, splitLine: { show: true, lineStyle: { color: token("line") } }, axisLine: { show: false } }),
      series: [{ type: "bar", barMaxWidth: 46, data: rows.map(row => row[1]), itemStyle: { color: token("coverage-4") } }],
    };
  }

  const kinds = { radar, months, calibration, quarters };

  function draw(box) {
    let chart = drawn.get(box);
    if (!chart) {
      box.replaceChildren();
      box.classList.add("rm-chart-on");
      chart = window.echarts.init(box, null, { renderer: "canvas" });
      drawn.set(box, chart);
    }
    chart.resize();
    chart.setOption(Object.assign(shared(), kinds[box.dataset.chart](box)), true);
    box.dataset.drawn = "yes";
  }
  function all() {
    for (const [box, chart] of drawn) if (!box.isConnected) { chart.dispose(); drawn.delete(box); }
    document.querySelectorAll("[data-chart]").forEach(draw);
  }
  let waiting = 0;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(all, 120); });
  document.addEventListener("relmap:theme", all);
  document.addEventListener("htmx:afterSettle", all); /* a part that came later may bring a chart */
  all();
})();
