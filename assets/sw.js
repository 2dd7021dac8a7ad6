// The service worker: after the first visit the page opens without a network.
// `cargo xtask build` fills in the two constants and writes this file beside the pages.
"use strict";

const BUILD = "";
const FILES = [];

// Several copies of the page may live in sub-folders of one host: each has caches of its own.
const PREFIX = `depthscope ${self.registration.scope} `;
const CACHE = PREFIX + BUILD;
const NETWORK_PATIENCE_MILLIS = 3000;

self.addEventListener("install", (event) => {
  // Past the HTTP cache, so that one build's files are not mixed with another's.
  const requests = FILES.map((file) => new Request(new URL(file, self.registration.scope), { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
  // No skipWaiting: open pages of the older build keep their own files.
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  const url = new URL(request.url);
  // What may change under its name: pages, and the list of data packs. All else is named by its content.
  const changes = request.mode === "navigate" || url.pathname.endsWith("/") || /\.(html|json)$/.test(url.pathname);
  event.respondWith(changes ? networkFirst(request, url) : cacheFirst(request));
});

async function cacheFirst(request) {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(request);
  if (cached) return cached;
  const response = await fetch(request);
  if (response.status === 200) keep(cache, request.url, response.clone());
  return response;
}

// A page is the same file whatever its query says, so it is kept without one.
async function networkFirst(request, url) {
  const cache = await caches.open(CACHE);
  const key = url.origin + url.pathname.replace(/index\.html$/, "");
  const cached = await cache.match(key);
  const patience = cached ? AbortSignal.timeout(NETWORK_PATIENCE_MILLIS) : undefined;
  try {
    const response = await fetch(request, { signal: patience });
    if (response.status === 200) keep(cache, key, response.clone());
    return response;
  } catch (error) {
    if (cached) return cached;
    throw error;
  }
}

// A full disk must not break the page.
function keep(cache, key, response) {
  cache.put(key, response).catch(() => {});
}
