// What went wrong with a passkey, said on the page instead of in the console.
document.addEventListener('allauth.error', function (event) {
  event.preventDefault()
  let told = document.getElementById('passkey-told')
  if (!told) {
    told = document.createElement('p')
    told.id = 'passkey-told'
    told.className = 'note bad'
    told.setAttribute('role', 'alert')
    document.querySelector('main .wrap').prepend(told)
  }
  const name = event.detail && event.detail.exception && event.detail.exception.name
  told.textContent = name === 'NotAllowedError'
    ? 'The passkey was not used: it was cancelled, or took too long. Try again, or sign in another way.'
    : 'This browser or device could not use a passkey here. Sign in another way.'
})
