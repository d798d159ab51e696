// Calls of `warifu … --json` in the person's own session, or as root for administrators. Codes and proofs go to its
// standard input, a line each, and never into its arguments, which everybody on the host can read.

// What warifu, or Cockpit on the way to it, answered instead: `code` and `reason` as docs/commands.md has them, or a problem
// code of Cockpit's.
export class Failure extends Error {
    constructor({ error, message = "", reason = "", retry_after = null }) {
        super(message);
        this.code = error;
        this.reason = reason;
        this.retry_after = retry_after;
    }
}

function parsed(line) {
    try {
        return JSON.parse(line);
    } catch {
        return { error: "unavailable", message: "warifu printed no JSON" };
    }
}

// A run of warifu that answers by lines.
export class Conversation {
    constructor(words, { input = [], administrator = false } = {}) {
        this.waiting = null;
        this.lines = [];
        this.ended = null;
        let rest = "";
        this.process = cockpit.spawn(["warifu", "--json", ...words],
            { err: "message", superuser: administrator ? "require" : null });
        this.process.stream(text => {
            const lines = (rest + text).split("\n");
            rest = lines.pop();
            this.lines.push(...lines.map(parsed));
            this.hand_over();
        });
        this.process.fail(exception => this.end_with({ error: exception.problem || "unavailable", message: exception.message }));
        this.process.done(() => this.end_with({ error: "unavailable", message: "warifu ended early" }));
        for (const line of input)
            this.send(line);
    }

    send(line) {
        this.process.input(line + "\n", true);
    }

    // The next answer; throws the Failure that it is.
    next() {
        return new Promise((resolve, reject) => {
            this.waiting = { resolve, reject };
            this.hand_over();
        });
    }

    close() {
        this.process.input("", false);
    }

    end_with(problem) {
        this.ended = problem;
        this.hand_over();
    }

    hand_over() {
        if (!this.waiting)
            return;
        const answer = this.lines.length ? this.lines.shift() : this.ended;
        if (!answer)
            return;
        const { resolve, reject } = this.waiting;
        this.waiting = null;
        if (answer.error)
            reject(new Failure(answer));
        else
            resolve(answer);
    }
}

// One command and its one answer. `input`: lines for each "-" among the words.
export async function warifu(words, options = {}) {
    const conversation = new Conversation(words, options);
    conversation.close();
    return conversation.next();
}
