"""Addresses of negotiated texts and of signatures, under those of their matter."""

from __future__ import annotations

from django.urls import path

from harvester.web.views import clauses, signing, texts

urlpatterns = [
    path("texts/", texts.listed, name="texts"),
    path("texts/download.<str:form>", texts.download, name="texts_download"),
    path("texts/<int:text>/", texts.page, name="text"),
    path("texts/<int:text>/propose/", texts.propose, name="text_propose"),
    path("texts/<int:text>/refer/", texts.refer, name="text_refer"),
    path("texts/<int:text>/rounds.<str:form>", texts.rounds, name="text_rounds"),
    path("texts/<int:text>/text.docx", texts.as_docx, name="text_docx"),
    path("texts/<int:text>/text.txt", texts.as_plain, name="text_plain"),
    path("texts/<int:text>/clauses/<str:clause>/", clauses.page, name="text_clause"),
    path("texts/<int:text>/clauses/<str:clause>/offer/", clauses.offer, name="text_offer"),
    path("texts/<int:text>/clauses/<str:clause>/strike/", clauses.strike, name="text_strike"),
    path("texts/<int:text>/clauses/<str:clause>/say/", clauses.say, name="text_say"),
    path("texts/<int:text>/clauses/<str:clause>/choose/", clauses.choose, name="text_choose"),
    path("texts/<int:text>/clauses/<str:clause>/bridge/", clauses.bridge, name="text_bridge"),
    path("signing/", signing.listed, name="signing"),
    path("signing/lay-out/", signing.lay_out, name="lay_out"),
    path("signing/<int:edition>/", signing.page, name="edition"),
    path("signing/<int:edition>/file/", signing.put_in, name="edition_file"),
    path("signing/<int:edition>/seal/", signing.seal, name="edition_seal"),
    path("signing/<int:edition>/text.txt", signing.plain, name="edition_plain"),
    path("signing/<int:edition>/text.pdf", signing.pdf, name="edition_pdf"),
    path(
        "signing/<int:edition>/signatures/<int:signature>.pdf",
        signing.signed_pdf,
        name="edition_signed",
    ),
]
