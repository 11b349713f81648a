"use strict";

/* Keeps how far a reader has come: the last heading or paragraph whose top stands above the middle of the
 * window is sent now and then, and when the page is left. Without script nothing is kept. */
(function () {
  const paper = document.getElementById("paper");
  if (!paper || !paper.dataset.position)
    return;
  const places = Array.from(paper.querySelectorAll("[id^=h], [id^=p]")).filter(
    (place) => /^[hp][0-9]+$/.test(place.id));
  let kept = "";
  let timer = 0;

  function place() {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle].getBoundingClientRect().top < window.innerHeight / 2)
        low = middle + 1;
      else
        high = middle;
    }
    return low > 0 && window.scrollY > 0 ? places[low - 1].id : "";
  }

  function keep() {
    const anchor = place();
    clearTimeout(timer);
    timer = 0;
    if (!anchor || anchor === kept)
      return;
    kept = anchor;
    fetch(paper.dataset.position, {
      method: "POST",
      keepalive: true,
      headers: { "Accept": "application/json", "X-CSRF": paper.dataset.csrf },
      body: new URLSearchParams({ edition: paper.dataset.edition, anchor: anchor }),
    }).catch(() => { kept = ""; });
  }

  addEventListener("scroll", () => { timer = timer || setTimeout(keep, 3000); }, { passive: true });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
})();
