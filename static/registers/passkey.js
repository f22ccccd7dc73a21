// A person who gives no passkey, or whose browser has none, is told so beside the button.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-error").hidden = false;
});
