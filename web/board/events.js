// Changes as they happen: the server's stream of journal lines. Each page says what it wants told.
// The browser tries a lost connection again by itself; where it gives up, as when the server was
// stopped or busy, this asks again, with growing pauses.

const PAUSE_MS = 5000;
const PAUSE_MAX_MS = 60000;

const listeners = new Set();
let source = null;
let timer = null;
let pause = PAUSE_MS;
let missed = false; // what happened while there was no stream, nobody has told
let tellState = () => {};

function tellAll(change) {
    for (const tell of listeners) tell(change);
}

function opened() {
    pause = PAUSE_MS;
    tellState(true);
    if (missed) tellAll({ missed: true });
    missed = false;
}

function failed() {
    tellState(false);
    if (source?.readyState !== EventSource.CLOSED) return; // the browser goes on trying
    missed = true;
    timer = setTimeout(connect, pause);
    pause = Math.min(pause * 2, PAUSE_MAX_MS);
}

function connect() {
    source = new EventSource("/api/events");
    source.onopen = opened;
    source.onerror = failed;
    source.addEventListener("change", (e) => {
        let change;
        try {
            change = JSON.parse(e.data);
        } catch {
            return; // a line this page does not understand
        }
        tellAll(change);
    });
}

export function startEvents(onstate) {
    stopEvents();
    tellState = onstate;
    pause = PAUSE_MS;
    missed = false;
    connect();
}

export function stopEvents() {
    clearTimeout(timer);
    source?.close();
    source = null;
}

// Calls `tell` with every change that `concerns` picks, until the function it returns is called; and
// with {missed: true} where some may have gone unheard.
export function onChange(concerns, tell) {
    const hear = (change) => (change.missed || concerns(change)) && tell(change);
    listeners.add(hear);
    return () => listeners.delete(hear);
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
    return (change) => {
        waiting.push(change);
        timer ??= setTimeout(run, wait);
    };
}
