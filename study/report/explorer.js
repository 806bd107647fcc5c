// The third: any two configurations, compared. The numbers are those of tables/explorer*.parquet.
(() => {
  const source = document.getElementById("explorer-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const details = document.getElementById("explorer");
  const [said, place] = [details.querySelector("output"), details.querySelector(".compared")];
  const { parameters, settings, configurations: names } = data;
  const chosen = [data.best, data.base === data.best && names.length > 1 ? +!data.best : data.base];
  const letters = names.length > 1 ? ["A", "B"] : ["A"];

  // Numbers as the rest of the page writes them, and statistics as the tables have them.
  const number = (v, digits = 2) => {
    if (v === null || Number.isNaN(v)) return "–";
    if (v < 0) return "−" + number(-v, digits);
    if (v === Infinity) return "∞";
    if (v === 0) return "0";
    const short = Number(v.toPrecision(digits));
    const power = Math.floor(Math.log10(short) + 1e-12);
    if (power >= -4 && short < 1e4) return short.toLocaleString("en-US", { maximumFractionDigits: 12 });
    const [mantissa, exponent] = v.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}\u00a0×\u00a010${String(+exponent).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])}`;
  };
  const value = (v) => Number.isInteger(v) && v !== 0 ? v.toLocaleString("en-US") : number(v);
  const median = (values) => {
    const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
    return below === -above && above === Infinity ? 0 : 0.5 * below + 0.5 * above;
  };
  const worst = ({ goal }) => (goal === "maximize" ? -Infinity : Infinity);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const floats = (of) => (typeof of === "string" ? [...new Float32Array(bytes(of))].map((v) => (Number.isFinite(v) ? v : null)) : of);
  const ends = (trial, metric) => floats(trial.ends[metric.key])?.map((v) => v ?? worst(metric));
  const onScale = (v, metric) => (metric.log ? Math.log10(Math.max(v, 1e-12)) : v);

  // Elements, without a style: the page's security policy refuses those.
  const spare = document.createElement("div");
  spare.innerHTML = `<${"svg"}>`;
  const vectors = spare.firstChild.namespaceURI;  // the parser knows it: the page names no address
  const made = (tag, attributes = {}, ...children) => {
    const svg = ["svg", "path", "circle", "line", "text", "title"].includes(tag);
    const node = svg ? document.createElementNS(vectors, tag) : document.createElement(tag);
    for (const [name, of] of Object.entries(attributes)) node.setAttribute(name, of);
    node.append(...children);
    return node;
  };

  // The difference of two trials, a repetition at a time: of logarithms where ratios count.
  const pairs = (a, b, metric) => {
    const [x, y] = [ends(a, metric), ends(b, metric)];
    if (!x || !y) return [];
    const other = new Map(b.repetitions.map((repetition, i) => [repetition, y[i]]));
    return a.repetitions.flatMap((repetition, i) => {
      if (!other.has(repetition)) return [];
      const [u, v] = [x[i], other.get(repetition)];
      return [{ lower: u < v, tie: u === v, difference: u === v ? 0 : onScale(u, metric) - onScale(v, metric) }];
    });
  };
  const effect = (a, b) => {
    if (a === b) return "A and B are the same configuration.";
    const of = pairs(a, b, data.metric);
    if (!of.length) return "No repetition has both.";
    const [lower, ties] = [of.filter((p) => p.lower).length, of.filter((p) => p.tie).length];
    const middle = median(of.map((p) => p.difference));
    const size = data.metric.log ? `median ratio A / B ${number(10 ** middle, 3)}` : `median difference A − B ${number(middle, 3)}`;
    const equal = ties ? `, equal in ${ties}` : "";
    const cut = (a.status + b.status).includes("p") ? " A pruned run counts with its last epoch." : "";
    return `The ${data.metric.name} of A is lower in ${lower} of ${of.length} repetition${of.length > 1 ? "s" : ""}${equal}; ${size}.${cut}`;
  };

  // One chart: the medians of both with their bands, and where each run ended.
  const [wide, high, left, right, top, bottom] = [360, 200, 52, 22, 8, 32];
  const ticks = (low, up, log) => {
    if (!log) return [0, 1, 2, 3, 4].map((i) => low + (i * (up - low)) / 4);
    const few = Math.max(1, Math.ceil((up - low) / 4));
    const powers = [];
    for (let p = Math.ceil(low / few) * few; p <= up; p += few) powers.push(p);
    if (powers.length > 1) return powers;
    return [low + 0.1 * (up - low), (low + up) / 2, low + 0.9 * (up - low)];
  };
  const chart = (trials, alternative) => {
    const { epochs, drawn } = data;
    const log = drawn[0].log;
    const scaled = (metric) => (v) => (v === 32767 ? Infinity : v === -32768 && metric.log ? -Infinity : v / 1000);
    const finals = (trial, metric) => (floats(trial.ends[`final_${metric.key}`]) ?? []).map((v) => (v === null ? Infinity : log ? Math.log10(v) : v));
    const shown = trials.flatMap((trial, i) => (trial ? drawn.flatMap((metric) => {
      const curve = trial.curves[metric.key];
      return curve ? [{ i, metric, curve: curve.map((part) => [...new Int16Array(bytes(part))].map(scaled(metric))), finals: finals(trial, metric) }] : [];
    }) : []));
    const finite = shown.flatMap(({ curve, finals: f }) => [...curve.flat(), ...f]).filter(Number.isFinite);
    let [low, up] = finite.length ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
    if (!log) [low, up] = [0, Math.max(1, up)];
    if (up - low < 0.02) [low, up] = [low - 0.1, up + 0.1];
    const last = Math.log10(epochs.at(-1)) || 1;
    const x = (epoch) => (left + (Math.log10(epoch) / last) * (wide - left - right)).toFixed(1);
    const y = (v) => (top + (1 - (Math.min(Math.max(v, low), up) - low) / (up - low)) * (high - top - bottom)).toFixed(1);
    const svg = made("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": alternative, fill: "currentColor", "font-size": 11 });
    const text = (words, attributes) => svg.append(made("text", attributes, words));
    for (const tick of ticks(low, up, log)) {
      svg.append(made("line", { x1: left, x2: wide - right, y1: y(tick), y2: y(tick), stroke: "currentColor", "stroke-opacity": 0.15 }));
      text(number(log ? 10 ** tick : tick).replace(/^1\u00a0×\u00a0/, ""), { x: left - 5, y: +y(tick) + 4, "text-anchor": "end" });
    }
    for (let epoch = 1; epoch <= epochs.at(-1); epoch *= 10) text(number(epoch), { x: x(epoch), y: high - bottom + 14, "text-anchor": "middle" });
    text(`${drawn[0].name.replace("training ", "")} after each epoch`, { x: (left + wide - right) / 2, y: high - 4, "text-anchor": "middle" });
    for (const { i, metric, curve: [middle, lower, upper], finals: f } of shown) {
      const colour = data.colours[i];
      const along = (values) => values.map((v, k) => `${x(epochs[k])} ${y(v)}`);
      svg.append(made("path", { d: `M${[...along(lower), ...along(upper).reverse()].join("L")}Z`, fill: colour, "fill-opacity": metric.held_out ? 0.1 : 0.2 }));
      const line = { d: `M${along(middle).join("L")}`, fill: "none", stroke: colour, "stroke-width": 2, "stroke-linejoin": "round" };
      svg.append(made("path", metric.held_out ? { ...line, "stroke-dasharray": "5 3" } : line));
      for (const v of f) svg.append(made("circle", { cx: wide - right + 6 + 9 * i, cy: y(v), r: 2.4, fill: metric.held_out ? "none" : colour, stroke: colour, "fill-opacity": 0.6 }));
    }
    trials.forEach((trial, i) => trial && text(letters[i], { x: wide - right + 6 + 9 * i, y: high - bottom + 14, "text-anchor": "middle", "font-weight": 600 }));
    return svg;
  };

  // The answer of one network over the plane, where it is stored: a sign for each point of the grid.
  const plane = (trial, letter) => {
    const region = trial.region.replace(/(\d+)(\D)/g, (_, n, sign) => sign.repeat(n));
    const side = Math.round(Math.sqrt(region.length));
    const canvas = made("canvas", { width: side, height: side, role: "img",
      "aria-label": `Output of ${letter} over the plane of its two inputs, in repetition ${trial.repetition}` });
    const pencil = canvas.getContext("2d");
    [...region].forEach((sign, k) => {
      pencil.fillStyle = data.paint[sign] ?? "#6b6b6b";
      pencil.fillRect(Math.floor(k / side), side - 1 - (k % side), 1, 1);
    });
    return made("div", {}, canvas, made("span", {}, letter));
  };

  // One table: what each number is, of A and of B. The full number is kept beside the rounded one.
  const endings = { c: "", d: "diverged", p: "pruned", f: "failed" };
  const table = (trials) => {
    const rows = [];
    const row = (head, of, write = value) => {
      const cells = trials.map((trial) => {
        const found = trial ? of(trial) : undefined;
        if (found === undefined || found === null) return made("td", {}, "–");
        return typeof found === "number" ? made("td", { "data-value": found }, write(found)) : made("td", {}, found);
      });
      rows.push(made("tr", {}, made("th", { scope: "row" }, head), ...cells));
    };
    const has = (metric) => trials.some((trial) => trial && ends(trial, metric));
    const middle = (metric) => (trial) => (ends(trial, metric) ? median(ends(trial, metric)) : undefined);
    const never = (v) => (v === Infinity ? "never" : value(v));
    for (const metric of [data.metric, ...data.counted.filter(({ key }) => key !== data.metric.key)]) {
      if (has(metric)) row(`median ${metric.name}`, middle(metric), metric.key.startsWith("epochs_to") ? never : value);
    }
    row("weights and biases", (trial) => trial.weights);
    row("runs", ({ status }) => {
      const bad = Object.entries(endings).flatMap(([letter, word]) => {
        const n = [...status].filter((one) => one === letter).length;
        return word && n ? [`${n} ${word}`] : [];
      });
      return `${status.length}${bad.length ? ` (${bad.join(", ")})` : ""}`;
    });
    const heads = letters.map((letter) => made("th", { scope: "col" }, letter));
    return made("table", {}, made("thead", {}, made("tr", {}, made("td"), ...heads)), made("tbody", {}, ...rows));
  };

  const panel = (dataset, d) => {
    const trials = letters.map((_, i) => data.trials[chosen[i]][d]);
    const figure = made("figure", {}, made("p", { class: "dataset" }, dataset));
    const absent = letters.filter((_, i) => !trials[i]);
    const both = trials.length === 2 && !absent.length;
    const summary = both ? effect(...trials) : absent.length ? `${absent.join(" and ")}: not tried on ${dataset}.` : "";
    if (absent.length < letters.length) figure.append(chart(trials, `Learning curves on ${dataset}. ${summary}`));
    const planes = trials.flatMap((trial, i) => (trial?.region ? [plane(trial, letters[i])] : []));
    if (planes.length) figure.append(made("div", { class: "planes" }, ...planes));
    if (absent.length < letters.length) figure.append(table(trials));
    if (summary) figure.append(made("p", {}, summary));
    trials.forEach((trial, i) => trial && figure.append(
      made("p", { class: "key" }, `Reproduce ${letters[i]}, repetition ${trial.repetition}${trial.repetitions.length > 1 ? ", the one in the middle" : ""}: `, made("code", {}, `study reproduce ${data.study} ${trial.run}`))));
    return { figure, summary: summary && `${dataset}: ${summary}` };
  };

  // What is chosen: by selects, of whose combinations some exist, or by the page's address.
  const selects = letters.map(() => []);
  const show = (note) => {
    selects.forEach((of, i) => of.forEach((select, p) => {
      select.value = String(parameters[p].levels.indexOf(settings[chosen[i]][p]));
    }));
    const panels = data.datasets.map(panel);
    place.replaceChildren(...panels.map(({ figure }) => figure));
    const what = letters.map((letter, i) => `${letter}: ${names[chosen[i]]}.`);
    const effects = panels.map(({ summary }) => summary).filter(Boolean).join(" ");
    said.replaceChildren([note, ...what].filter(Boolean).join(" "), made("span", { class: "sr" }, ` ${effects}`));
  };
  const address = () => `#compare=${letters.map((_, i) => encodeURIComponent(names[chosen[i]])).join("&with=")}`;
  const choose = (i, p) => {
    const level = parameters[p].levels[selects[i][p].value];
    const wanted = [...settings[chosen[i]]];
    wanted[p] = level;
    const distance = (own) => own.reduce((sum, of, q) => {
      if (of === wanted[q]) return sum;
      const [here, there] = [of, wanted[q]].map((v) => parameters[q].levels.indexOf(v));
      return sum + 1 + Math.abs(here - there) / 1e3;
    }, 0);
    let nearest = null;
    settings.forEach((own, c) => {
      if (own[p] === level && (nearest === null || distance(own) < distance(settings[nearest]))) nearest = c;
    });
    chosen[i] = nearest;
    const moved = settings[nearest].flatMap((of, q) => (of === wanted[q] ? [] : [`${parameters[q].name} ${of ?? "–"}`]));
    show(moved.length ? `No configuration has this combination; the nearest has ${moved.join(", ")}.` : "");
    history.replaceState(null, "", address());
  };
  const swatch = (i) => made("svg", { width: 12, height: 12, "aria-hidden": "true" }, made("circle", { cx: 6, cy: 6, r: 5, fill: data.colours[i] }));
  letters.forEach((letter, i) => {
    const labels = parameters.map(({ name, levels }, p) => {
      const select = made("select", { "data-side": letter }, ...levels.map((level, k) => new Option(level ?? "–", k)));
      select.addEventListener("change", () => choose(i, p));
      selects[i].push(select);
      return made("label", {}, `${name} `, select);
    });
    if (parameters.length) details.querySelector(".pair").append(made("fieldset", {}, made("legend", {}, swatch(i), ` ${letter}`), ...labels));
  });

  const read = () => {
    if (!/^#compare(=|$)/.test(location.hash)) return;
    const asked = location.hash.slice("#compare=".length).split("&with=").filter(Boolean).map((text) => {
      try { return names.indexOf(decodeURIComponent(text)); } catch { return -1; }
    });
    asked.slice(0, letters.length).forEach((found, i) => { if (found >= 0) chosen[i] = found; });
    if (asked.length === 1 && chosen[0] === chosen[1] && names.length > 1) chosen[1] = chosen[0] === data.base ? data.best : data.base;
    details.open = true;
    show(asked.includes(-1) ? "The address names a configuration that is not here." : "");
    document.getElementById("compare").scrollIntoView();
  };
  for (const node of document.querySelectorAll(".scripted")) node.hidden = false;
  show("");
  read();
  addEventListener("hashchange", read);

  // Names of configurations elsewhere on the page lead here.
  const known = new Map(names.map((name, i) => [name, i]));
  for (const cell of document.querySelectorAll(".matrix tbody th, section:not([aria-labelledby=trials]) tbody td, .card b")) {
    if (cell.children.length || !known.has(cell.textContent)) continue;
    cell.replaceChildren(made("a", { href: `#compare=${encodeURIComponent(cell.textContent)}` }, cell.textContent));
  }
  for (const row of document.querySelectorAll("[data-claim]")) {
    const of = (data.claims[row.dataset.claim] ?? []).map((c) => encodeURIComponent(names[c]));
    const words = of.length > 1 ? "Compare two configurations of this claim" : "Show a configuration of this claim";
    if (of.length) row.firstElementChild.append(made("p", {}, made("a", { href: `#compare=${of.join("&with=")}` }, words)));
  }
  // So do marks of charts: of a configuration, of levels, or of a parameter, by what their title begins with.
  const meant = (head) => {
    if (known.has(head)) return known.get(head);
    const base = settings[data.base];
    const asked = head.split(" and ").map((part) => parameters.flatMap(({ key, name, levels }, p) => {
      if (part === key || part === name) return [[p, levels.find((level) => level !== null && level !== base[p])]];
      const level = levels.find((one) => one !== null && part === `${name} ${one}`);
      return level === undefined ? [] : [[p, level]];
    })[0]);
    if (asked.includes(undefined)) return undefined;
    const away = (own) => own.filter((of, q) => of !== base[q]).length;
    const fitting = settings.filter((own) => asked.every(([p, level]) => own[p] === level)).sort((a, b) => away(a) - away(b));
    return fitting.length ? settings.indexOf(fitting[0]) : undefined;
  };
  const go = (c) => {
    const to = `#compare=${encodeURIComponent(names[c])}`;
    if (location.hash === to) read(); else location.hash = to;
  };
  // The keyboard has one list for all marks of a chart: a stop for each mark would be hundreds.
  for (const panel of document.querySelectorAll(".panel")) {
    const options = new Map();
    for (const title of panel.querySelectorAll("g > title")) {
      const head = title.textContent.split(": ")[0];
      const place = meant(head);
      if (place === undefined) continue;
      options.set(head, place);
      title.parentNode.setAttribute("cursor", "pointer");
      title.parentNode.addEventListener("click", () => go(place));
    }
    if (!options.size) continue;
    const list = made("select", {}, ...[...options].map(([head, c]) => new Option(head, c)));
    const button = made("button", { type: "button" }, "Compare");
    button.addEventListener("click", () => go(+list.value));
    panel.append(made("div", { class: "marks" }, made("label", {}, "Marks of this chart ", list), button));
  }
  addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[href^='#compare']");
    if (link && link.hash === location.hash) read();
  });
})();
