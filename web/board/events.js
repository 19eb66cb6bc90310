// Changes as they happen: the server's stream of journal lines. Each page says what it wants told.

let source = null;
let listeners = new Set();
let tellState = () => {};

export function startEvents(onstate) {
    tellState = onstate;
    stopEvents();
    source = new EventSource("/api/events");
    source.onopen = () => tellState(true);
    source.onerror = () => tellState(false);
    source.addEventListener("change", (e) => {
        let change;
        try {
            change = JSON.parse(e.data);
        } catch {
            return; // a line this page does not understand
        }
        for (const tell of listeners) tell(change);
    });
}

export function stopEvents() {
    source?.close();
    source = null;
}

// Calls `tell` with every change until the function it returns is called.
export function onChange(tell) {
    listeners.add(tell);
    return () => listeners.delete(tell);
}

export function forgetListeners() {
    listeners = new Set();
}

// Many changes soon after one another become one call of `act` with all of them.
export function gather(act, wait = 350) {
    let waiting = [];
    let timer = null;
    const run = () => {
        const changes = waiting;
        waiting = [];
        timer = null;
        act(changes);
    };
    const add = (change) => {
        waiting.push(change);
        timer ??= setTimeout(run, wait);
    };
    add.cancel = () => clearTimeout(timer);
    return add;
}
