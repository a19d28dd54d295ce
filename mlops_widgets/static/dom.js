// Making and changing elements: what every widget's script begins with. Text is always set as text.

/** Make an element; text is always set as text. */
function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue; // so that `test && value` may be written
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/** Put values into a sentence: "{count} more". */
const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Change a node's text only when it differs, so that nothing is announced or drawn twice. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const hourAndMinute = (iso) =>
  iso ? new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }) : "";

/** Give a value in one order of its keys: what Python sends back may have another. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** A bar from 0 to 1: what is there, and hatched what could be. */
function bar(className = "bar") {
  const value = h("span", { class: "value" });
  const high = h("span", { class: "high" });
  const node = h("div", { class: className, "aria-hidden": "true" }, high, value);
  return {
    node,
    set(now, then = now) {
      value.style.setProperty("--to", now);
      high.style.setProperty("--to", then);
    },
  };
}

/** Whether a key takes the last step back. Where a text is written it is the browser's, and takes back what is typed. */
function isUndo(event) {
  const isPressed = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  return isPressed && !event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])");
}
