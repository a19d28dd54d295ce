// A page's connection to its kernel: makes the models that widgets need, over one WebSocket, and nothing else.
// Shows when the server cannot be reached, and comes back when it can. Widgets keep what was typed meanwhile.

const config = JSON.parse(document.getElementById("page-config").textContent);
const kernel = document.querySelector("[data-kernel-id]")?.dataset.kernelId;
const notice = document.getElementById("page-notice");
const session = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
const ALIVE_EVERY = 4000; // ms between looks at whether server and kernel are still there
const LEAVING_TAKES = 30_000; // ms the next page may take to answer; a reload meanwhile would call it off

/** The model of one widget: what a widget's JavaScript may use, and no more. */
class Model {
  constructor(id, connection) {
    this.id = id;
    this.connection = connection;
    this.state = {};
    this.changed = {};
    this.listeners = new Map();
    this.ready = () => {};
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
    this.changed[name] = value;
  }

  save_changes() {
    const state = this.changed;
    this.changed = {};
    this.connection.send(this.id, { method: "update", state, buffer_paths: [] });
  }

  on(name, run) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), run]);
  }

  off(name, run) {
    if (name === null) this.listeners.clear();
    else this.listeners.set(name, (this.listeners.get(name) ?? []).filter((each) => each !== run));
  }

  /** Take what Python sent: all of it first, then tell who listens. */
  receive(state) {
    Object.assign(this.state, state);
    for (const name of Object.keys(state)) for (const run of this.listeners.get(`change:${name}`) ?? []) run();
  }
}

class Connection {
  constructor() {
    /** @type {Map<string, Model>} */
    this.models = new Map();
    this.waiting = [];
    this.count = 0;
    this.open();
  }

  open() {
    const base = config.base.replace(/^http/, "ws");
    this.socket = new WebSocket(`${new URL(base, location.href.replace(/^http/, "ws"))}api/kernels/${kernel}/channels?session_id=${session}`);
    this.socket.addEventListener("open", () => {
      for (const { comm, data } of this.waiting.splice(0)) this.send(comm, data);
    });
    this.socket.addEventListener("message", (event) => typeof event.data === "string" && this.receive(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => setTimeout(lookAlive, 300));
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(comm, data) {
    if (!this.isOpen) {
      this.wait(comm, data);
      return;
    }
    this.count += 1;
    const header = { msg_id: `${session}-${this.count}`, msg_type: "comm_msg", username: "", session, version: "5.3", date: new Date().toISOString() };
    this.socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: { comm_id: comm, data }, buffers: [] }));
  }

  /** Keep a message until the line is open; of a widget's changes the latest, for it sends them again and again. */
  wait(comm, data) {
    const earlier = this.waiting.find((each) => each.comm === comm && each.data.method === "update");
    if (earlier && data.method === "update") Object.assign(earlier.data.state, data.state);
    else this.waiting.push({ comm, data });
  }

  receive({ msg_type, header, content }) {
    if ((msg_type ?? header.msg_type) !== "comm_msg" || content.data.method !== "update") return;
    const model = this.models.get(content.comm_id);
    if (!model) return;
    model.receive(content.data.state);
    if ("_esm" in model.state) model.ready(); // a change of somebody else may come before the whole state
  }

  /** Ask Python for a widget's whole state. */
  async model(id) {
    const model = new Model(id, this);
    this.models.set(id, model);
    const state = new Promise((ready) => (model.ready = ready));
    this.send(id, { method: "request_state" });
    await state;
    return model;
  }
}

async function show(place, connection) {
  const model = await connection.model(place.dataset.model);
  const style = document.createElement("style");
  style.textContent = model.get("_css") ?? "";
  document.head.append(style);
  const address = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
  const { default: widget } = await import(address);
  URL.revokeObjectURL(address);
  place.replaceChildren();
  await widget.render({ model, el: place });
  place.removeAttribute("aria-busy");
}

let reconnecting = 0;
let leftAt = -Infinity;

/** Reload when the kernel is gone but the server is there; say so when neither is. */
async function lookAlive() {
  clearTimeout(reconnecting);
  reconnecting = setTimeout(lookAlive, notice.hidden ? ALIVE_EVERY : ALIVE_EVERY / 4);
  try {
    const answer = await fetch(`${config.base}alive/${kernel}`, { cache: "no-store", signal: AbortSignal.timeout(ALIVE_EVERY) });
    if ([401, 403, 404].includes(answer.status)) {
      if (performance.now() - leftAt > LEAVING_TAKES) location.reload();
    } else if (!answer.ok) throw new Error(answer.statusText);
    else if (connection.socket.readyState === WebSocket.CLOSED) connection.open();
    notice.hidden = true;
  } catch {
    notice.textContent = config.words.unreachable;
    notice.hidden = false;
  }
}

const connection = kernel ? new Connection() : null;
if (connection) {
  for (const place of document.querySelectorAll("[data-model]")) show(place, connection);
  reconnecting = setTimeout(lookAlive, ALIVE_EVERY);
  addEventListener("online", lookAlive);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  // A kernel lives as long as its page. Told before the next page is asked for, so that a reload has room;
  // should the page stay after all, a later look finds the kernel gone and reloads.
  const end = () => {
    leftAt = performance.now();
    navigator.sendBeacon(`${config.base}alive/${kernel}`);
  };
  addEventListener("beforeunload", end);
  addEventListener("pagehide", end);
}

// A menu of files closes as menus do: by Escape, and by a click anywhere else or on what was wanted.
const menu = document.querySelector(".page-files");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
