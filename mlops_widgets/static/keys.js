// Single-letter keys, the list that shows them, and the switch that turns them off (WCAG 2.1.4), for good.

const LETTERS = "mlops-widgets:letters";

/** @param {Record<string, {text: string, run(): void}>} keys by letter */
function keyboard(words, uid, keys) {
  let letters = kept("localStorage", LETTERS) !== "off";
  const shown = [
    ["Tab", words.help_tab],
    ["← ↑ ↓ →", words.help_arrows],
    ["Space", words.help_space],
    ...Object.entries(keys).map(([letter, key]) => [letter, key.text]),
    ["?", words.help_help],
  ];
  const dialog = h(
    "dialog",
    { class: "keys", "aria-labelledby": `${uid}-keys` },
    h("h2", { id: `${uid}-keys`, text: words.help_title }),
    h("dl", {}, ...shown.flatMap(([name, text]) => [h("dt", {}, h("kbd", { text: name })), h("dd", { text })])),
    h(
      "label",
      {},
      h("input", { type: "checkbox", checked: letters, onchange: (event) => switchLetters(event.target.checked) }),
      h("span", { text: words.help_switch }),
    ),
    h("button", { type: "button", class: "button", text: words.help_close, onclick: () => dialog.close() }),
  );
  function switchLetters(on) {
    letters = on;
    keep("localStorage", LETTERS, on ? "on" : "off");
  }

  const show = () => dialog.showModal();
  dialog.addEventListener("keydown", (event) => event.key === "?" && dialog.close());

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !letters || dialog.open) return;
    if (event.target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    const run = event.key === "?" ? show : keys[event.key]?.run;
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }

  return { dialog, show, press };
}
