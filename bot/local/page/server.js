/** The server: what the page asks of it, and every failure as one sentence a person can read. */

const LOST = "Mất kết nối với máy chủ dùng thử. Trang đang tự nối lại.";
const BROKEN = "Máy chủ dùng thử gặp lỗi khi xử lý. Đề nghị thử lại; nếu vẫn lỗi, khởi động lại bản dùng thử.";
const PAUSES = [500, 1000, 2000, 5000];

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Throws an Error whose message is the sentence to show. */
export async function post(path, body) {
  return send(path, "application/json", JSON.stringify(body));
}

/** One file as it is; its name and words ride in the address. */
export async function postFile(path, file, words) {
  const about = new URLSearchParams({ name: file.name, caption: words });
  return send(`${path}?${about}`, "application/octet-stream", file);
}

async function send(path, kind, body) {
  let response;
  try {
    response = await fetch(path, { method: "POST", headers: { "Content-Type": kind }, body });
  } catch {
    throw new Error(LOST);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? BROKEN);
  return answer;
}

async function look(since) {
  const response = await fetch(since === null ? "api/state" : `api/state?since=${since}`);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** Calls `onState(state, isFirst)` for ever; `isFirst` also after the server was restarted and all begins again. */
export async function follow({ onState, onLost, onBack }) {
  let run = null;
  let version = null;
  let failures = 0;
  for (;;) {
    let state;
    try {
      state = await look(version);
      if (run !== null && state.run !== run) state = await look(null);
    } catch {
      if (failures === 0) onLost(LOST);
      await pause(PAUSES[Math.min(failures, PAUSES.length - 1)]);
      failures += 1;
      continue;
    }
    if (failures > 0) onBack();
    failures = 0;
    const isFirst = state.run !== run;
    run = state.run;
    version = state.version;
    onState(state, isFirst);
  }
}
