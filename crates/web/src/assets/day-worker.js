// Opens the page of the visit day while there is no network: as it was when it was last seen.
"use strict";

const CACHE = "kernschil-dag";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The scope of this script is the page: everything else of the site goes past it.
const isPage = (request) => request.mode === "navigate" && new URL(request.url).pathname === new URL(self.registration.scope).pathname;
const isAsset = (request) => new URL(request.url).pathname.startsWith("/assets/");

const answer = async (request) => {
  const cache = await caches.open(CACHE);
  // The page is one page, whatever stands behind its address after a form.
  const key = isPage(request) ? self.registration.scope : request;
  try {
    const response = await fetch(request);
    // A page that sends somebody to sign in is not the page.
    if (response.ok && !response.redirected) await cache.put(key, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(key, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && (isPage(request) || isAsset(request))) event.respondWith(answer(request));
});
