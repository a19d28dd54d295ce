// What a browser keeps between pages: the name people give, and where they were.

const NAME = "mlops-widgets:who";

/** What this browser keeps under a name; nothing where it keeps nothing. A forbidden storage throws when it is named. */
function kept(storage, name) {
  try {
    return globalThis[storage].getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** What this tab keeps of a page's parts; nothing where that is not what we wrote. */
function keptParts(name) {
  try {
    return { ...JSON.parse(kept("sessionStorage", name)) };
  } catch {
    return {};
  }
}

/** Keep something in this browser, where it keeps anything. */
function keep(storage, name, value) {
  try {
    globalThis[storage].setItem(name, value);
  } catch {
    // Then it is asked for again next time.
  }
}
