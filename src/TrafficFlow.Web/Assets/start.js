// Starts the page's circuit. Where the node goes away, the page says so and comes back by itself once it answers.
(() => {
  const away = document.getElementById('away');
  let waiting = false;
  const comeBack = async () => {
    if (waiting) return;
    waiting = true;
    away.hidden = false;
    for (;;) {
      await new Promise((done) => setTimeout(done, 1500));
      try {
        await fetch(location.href, { cache: 'no-store', redirect: 'manual' });
        // A node that answers and opens no circuit is not asked without end: too many pages, or a proxy that lets no WebSocket through.
        const tries = JSON.parse(sessionStorage.getItem('trafficflow-reloads') ?? '[]').filter((at) => Date.now() - at < 60000);
        if (tries.length >= 5) {
          away.textContent = away.dataset.stuck;
          await new Promise((done) => setTimeout(done, 30000));
          continue;
        }
        sessionStorage.setItem('trafficflow-reloads', JSON.stringify([...tries, Date.now()]));
        location.reload();
        return;
      } catch {
        // Not yet.
      }
    }
  };
  // A blink of the network is not told, and what lasts is told at once.
  let telling;
  const short = async () => {
    for (let i = 0; i < 5; i++) {
      try {
        if (await Blazor.reconnect()) return true;
        return false;
      } catch {
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
    return false;
  };
  Blazor.start({
    circuit: {
      reconnectionHandler: {
        onConnectionDown: async () => {
          telling = setTimeout(() => { away.hidden = false; }, 1000);
          if (!(await short())) comeBack();
        },
        onConnectionUp: () => {
          clearTimeout(telling);
          away.hidden = true;
        },
      },
    },
  }).catch(comeBack);
  for (const link of document.querySelectorAll('link[rel="preload"][as="script"]')) {
    const script = document.createElement('script');
    script.src = link.getAttribute('href');
    document.head.append(script);
  }
})();
