// What stands behind # in an invitation's link is sent with its form alone.
const invitation = document.querySelector('input[name="invitation"]');
if (invitation && location.hash.length > 1) {
  invitation.value = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
}
