/* What pages do more with a script than without. Every page is whole without it: each of these begins from
 * a plain form, link or list and takes its words from the page, so that this file knows no language.
 *
 *   data-live="KIND …"         (an element with an id) is fetched anew when such a live line comes
 *     data-anew="SECONDS"      and after so long without one, since days pass too
 *   data-inplace[="ID …"]      (form) is sent in place; the server's word appears above the form, and the
 *                              elements with these ids are taken from the page that it answers with
 *   data-autosave[="ADDRESS"]  (form) is sent by itself shortly after typing, to ADDRESS or its own action
 *     data-refresh="ID …"        what is taken from the answer; fields called "version" always are
 *     data-status="ID"           where data-saving, data-saved, data-failed and data-restored of that element
 *                                are shown
 *     what is not saved when the page is left is kept in this browser until it is
 *   data-kept="OWNER"          (form) is kept in this browser from the first stroke on, photos too, for this owner alone,
 *                              until the server says that it has it; sent when there is a connection, doubled never
 *     data-standing              the key under which the server has one
 *     #kept                      holds the words: data-keeping, -waiting, -sending, -arrived, -out, -refused, -many,
 *                              -fragile, -remove
 *   data-suggest="ADDRESS"     (input) asks ADDRESS?q=… as one types: {"suggestions": [{text, path}, …]}
 *   data-reading="ADDRESS"     (article) tells ADDRESS which of its elements with ids is being read
 *     data-csrf, data-edition    sent along
 *   data-quote="ID"            (article) what is selected in it can be quoted: shows that element, and its link
 *                              tells which characters of which paragraphs
 *   data-copy="ID"             (button, hidden) copies the text of that element; data-copied: said then
 *   data-confirm="QUESTION"    (form or button) asks first
 *   data-menu                  (details) closes by Escape, or when the focus leaves it
 *   nav.outline                marks where one is
 *   .top nav                   is slid to where one is, on a phone
 *   .side details              are folded where they stand above the paper and not beside it
 *   table.list                 gets data-label from its head, for cards on a phone; cells that say little are .short
 *
 * The layout holds #live (live lines, with data-live-after: the last event that the page knows of) and
 * #confirm (the question's dialog). */
"use strict";

(() => {
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const byId = (id) => document.getElementById(id);
    const wait = (ms, run) => {
        let timer;
        return (...values) => {
            clearTimeout(timer);
            timer = setTimeout(run, ms, ...values);
        };
    };
    const element = (name, properties, ...children) => {
        const made = Object.assign(document.createElement(name), properties);
        made.append(...children);
        return made;
    };
    const words = (name) => byId("live")?.dataset[name] ?? "";

    /* --- pages fetched, and parts of them put in place ------------------------------------------------ */

    const fetchPage = async (address, options) => {
        const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        return { answer, page };
    };

    /* Asked for unseen, so that word of what is done waits for the page that shows it. */
    const lookAtPage = (address) => fetchPage(address, { headers: { Accept: "text/html", "X-Unseen": "1" } });

    /* Where the focus is, to be found again among new elements. */
    const focusPlace = (root) => {
        const at = document.activeElement;
        if (!at || !root.contains(at)) return null;
        if (at.id) return `#${CSS.escape(at.id)}`;
        return at.name ? `${at.localName}[name="${CSS.escape(at.name)}"]` : null;
    };

    const takePart = (page, id) => {
        const old = byId(id);
        const fresh = page.getElementById(id);
        if (!old || !fresh) return null;
        const place = focusPlace(old);
        const known = new Set(all("a[href]", old).map((a) => a.href));
        old.replaceWith(document.adoptNode(fresh));
        begin(fresh);
        if (place) (fresh.querySelector(place) ?? fresh).focus({ preventScroll: true });
        return { fresh, known };
    };

    const takeParts = (page, ids) => {
        for (const id of (ids ?? "").split(/\s+/).filter(Boolean)) takePart(page, id);
    };

    let shown = location.pathname + location.search;
    const takeMain = (page, address) => {
        if (page.querySelector("main script")) {
            location.assign(address);
            return;
        }
        history.pushState(null, "", address);
        shown = location.pathname + location.search;
        document.title = page.title;
        takePart(page, "main");
        byId("main").focus();
        scrollTo(0, 0);
    };

    /* --- live lines ---------------------------------------------------------------------------------- */

    const showLine = (text, path) => {
        const line = element("p", {}, path ? element("a", { href: path, textContent: text }) : text);
        const close = element("button", { type: "button", textContent: "×" });
        close.setAttribute("aria-label", words("close"));
        close.addEventListener("click", () => line.remove());
        line.append(" ", close);
        byId("live").replaceChildren(line);
        return line;
    };

    /* What somebody is typing in a list is not taken from under their hands. */
    const beingFilled = (list) =>
        all("details[open] form", list).length > 0 ||
        all("textarea", list).some((field) => field.value !== field.defaultValue);

    const refreshOnce = async (kind) => {
        const lists = all("[data-live]").filter((e) => e.dataset.live.split(" ").includes(kind));
        if (!lists.length) return;
        const { answer, page } = await lookAtPage(location.href);
        if (!answer.ok || answer.redirected) return;
        for (const { id } of lists.filter((list) => !beingFilled(list))) {
            const taken = takePart(page, id);
            const links = taken ? all("a[href]", taken.fresh) : [];
            for (const a of links.filter((link) => !taken.known.has(link.href)))
                (a.closest("li, tr, article") ?? a).classList.add("arrived");
        }
    };

    /* One fetch at a time a kind, and one more when lines came meanwhile, so that the last one shown is the
     * last one told of. */
    const refreshing = new Map();
    const refreshLists = async (kind) => {
        if (refreshing.has(kind)) {
            refreshing.set(kind, true);
            return;
        }
        do {
            refreshing.set(kind, false);
            await refreshOnce(kind).catch(() => {});
        } while (refreshing.get(kind));
        refreshing.delete(kind);
    };

    /* Only a page that is looked at holds a line open; one that comes back asks for what it missed. */
    const listen = () => {
        const box = byId("live");
        if (!box || !window.EventSource) return;
        let after = box.dataset.liveAfter;
        let source;
        let lost;
        const told = (event) => {
            if (event.lastEventId) after = event.lastEventId;
            const data = JSON.parse(event.data);
            const back = event.type === "notice" ? `?next=${encodeURIComponent(shown)}` : "";
            if (data.text) showLine(data.text, data.path && data.path + back);
            refreshLists(event.type);
        };
        const open = () => {
            if (source && source.readyState !== EventSource.CLOSED) return;
            source = new EventSource(`/live?after=${encodeURIComponent(after)}`);
            for (const kind of ["paper", "post", "group", "notice", "subscription", "message", "trace",
                                "request", "standing", "progress", "deletion", "case",
                                "report", "sanction", "ledger"])
                source.addEventListener(kind, told);
            source.addEventListener("open", () => {
                document.documentElement.dataset.live = "open";
                lost?.remove();
                lost = undefined;
            });
            source.addEventListener("error", () => {
                delete document.documentElement.dataset.live;
                if (source.readyState === EventSource.CLOSED) {
                    /* Refused, not broken: the browser does not try again. */
                    lost?.remove();
                    lost = showLine(words("ended"), location.pathname + location.search);
                } else if (!lost && document.visibilityState === "visible") {
                    lost = showLine(words("lost"));
                }
            });
        };
        const close = () => source?.close();
        const follow = () => (document.visibilityState === "visible" ? open() : close());
        document.addEventListener("visibilitychange", follow);
        addEventListener("pagehide", close);
        addEventListener("pageshow", follow);
        follow();
    };

    /* --- forms in place -------------------------------------------------------------------------------- */

    const say = (form, from) => {
        byId("problem")?.remove();
        all(":scope > .problem, :scope > .done", form).forEach((line) => line.remove());
        all("[aria-invalid]", form).forEach((field) => field.removeAttribute("aria-invalid"));
        const line = from && document.adoptNode(from);
        if (line) form.prepend(line);
    };

    /* The field that the answer marks is marked here. */
    const mark = (form, page) => {
        const marked = page.querySelector("[aria-invalid=true]");
        const field = marked && all(`[name="${marked.name}"]`, form).find((one) => one.type !== "hidden");
        if (!field) return;
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", marked.getAttribute("aria-describedby"));
        field.focus();
    };

    /* Who has signed in anew elsewhere goes on here: the answer that refuses a form holds the new session's token. */
    const takeToken = (page) => {
        const token = page.querySelector("input[name=csrf]")?.value;
        if (token) all("input[name=csrf]").forEach((field) => (field.value = token));
    };

    const sendInPlace = async (form, submitter) => {
        const body = new URLSearchParams(new FormData(form, submitter));
        form.setAttribute("aria-busy", "true");
        try {
            const action = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
            const { answer, page } = await fetchPage(action, { method: "POST", body });
            const line = page.querySelector("#problem, main .done") ?? page.querySelector("main .problem");
            const here = new URL(answer.url).pathname === location.pathname;
            if (answer.ok && answer.redirected && !here) {
                takeMain(page, answer.url);
                return;
            }
            const ids = form.dataset.inplace;
            const inside = form.closest("[id]") && ids.split(" ").some((id) => byId(id)?.contains(form));
            if (answer.ok) takeParts(page, ids);
            else takeToken(page);
            if (answer.ok && !inside) form.reset();
            if (inside && answer.ok) {
                if (line) showLine(line.textContent);
            } else {
                say(form, line);
                mark(form, page);
            }
        } catch {
            say(form, element("p", { className: "problem", textContent: words("failed") }));
        } finally {
            form.removeAttribute("aria-busy");
        }
    };

    /* --- questions before what can't be undone ----------------------------------------------------------- */

    const ask = (question, button, go) => {
        const dialog = byId("confirm");
        dialog.querySelector("p").textContent = question;
        dialog.querySelector("button[value=yes]").textContent = button.textContent;
        dialog.returnValue = "";
        dialog.onclose = () => {
            if (dialog.returnValue === "yes") go();
            else button.focus();
        };
        dialog.showModal();
        dialog.querySelector("button:not([value=yes])").focus();
    };

    document.addEventListener("submit", (event) => {
        const form = event.target;
        const button = event.submitter;
        const question = button?.dataset.confirm ?? form.dataset.confirm;
        if (question && button && byId("confirm") && !form.dataset.sure) {
            event.preventDefault();
            ask(question, button, () => {
                form.dataset.sure = "yes";
                form.requestSubmit(button);
                delete form.dataset.sure;
            });
        } else if ("inplace" in form.dataset && !form.querySelector("input[type=file]")) {
            event.preventDefault();
            sendInPlace(form, button);
        }
    });

    /* --- drafts that keep themselves ----------------------------------------------------------------------- */

    /* A browser sends no more than 64 KiB for a page that is gone, so a long text may miss its last save. What is
     * not saved is kept here when the page is left, and comes back with the version that it was written over: where
     * another window has saved since, the server says so, and nothing is lost. */
    const KEEPALIVE_MOST = 60000;
    const unsaved = (form) => {
        const name = `unsaved ${new URL(form.action).pathname}`;
        const fields = () => all("input[name=version], input[name=title], input[name=form], textarea[name=text]", form);
        const written = () =>
            Object.fromEntries([...new FormData(form)].filter(([field]) => fields().some((e) => e.name === field)));
        const drop = () => {
            try {
                localStorage.removeItem(name);
            } catch {
                /* no such store here: nothing was kept */
            }
        };
        const keep = () => {
            try {
                localStorage.setItem(name, JSON.stringify(written()));
            } catch {
                /* full or forbidden: the save under way is all there is */
            }
        };
        const restore = () => {
            let kept;
            try {
                kept = JSON.parse(localStorage.getItem(name) ?? "null");
            } catch {
                kept = null;
            }
            const now = written();
            const same = (field) => (kept[field] ?? "").replace(/\r\n/g, "\n") === (now[field] ?? "").replace(/\r\n/g, "\n");
            if (!kept || (same("text") && same("title") && same("form"))) {
                drop();
                return false;
            }
            for (const field of fields()) {
                if (field.type === "radio") field.checked = field.value === kept.form;
                else field.value = kept[field.name] ?? field.value;
            }
            return true;
        };
        return { keep, drop, restore };
    };

    const autosave = (form) => {
        const status = byId(form.dataset.status);
        const show = (name) => status && (status.textContent = status.dataset[name] ?? "");
        let dirty = false;
        let under = false;
        let stopped = false;
        let refused = false; // what is not saved in place may not be by the button either
        const copy = unsaved(form);
        const save = async (leaving) => {
            if (!dirty || under || stopped) return;
            const body = new URLSearchParams(new FormData(form)).toString();
            dirty = false;
            under = true;
            show("saving");
            try {
                const { answer, page } = await fetchPage(form.dataset.autosave || form.action, {
                    method: "POST",
                    headers: { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" },
                    body,
                    keepalive: leaving === true && body.length <= KEEPALIVE_MOST,
                });
                if (answer.ok) {
                    refused = false;
                    if (!dirty) copy.drop();
                    takeParts(page, form.dataset.refresh);
                    for (const fresh of all("input[name=version]", page))
                        all("input[name=version]").forEach((old) => (old.value = fresh.value));
                    show("saved");
                } else {
                    const line = page.querySelector("#problem");
                    stopped = answer.status === 409;
                    refused = true;
                    dirty = true;
                    takeToken(page);
                    if (line && status) status.textContent = line.textContent;
                    else show("failed");
                }
            } catch {
                dirty = true;
                show("failed");
            } finally {
                under = false;
                if (dirty && !stopped) soon();
            }
        };
        const soon = wait(1200, save);
        form.addEventListener("input", () => {
            dirty = true;
            soon();
        });
        form.addEventListener("submit", () => {
            dirty = false;
            if (refused) copy.keep();
            else copy.drop();
        });
        const leave = () => {
            if (dirty || under) copy.keep();
            save(true);
        };
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "hidden") leave();
        });
        addEventListener("pagehide", leave);
        if (copy.restore()) {
            dirty = true;
            show("restored");
            soon();
        }
    };

    /* --- forms that are kept until they arrive -------------------------------------------------------------- */

    /* A record is what one owner filled in for one form: its fields, its photos, and the key under which it is sent. What
     * is changed after it was tried gets another key, and may take the place of what the tries before brought there: so
     * a key stands for one content, and the server can tell a repeat from a correction. */
    let keptStore;
    const openKept = () =>
        (keptStore ??= new Promise((done, fail) => {
            const asked = indexedDB.open("chancery", 1);
            asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "id" });
            asked.onsuccess = () => done(asked.result);
            asked.onerror = () => fail(asked.error);
        }));
    const askKept = async (mode, ask) => {
        const deal = (await openKept()).transaction("kept", mode);
        return new Promise((done, fail) => {
            const asked = ask(deal.objectStore("kept"));
            deal.oncomplete = () => done(asked.result);
            deal.onerror = deal.onabort = () => fail(deal.error);
        });
    };
    const keptNews = window.BroadcastChannel && new BroadcastChannel("chancery kept");
    const kept = {
        get: (id) => askKept("readonly", (store) => store.get(id)),
        put: (record) => askKept("readwrite", (store) => store.put(record)).then(() => keptNews?.postMessage(record.id)),
        /* What was put there meanwhile under another key stays. */
        drop: (id, sent) =>
            askKept("readwrite", (store) => {
                const asked = store.get(id);
                asked.onsuccess = () => asked.result?.sent === sent && store.delete(id);
                return asked;
            }).then(() => keptNews?.postMessage(id)),
    };
    const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

    /* Phones take larger pictures than a bad line carries. What can't be read here goes as it is. */
    const PHOTO_SIDE = 2000;
    const PHOTO_SMALL = 600000; // bytes that go as they are
    const smaller = async (file) => {
        if (file.size <= PHOTO_SMALL) return file;
        try {
            const picture = await createImageBitmap(file);
            const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
            const canvas = element("canvas", { width: picture.width * scale, height: picture.height * scale });
            canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
            const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
            return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
        } catch {
            return file;
        }
    };

    /* The page and what it is made of, for worker.js to open without a connection; gone when its owner signs out. */
    const putBy = async (owner) => {
        if (!window.caches || !navigator.serviceWorker) return;
        try {
            await navigator.serviceWorker.register("/assets/worker.js", { scope: "/ledger/" });
            for (const name of await caches.keys()) if (name !== `kept ${owner}`) await caches.delete(name);
            const parts = all("link[href][rel=stylesheet], link[rel=icon], script[src]").map((e) => e.href || e.src);
            const unseen = new Request(location.pathname, { headers: { "X-Unseen": "1" } });
            await (await caches.open(`kept ${owner}`)).addAll([unseen, ...parts]);
        } catch {
            /* no connection just now, or none of it here: what is filled in is kept all the same */
        }
    };
    const forgetPages = async () => {
        if (window.caches) for (const name of await caches.keys()) await caches.delete(name);
    };

    const keptForms = new Map();
    const PHOTOS_MOST = 12;
    const PHOTOS_WEIGH_MOST = 60 * 1024 * 1024; // bytes
    const HIDDEN = ["csrf", "sent", "replaces", "at", "photo"];

    class KeptForm {
        constructor(form) {
            this.form = form;
            this.owner = form.dataset.kept;
            this.id = `${this.owner} ${new URL(form.action).pathname}`;
            this.stored = true; // what was kept last lies in this browser
        }

        async begin() {
            this.untouched = this.written();
            try {
                this.record = await kept.get(this.id);
            } catch {
                this.show("fragile");
                return;
            }
            if (this.record && this.record.sent === this.form.dataset.standing) {
                await kept.drop(this.id, this.record.sent);
                this.record = undefined;
            }
            if (this.record) this.write(this.record.values);
            this.paint();
            keptForms.set(this.id, this);
            this.listen();
            const photos = this.form.elements.photo; // chosen before anybody listened
            if (photos.files.length) await this.addPhotos(photos);
            await this.takeLate();
            this.deliver();
        }

        /* A page that is left has no time for more than this. */
        leave() {
            if (!this.isChanged()) return;
            try {
                localStorage.setItem(`late ${this.id}`, this.written());
            } catch {
                /* no such store here: all but the last strokes is kept */
            }
            this.save();
        }

        takeFromLate() {
            try {
                const late = localStorage.getItem(`late ${this.id}`);
                localStorage.removeItem(`late ${this.id}`);
                return JSON.parse(late);
            } catch {
                return null;
            }
        }

        async takeLate() {
            const late = this.takeFromLate();
            if (late) this.write(late);
            if (this.isChanged()) await this.save();
        }

        listen() {
            const soon = wait(200, () => this.save());
            this.form.addEventListener("input", ({ target }) => target.type !== "file" && soon());
            this.form.addEventListener("change", ({ target }) => (target.type === "file" ? this.addPhotos(target) : this.save()));
            this.form.addEventListener("submit", async (event) => {
                event.preventDefault();
                await this.save();
                this.record.queued = true;
                await this.put();
                await this.deliver();
            });
            this.part("drop").addEventListener("click", ({ currentTarget }) =>
                ask(currentTarget.dataset.confirm, currentTarget, async () => {
                    await kept.drop(this.id, this.record?.sent);
                    await this.reload();
                }),
            );
        }

        /* --- what is seen --- */

        part(name) {
            return this.form.querySelector(`[data-kept-${name}]`);
        }

        show(word, more = "") {
            this.part("status").textContent = `${byId("kept")?.dataset[word] ?? ""} ${more}`.trim();
        }

        paint() {
            const list = this.part("photos");
            list.replaceChildren(...(this.record?.photos ?? []).map((photo, i) => this.photoLine(photo, i)));
            list.hidden = !list.children.length;
            this.part("drop").hidden = !this.record;
            if (this.record) this.show(this.record.queued ? "waiting" : "keeping");
        }

        photoLine(photo, i) {
            const remove = element("button", { type: "button", className: "plain", textContent: byId("kept")?.dataset.remove });
            remove.setAttribute("aria-label", `${remove.textContent} ${photo.name}`);
            remove.addEventListener("click", () => this.save(() => this.record.photos.splice(i, 1)));
            return element("li", {}, photo.name, " ", remove);
        }

        fields() {
            return all("input:not([type=hidden], [type=file]), select, textarea", this.form);
        }

        place(field) {
            return `${field.name} ${field.closest(".item")?.querySelector("[name=item]").value ?? ""}`;
        }

        read() {
            return Object.fromEntries(this.fields().map((f) => [this.place(f), f.type === "checkbox" ? f.checked : f.value]));
        }

        written() {
            return JSON.stringify(this.read());
        }

        /* Since it was kept last, or since the page came. */
        isChanged() {
            return this.written() !== (this.record ? JSON.stringify(this.record.values) : this.untouched);
        }

        /* What is being typed stays. */
        write(values) {
            for (const field of this.fields()) {
                const value = values[this.place(field)];
                if (value === undefined || field === document.activeElement) continue;
                if (field.type === "checkbox") field.checked = value;
                else field.value = value;
            }
            const fold = this.form.closest("details");
            if (fold) fold.open = true;
        }

        /* --- what is kept --- */

        async put() {
            this.stored = await kept.put(this.record).then(() => true, () => false);
            if (this.stored) this.takeFromLate();
            this.paint();
            if (!this.stored) this.show("fragile");
        }

        async save(change) {
            const { elements } = this.form;
            const values = this.read();
            if ((this.record && !change && !this.isChanged()) || !this.form.isConnected) return;
            this.record ??= { id: this.id, photos: [], sent: elements.sent.value, replaces: elements.replaces.value };
            const { record } = this;
            if (record.tried) Object.assign(record, { replaces: `${record.sent} ${record.replaces}`, sent: newKey(), tried: false });
            change?.();
            const body = [...new FormData(this.form)].filter(([name]) => !HIDDEN.includes(name));
            Object.assign(record, { values, body, at: Date.now(), queued: false });
            await this.put();
        }

        async addPhotos(input) {
            const files = await Promise.all([...input.files].map(smaller));
            input.value = "";
            let left = [];
            await this.save(() => {
                const { photos } = this.record;
                left = files.filter((file) => {
                    const weight = photos.reduce((sum, photo) => sum + photo.file.size, file.size);
                    const room = photos.length < PHOTOS_MOST && weight <= PHOTOS_WEIGH_MOST;
                    if (room) photos.push({ name: file.name, file });
                    return !room;
                });
            });
            if (left.length) this.show("many", left.map((file) => file.name).join(", "));
        }

        /* Another window of this browser changed it, or has sent it. */
        async reload() {
            this.record = await kept.get(this.id);
            if (this.record) {
                this.write(this.record.values);
                this.paint();
            } else {
                await lookAtPage(location.pathname).then(({ page }) => this.takeAnew(page), () => this.paint());
            }
        }

        takeAnew(page) {
            keptForms.delete(this.id);
            takePart(page, `${this.form.id}-part`);
        }

        /* --- how it is sent --- */

        /* One window at a time. */
        deliver() {
            const run = async () => {
                const now = this.stored ? await kept.get(this.id).catch(() => this.record) : this.record;
                if (!now && this.record?.queued) this.record = undefined; // another window has sent it
                else if (now?.at > (this.record?.at ?? 0)) this.record = now;
                if (this.record?.queued) await this.send().catch(() => this.show("waiting"));
            };
            return navigator.locks ? navigator.locks.request(this.id, run) : run();
        }

        /* The page is asked first: it says whose it is by now, what the server has, and the token of the session. */
        async send() {
            const { sent } = this.record;
            this.show("sending");
            const { answer, page } = await lookAtPage(location.pathname);
            const fresh = page.getElementById(this.form.id);
            if (answer.status >= 500) throw new Error(answer.statusText);
            if (new URL(answer.url).pathname !== location.pathname || (fresh && fresh.dataset.kept !== this.owner)) {
                this.show("out");
            } else if (fresh?.dataset.standing === sent) {
                await this.arrived(page, sent);
            } else {
                await this.post(page.querySelector("[name=csrf]")?.value, sent);
            }
        }

        async post(csrf, sent) {
            this.record.tried = true;
            const body = this.parcel(csrf);
            await kept.put(this.record).catch(() => {});
            const { answer, page } = await fetchPage(this.form.action, { method: "POST", body });
            if (answer.status >= 500) throw new Error(answer.statusText);
            await (answer.ok ? this.arrived(page, sent) : this.refused(page));
        }

        parcel(csrf) {
            const { sent, replaces, at, body, photos } = this.record;
            const parcel = new FormData();
            for (const [name, value] of [...body, ...Object.entries({ csrf, sent, replaces, at })]) parcel.append(name, value);
            for (const photo of photos) parcel.append("photo", photo.file, photo.name);
            return parcel;
        }

        async arrived(page, sent) {
            if (this.record?.sent !== sent) return; // it was changed meanwhile, and that is still to be sent
            await kept.drop(this.id, sent).catch(() => {});
            showLine(byId("kept")?.dataset.arrived);
            this.takeAnew(page);
            putBy(this.owner);
        }

        async refused(page) {
            const replaces = page.getElementById(this.form.id)?.dataset.standing ?? "";
            Object.assign(this.record, { queued: false, tried: false, sent: newKey(), replaces });
            await this.put();
            this.show("refused", page.querySelector("#problem, main h1")?.textContent);
        }
    }
    const deliverKept = () => [...keptForms.values()].forEach((form) => form.deliver());
    const KEPT_AGAIN_MS = 20000;
    const watchKept = () => {
        const [form] = all("form[data-kept]");
        if (!document.querySelector("form[action='/sign-out']")) forgetPages();
        document.addEventListener("submit", ({ target }) => target.matches("form[action='/sign-out']") && forgetPages());
        if (!form) return;
        putBy(form.dataset.kept);
        addEventListener("online", deliverKept);
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") deliverKept();
            else keptForms.forEach((form) => form.leave());
        });
        setInterval(deliverKept, KEPT_AGAIN_MS);
        keptNews?.addEventListener("message", ({ data }) => keptForms.get(data)?.reload());
    };

    /* --- a selection, quoted --------------------------------------------------------------------------------- */

    /* Says where words stand and never what they are: the server finds them in the reader's own copy. */
    const PASSAGES_MOST = 12;
    const passagesOf = (article, range) => {
        const counted = new Map();
        const found = new Map();
        const nodes = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
        while (nodes.nextNode()) {
            const node = nodes.currentNode;
            const id = node.parentElement.closest("[id]")?.id ?? "";
            if (!/^p\d+$/.test(id)) continue;
            const before = counted.get(id) ?? 0;
            const length = (text) => [...text].length;
            counted.set(id, before + length(node.data));
            if (!range.intersectsNode(node)) continue;
            const start = node === range.startContainer ? range.startOffset : 0;
            const end = node === range.endContainer ? range.endOffset : node.data.length;
            if (!node.data.slice(start, end).trim()) continue;
            const from = found.get(id)?.from ?? before + length(node.data.slice(0, start));
            found.set(id, { from, to: before + length(node.data.slice(0, end)) });
        }
        return [...found].slice(0, PASSAGES_MOST).map(([id, { from, to }]) => `${id}.${from}-${to}`);
    };

    const quoteSelection = (article) => {
        const box = byId(article.dataset.quote);
        const link = box.querySelector("a");
        const look = wait(150, () => {
            const selection = getSelection();
            const parts = selection.isCollapsed ? [] : passagesOf(article, selection.getRangeAt(0));
            box.hidden = !parts.length;
            const address = new URL(link.href);
            address.searchParams.set("passage", parts.join(","));
            link.href = address;
        });
        document.addEventListener("selectionchange", look);
        link.addEventListener("mousedown", (event) => event.preventDefault());
    };

    /* --- search as you type: ARIA APG's editable combobox with a list ------------------------------------------ */

    let lists = 0;
    const suggest = (input) => {
        const list = element("ul", { className: "suggest", id: `suggest-${++lists}`, hidden: true });
        list.setAttribute("role", "listbox");
        list.setAttribute("aria-label", input.labels?.[0]?.textContent || input.getAttribute("aria-label") || "");
        input.after(list);
        Object.assign(input, { autocomplete: "off", role: "combobox" });
        input.setAttribute("aria-autocomplete", "list");
        input.setAttribute("aria-controls", list.id);
        input.setAttribute("aria-expanded", "false");
        let chosen = -1;
        let last = 0;
        const choose = (index) => {
            const items = [...list.children];
            chosen = items.length ? (index + items.length + 1) % (items.length + 1) : -1;
            if (chosen === items.length) chosen = -1;
            items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
            if (chosen < 0) {
                input.removeAttribute("aria-activedescendant");
            } else {
                input.setAttribute("aria-activedescendant", items[chosen].id);
                items[chosen].scrollIntoView({ block: "nearest" });
            }
        };
        const close = () => {
            list.hidden = true;
            input.setAttribute("aria-expanded", "false");
            choose(-1);
        };
        const take = (item) => {
            if (item.dataset.path) {
                location.assign(item.dataset.path);
                return;
            }
            input.value = item.textContent;
            close();
            input.form.requestSubmit();
        };
        const show = (found) => {
            list.replaceChildren(
                ...found.map(({ text, path }, i) => {
                    const item = element("li", { id: `${list.id}-${i}`, textContent: text });
                    item.setAttribute("role", "option");
                    item.setAttribute("aria-selected", "false");
                    if (path) item.dataset.path = path;
                    return item;
                }),
            );
            chosen = -1;
            list.hidden = !found.length;
            input.setAttribute("aria-expanded", String(!list.hidden));
        };
        const askServer = wait(150, async () => {
            const q = input.value.trim();
            const turn = ++last;
            if (!q) {
                close();
                return;
            }
            try {
                const address = `${input.dataset.suggest}?q=${encodeURIComponent(q)}`;
                const answer = await fetch(address, { headers: { Accept: "application/json" } });
                const { suggestions = [] } = answer.ok ? await answer.json() : {};
                if (turn === last && document.activeElement === input) show(suggestions);
            } catch {
                close();
            }
        });
        input.addEventListener("input", (event) => {
            if (!event.isComposing) askServer();
        });
        input.addEventListener("compositionend", askServer);
        input.addEventListener("keydown", (event) => {
            if (event.isComposing) return;
            if (event.key === "Escape" && !list.hidden) close();
            else if (event.key === "ArrowDown" && !list.hidden) choose(chosen + 1);
            else if (event.key === "ArrowUp" && !list.hidden) choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
            else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
            else return;
            event.preventDefault();
        });
        input.addEventListener("blur", () => setTimeout(close, 100));
        list.addEventListener("mousedown", (event) => event.preventDefault());
        list.addEventListener("click", (event) => {
            const item = event.target.closest("li");
            if (item) take(item);
        });
    };

    /* --- the place one has read to ------------------------------------------------------------------------------- */

    const keepPlace = (article) => {
        const marks = all("[id]", article).filter((mark) => /^[hp]\d+$/.test(mark.id));
        let sent = "";
        const tell = () => {
            const at = marks.find((mark) => mark.getBoundingClientRect().bottom > 80);
            if (!at || at.id === sent || at === marks[0]) return;
            sent = at.id;
            const { reading, csrf = "", edition = "" } = article.dataset;
            const body = new URLSearchParams({ csrf, edition, anchor: at.id });
            fetch(reading, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
        };
        addEventListener("scroll", wait(2000, tell), { passive: true });
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "hidden" && scrollY > 0) tell();
        });
    };

    const followOutline = (nav) => {
        const links = new Map();
        for (const a of all('a[href^="#"]', nav)) {
            const target = byId(decodeURIComponent(a.hash.slice(1)));
            if (target) links.set(target, a);
        }
        const mark = () => {
            let current;
            for (const target of links.keys())
                if (target.getBoundingClientRect().top < innerHeight / 3) current = target;
            for (const [target, a] of links)
                if (target === current) a.setAttribute("aria-current", "true");
                else a.removeAttribute("aria-current");
        };
        addEventListener("scroll", wait(60, mark), { passive: true });
        mark();
    };

    /* --- small things ---------------------------------------------------------------------------------------------- */

    const copyButton = (button) => {
        if (!navigator.clipboard) return;
        button.hidden = false;
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(byId(button.dataset.copy).textContent.trim());
            if (button.dataset.copied) showLine(button.dataset.copied);
        });
    };

    const menu = (details) => {
        details.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || !details.open) return;
            details.open = false;
            details.querySelector("summary").focus();
        });
        details.addEventListener("focusout", (event) => {
            if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
        });
        document.addEventListener("click", (event) => {
            if (!details.contains(event.target)) details.open = false;
        });
    };

    const SHORT_MOST = 12;
    const labelCells = (table) => {
        const heads = all("thead th", table).map((th) => th.textContent.trim());
        if (!heads.length) return;
        for (const row of all("tbody tr", table))
            [...row.cells].forEach((cell, i) => {
                cell.dataset.label ??= heads[i] ?? "";
                cell.classList.toggle("short", cell.textContent.trim().length <= SHORT_MOST && !cell.querySelector("form"));
            });
        table.classList.add("labelled");
    };

    /* What slides sideways can be slid by keys too: a browser may not offer that by itself. */
    const reachSlides = () => {
        for (const part of all(".list, .slides, .text .table, pre")) {
            const slides = part.scrollWidth > part.clientWidth && getComputedStyle(part).overflowX === "auto";
            if (slides && !part.hasAttribute("tabindex")) {
                part.tabIndex = 0;
                part.dataset.slides = "";
            } else if (!slides && "slides" in part.dataset) {
                part.removeAttribute("tabindex");
                delete part.dataset.slides;
            }
        }
    };

    const slideHere = (nav) => {
        const list = nav.querySelector("ul");
        const here = nav.querySelector("[aria-current]");
        if (here) list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
    };

    const foldOnPhone = (details) => {
        if (matchMedia("(max-width: 59.99rem)").matches) details.open = false;
    };

    const fetchLater = (part) =>
        setTimeout(() => part.isConnected && refreshLists(part.dataset.live), part.dataset.anew * 1000);

    /* What is typed for one of several ways chooses that way. */
    const choose = (field) =>
        field.addEventListener("change", () => {
            if (field.value) document.getElementById(field.dataset.chooses).checked = true;
        });

    const kinds = [
        ["[data-anew]", fetchLater],
        ["[data-autosave]", autosave],
        ["form[data-kept]", (form) => new KeptForm(form).begin()],
        ["[data-reading]", keepPlace],
        ["[data-quote]", quoteSelection],
        ["input[data-suggest]", suggest],
        ["input[data-chooses]", choose],
        ["nav.outline", followOutline],
        [".top nav", slideHere],
        ["button[data-copy]", copyButton],
        ["details[data-menu]", menu],
        ["table.list", labelCells],
        [".side details", foldOnPhone],
    ];
    const begin = (root) => {
        for (const [selector, start] of kinds) {
            if (root.matches?.(selector)) start(root);
            all(selector, root).forEach(start);
        }
        reachSlides();
    };

    begin(document);
    addEventListener("resize", wait(200, reachSlides));
    watchKept();
    listen();
    addEventListener("popstate", () => {
        if (location.pathname + location.search !== shown) location.reload(); // not for a fragment
    });
})();
