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
