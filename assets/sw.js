// The service worker: after the first visit the page opens without a network.
// `cargo xtask build` fills in the constants and writes this file beside the pages.
"use strict";

const BUILD = "";
// Every file but the pages, with the first digits of its SHA-256.
const FILES = {};
// The exhibits' folders, with the group of workers that each needs.
const PAGES = {};
// The files of each group's worker.
const GROUPS = {};
// What every page needs.
const SHELL = [];

// Several copies of the page may live in sub-folders of one host: each has caches of its own.
const SCOPE = self.registration.scope;
const PREFIX = `depthscope ${SCOPE} `;
const CACHE = PREFIX + BUILD;
const NETWORK_PATIENCE_MILLIS = 3000;
// Types are those of the names, whatever a host calls its files: a browser runs no script that is called a text.
const TYPES = { css: "text/css", js: "text/javascript", json: "application/json", svg: "image/svg+xml", wasm: "application/wasm" };

// The page's own group comes first; without it the page would not work offline.
self.addEventListener("install", (event) => {
  const keepFirst = async () => {
    const open = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
    const groups = new Set(open.map((client) => PAGES[nameOf(client.url)]));
    const workers = [...groups].flatMap((group) => GROUPS[group] ?? []);
    const cache = await caches.open(CACHE);
    await Promise.all([...SHELL, ...workers].map((name) => keepByName(cache, name)));
  };
  event.waitUntil(keepFirst());
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

// A page that has nothing else to do says so: then the workers of the other groups are kept, one after another.
let resting;
self.addEventListener("message", (event) => {
  if (event.data !== "depthscope-idle") return;
  const keepRest = async () => {
    const cache = await caches.open(CACHE);
    for (const name of Object.values(GROUPS).flat()) await keepByName(cache, name);
  };
  // What does not come now is kept when it is first used.
  resting ??= keepRest().catch(() => {}).finally(() => (resting = undefined));
  event.waitUntil(resting);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(SCOPE)) return;
  const name = nameOf(request.url);
  // What may change under its name: pages, and the list of data packs. All else is named by its content or by the build.
  if (isPage(name) || name === "packs/index.json") event.respondWith(networkFirst(event, request, name));
  else if (Object.hasOwn(FILES, name)) event.respondWith(cacheFirst(event, request, name));
});

async function cacheFirst(event, request, name) {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(keyOf(name));
  if (cached) return cached;
  const response = await fetch(request);
  event.waitUntil(keep(cache, name, response.clone()));
  return response;
}

async function networkFirst(event, request, name) {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(keyOf(name));
  if (!cached) {
    const response = await fetch(request);
    event.waitUntil(keep(cache, name, response.clone()));
    return response;
  }
  // What comes too late, or not to its end, gives way to what is kept, and is kept for the next time if it comes at all.
  const whole = (async () => {
    const response = await fetch(request);
    // The host is there and has nothing.
    if (response.status >= 500) return undefined;
    await Promise.all([response.clone().arrayBuffer(), keep(cache, name, response.clone())]);
    return response;
  })().catch(() => undefined);
  event.waitUntil(whole);
  const late = new Promise((done) => setTimeout(done, NETWORK_PATIENCE_MILLIS));
  return (await Promise.race([whole, late])) ?? cached;
}

// A file's name below the scope. A page is the same file whatever its query says, so it has none.
function nameOf(url) {
  return url.startsWith(SCOPE) ? url.slice(SCOPE.length).replace(/[?#].*$/s, "").replace(/(^|\/)index\.html$/, "$1") : undefined;
}

function keyOf(name) {
  return new URL(name, SCOPE).href;
}

function isPage(name) {
  return name === "" || Object.hasOwn(PAGES, name);
}

async function keepByName(cache, name) {
  if (await cache.match(keyOf(name))) return;
  // The browser has most of it already; where that is something else, the host is asked.
  for (const mode of ["default", "reload"]) {
    if (await keep(cache, name, await fetch(keyOf(name), { cache: mode }))) return;
  }
  throw new Error(`${name} is not what this build has under that name`);
}

// Keeps an answer if it is what this build has under that name: a host may answer anything with a page of its own, and so
// may a network that wants a login first.
async function keep(cache, name, response) {
  if (response.status !== 200) return false;
  try {
    const type = isPage(name) ? "text/html; charset=utf-8" : TYPES[name.split(".").pop()];
    const headers = { "content-type": type ?? response.headers.get("content-type") ?? "" };
    const bytes = await response.arrayBuffer();
    if (!(await isOfThisBuild(name, bytes))) return false;
    await cache.put(keyOf(name), new Response(bytes, { headers }));
    return true;
  } catch {
    // Cut off, or a full disk: that must not break the page.
    return false;
  }
}

async function isOfThisBuild(name, bytes) {
  if (isPage(name)) {
    const text = new TextDecoder().decode(bytes);
    return text.includes(`<meta name="depthscope-build" content="${BUILD}">`) && text.trimEnd().endsWith("</html>");
  }
  const digits = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0"));
  return FILES[name] !== undefined && digits.join("").startsWith(FILES[name]);
}
