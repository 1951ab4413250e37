// Words the server has not acknowledged. They stay in the tab's own storage until it has, so that a lost connection,
// a reload or a change of language loses nothing. Where storage is refused, memory must do.

const memory = new Map();

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch { return memory.get(key) || []; }
}

function write(key, list) {
  memory.set(key, list);
  try {
    if (list.length) sessionStorage.setItem(key, JSON.stringify(list));
    else sessionStorage.removeItem(key);
  } catch { /* memory has it */ }
}

export const first = () => read("unsent")[0];
export const put = (message) => write("unsent", [...read("unsent"), message]);
export const settle = (id) => write("unsent", read("unsent").filter((message) => message.id !== id));

// What was said by this side, and after which message, so that a reload shows both sides in their order.
export const said = () => read("said");
export const remember = (id, after, text) => write("said", [...said(), { id, after, text }]);
export const unsay = (id) => write("said", said().filter((own) => own.id !== id));

export function forgetAll() {
  memory.clear();
  try { sessionStorage.clear(); } catch { /* nothing was kept */ }
}
