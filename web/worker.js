/* Opens a form's page where there is no connection: the copy that chancery.js put by in this browser (data-kept). It
 * answers for nothing else, and never where the server can be reached. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const putBy = async (request) => (await caches.match(request, { ignoreVary: true })) ?? Response.error();

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const shows = request.mode === "navigate" || ["style", "script", "image"].includes(request.destination);
    if (request.method === "GET" && shows) event.respondWith(fetch(request).catch(() => putBy(request)));
});
