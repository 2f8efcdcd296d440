// Plays a segment; where it stops, says why, and goes on from there when asked. What was decrypted leaves the browser's memory with the video.
export function play(figure, address, begin) {
  const video = figure.querySelector('video');
  const why = figure.querySelector('.why');
  const details = figure.querySelector('.details');
  let at = begin;
  const load = () => {
    figure.classList.remove('gone');
    video.src = `${address}/video`;
    video.load();
  };
  video.onloadedmetadata = () => { if (at > 0 && at < (video.duration || Infinity)) video.currentTime = at; };
  video.ontimeupdate = () => { if (video.currentTime > 0) at = video.currentTime; };
  video.onerror = async () => {
    if (!figure.isConnected || !video.getAttribute('src')) return;
    // Why, as it can be read: a video tells nothing but that it failed.
    let [text, detail] = [at > begin ? why.dataset.stopped : why.dataset.cannot, ''];
    try {
      const first = await fetch(`${address}/problem`, { headers: { accept: 'application/problem+json' }, redirect: 'manual' });
      const answer = first.status === 204 ? await fetch(`${address}/video`, { headers: { accept: 'application/problem+json', range: 'bytes=0-0' }, redirect: 'manual' }) : first;
      if (answer.type === 'opaqueredirect' || answer.status === 401) text = why.dataset.ended;
      else if (!answer.ok) detail = (await answer.json()).detail ?? '';
    } catch {
      // The server itself is away: the page says so too.
    }
    why.textContent = text;
    details.textContent = detail;
    figure.classList.add('gone');
  };
  figure.querySelector('.again').onclick = load;
  load();
}

export function stop(figure) {
  const video = figure?.querySelector('video');
  if (!video) return;
  video.removeAttribute('src');
  video.load();
}
