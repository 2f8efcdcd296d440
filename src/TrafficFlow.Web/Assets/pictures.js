// Takes the next picture of a camera two seconds after the last one came, while it can be seen.
export function watch(figure, address) {
  const picture = figure.querySelector('img');
  let number = 0;
  const ask = () => {
    if (!figure.isConnected) return;
    if (document.hidden) setTimeout(ask, 1000);
    else picture.src = `${address}?n=${number++}`;
  };
  picture.addEventListener('load', () => { figure.classList.remove('gone'); setTimeout(ask, 2000); });
  picture.addEventListener('error', () => { figure.classList.add('gone'); setTimeout(ask, 5000); });
  ask();
}

// Takes the edges of a camera's scene every eight seconds, which is how often they are new; sooner while there are none yet.
export function compare(section, address) {
  let number = 0;
  for (const picture of section.querySelectorAll('img')) {
    const ask = () => {
      if (!section.isConnected) return;
      if (document.hidden) setTimeout(ask, 1000);
      else picture.src = `${address}${picture.dataset.which}?n=${number++}`;
    };
    picture.addEventListener('load', () => { picture.dataset.shown = ''; section.classList.toggle('gone', !!section.querySelector('img:not([data-shown])')); setTimeout(ask, 8000); });
    picture.addEventListener('error', () => { delete picture.dataset.shown; section.classList.add('gone'); setTimeout(ask, 3000); });
    ask();
  }
}
