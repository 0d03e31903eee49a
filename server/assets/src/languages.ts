/**
 * Offers the page in the language that the reader's browser is set to, where that is another of its
 * languages. It only offers: the address alone decides which language a page is in.
 */

const own = document.documentElement.lang;
const links = [...document.querySelectorAll<HTMLAnchorElement>(".languages a[data-offer]")];
const wished = navigator.languages.map((each) => each.toLowerCase().split("-")[0]);
const chosen = wished.find((each) => each === own || links.some((link) => link.hreflang === each));
const link = links.find((each) => each.hreflang === chosen);
const main = document.querySelector("main");

if (link !== undefined && main !== null) {
  const offer = document.createElement("p");
  offer.className = "notice";
  const leading = document.createElement("a");
  leading.href = link.href;
  leading.hreflang = leading.lang = link.hreflang;
  leading.textContent = link.dataset.offer ?? "";
  offer.append(leading);
  main.prepend(offer);
}
