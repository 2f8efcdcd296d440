// Blazor sets a style attribute as an attribute, which the content security policy stops; the same through the CSSOM, which only scripts of this site reach, it allows.
(() => {
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === 'style' && this.style) this.style.cssText = value;
    else set.call(this, name, value);
  };
})();
