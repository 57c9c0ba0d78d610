// The reader (components/reader.html): pages of a PDF by pdf.js, and tables that the keyboard can
// move sideways. A page is drawn when it comes near the window and dropped when it is far, so that
// 900 of them cost no more than a few; #page=N goes to one, as in other readers.
const NEAR = "150% 0px";

function start(reader) {
  if (reader.dataset.started) return;
  reader.dataset.started = "yes";
  if (reader.dataset.reader === "pdf") new Pages(reader).open();
  if (reader.dataset.reader === "html") watchTables(reader);
}

// A table wider than its frame can be reached and moved by the keyboard (WCAG 2.1.1).
function watchTables(reader) {
  const frames = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const frame of reader.querySelectorAll(".cda-table")) frames.observe(frame);
}

class Pages {
  constructor(reader) {
    this.reader = reader;
    this.place = reader.querySelector(".pages");
    this.form = reader.querySelector(".reader-go");
    this.drawn = new Map();
  }

  async open() {
    const { pdf, pdfjs } = this.reader.dataset;
    const base = new URL(pdfjs, location.href).href;
    try {
      this.pdfjs = await import(`${base}pdf.mjs`);
      this.pdfjs.GlobalWorkerOptions.workerSrc = `${base}pdf.worker.mjs`;
      // Nothing that would need more of the policy: no evaluation, no WebAssembly, no forms.
      this.document = await this.pdfjs.getDocument({
        url: new URL(pdf, location.href).href,
        cMapUrl: `${base}cmaps/`,
        standardFontDataUrl: `${base}standard_fonts/`,
        wasmUrl: `${base}wasm/`,
        iccUrl: `${base}iccs/`,
        useWasm: false,
        useSystemFonts: false,
        isEvalSupported: false,
        enableXfa: false,
        stopAtErrors: false,
        verbosity: 0,
      }).promise;
      const first = await this.document.getPage(1);
      this.layOut(first.getViewport({ scale: 1 }));
    } catch (error) {
      this.fail(error);
    }
  }

  // A place for every page, of the first one's shape until its own is known.
  layOut(viewport) {
    const watch = new IntersectionObserver((entries) => this.seen(entries), { rootMargin: NEAR });
    for (let number = 1; number <= this.document.numPages; number += 1) {
      const page = document.createElement("section");
      page.id = `page=${number}`;
      page.dataset.number = number;
      page.tabIndex = -1;
      page.setAttribute("aria-label", this.reader.dataset.pageName.replace("{number}", number));
      page.style.aspectRatio = `${viewport.width} / ${viewport.height}`;
      this.place.append(page);
      watch.observe(page);
    }
    let width = this.place.clientWidth;
    new ResizeObserver(() => {
      if (this.place.clientWidth === width) return;
      width = this.place.clientWidth;
      for (const number of [...this.drawn.keys()]) this.drop(number);
      for (const page of this.place.children) { watch.unobserve(page); watch.observe(page); }
    }).observe(this.place);
    this.form.hidden = this.document.numPages < 2;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const page = this.page(this.form.elements.page.value);
      if (page) location.hash = page.id;
    });
    addEventListener("hashchange", () => this.goToHash());
    this.goToHash();
    this.reader.dataset.ready = "yes";
  }

  page(number) {
    return this.place.querySelector(`[data-number="${Number.parseInt(number, 10)}"]`);
  }

  goToHash() {
    const number = /^#page=(\d{1,6})$/.exec(location.hash)?.[1];
    const page = number && this.page(number);
    if (!page) return;
    page.scrollIntoView();
    page.focus({ preventScroll: true });
    this.form.elements.page.value = number;
  }

  seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const number = Number(target.dataset.number);
      if (!isIntersecting) this.drop(number);
      else if (!this.drawn.has(number)) this.draw(number, target).catch((error) => this.fail(error));
    }
  }

  drop(number) {
    this.drawn.get(number)?.cancel?.();
    this.drawn.delete(number);
    this.page(number)?.replaceChildren();
  }

  async draw(number, place) {
    const turn = {};
    this.drawn.set(number, turn);
    const current = () => this.drawn.get(number) === turn;
    const page = await this.document.getPage(number);
    if (!current()) return;
    const own = page.getViewport({ scale: 1 });
    place.style.aspectRatio = `${own.width} / ${own.height}`;
    const viewport = page.getViewport({ scale: place.clientWidth / own.width });
    const dots = Math.min(devicePixelRatio || 1, 4096 / Math.max(viewport.width, viewport.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * dots);
    canvas.height = Math.floor(viewport.height * dots);
    canvas.setAttribute("aria-hidden", "true");
    const text = document.createElement("div");
    text.className = "layer";
    text.style.setProperty("--total-scale-factor", viewport.scale);
    text.style.setProperty("--text-scale-factor", viewport.scale);
    const task = page.render({
      canvas,
      viewport,
      transform: dots === 1 ? undefined : [dots, 0, 0, dots, 0, 0],
      annotationMode: this.pdfjs.AnnotationMode.DISABLE,
    });
    turn.cancel = () => task.cancel();
    try {
      await task.promise;
    } catch (error) {
      if (error?.name === "RenderingCancelledException") return;
      throw error;
    }
    if (!current()) return;
    const layer = new this.pdfjs.TextLayer({
      textContentSource: await page.getTextContent(),
      container: text,
      viewport,
    });
    await layer.render();
    const jumps = await this.jumps(page, viewport);
    if (current()) {
      place.replaceChildren(canvas, text, ...jumps);
      place.dataset.drawn = "yes";
    }
  }

  // Links to other pages of the same document; the sanitised copy holds no others.
  async jumps(page, viewport) {
    const made = [];
    for (const link of await page.getAnnotations()) {
      if (link.subtype !== "Link" || !link.dest) continue;
      const target = await this.target(link.dest);
      if (!target) continue;
      const [x1, y1] = viewport.convertToViewportPoint(link.rect[0], link.rect[1]);
      const [x2, y2] = viewport.convertToViewportPoint(link.rect[2], link.rect[3]);
      const jump = document.createElement("a");
      jump.className = "jump";
      jump.href = `#page=${target}`;
      const name = this.reader.dataset.pageName.replace("{number}", target);
      jump.setAttribute("aria-label", name);
      jump.style.insetInlineStart = `${(100 * Math.min(x1, x2)) / viewport.width}%`;
      jump.style.insetBlockStart = `${(100 * Math.min(y1, y2)) / viewport.height}%`;
      jump.style.inlineSize = `${(100 * Math.abs(x2 - x1)) / viewport.width}%`;
      jump.style.blockSize = `${(100 * Math.abs(y2 - y1)) / viewport.height}%`;
      made.push(jump);
    }
    return made;
  }

  async target(dest) {
    try {
      const place = typeof dest === "string" ? await this.document.getDestination(dest) : dest;
      if (!place) return null;
      const [page] = place;
      return (typeof page === "object" ? await this.document.getPageIndex(page) : page) + 1;
    } catch {
      return null;
    }
  }

  // The pages cannot be shown: the sentence says so, and the original stands below.
  fail(error) {
    this.reader.dataset.failed = error?.name ?? "error";
    this.reader.querySelector(".reader-failed").hidden = false;
  }
}

function startAll() {
  for (const reader of document.querySelectorAll("[data-reader]")) start(reader);
}

document.addEventListener("htmx:after:swap", startAll);
startAll();
