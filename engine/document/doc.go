// Package document makes the products that a case yields and lets anyone check
// them: it renders a letter once, signs a short statement about it, keeps the
// bytes sealed, and answers whether a number, a QR code or a file is genuine.
//
// Nouns:
//
//   - Template and Input: what a letter looks like and what goes into it.
//     [Render] turns both into a PDF; the same input gives the same bytes.
//   - Statement: issuer, kind, number, date, validity, document id and the
//     proved values, signed with the instance's document key ([Sign],
//     [Verify]); it is what the QR code on the paper carries.
//   - Link: the text of the QR code. Its path names the document by its random
//     id; its fragment holds the signed statement and never reaches a server
//     unless the reader's own browser sends it ([Link], [ReadLink]).
//   - Facts: the public row of a document. It holds no personal value, so it
//     stays when the case is shredded and verification goes on.
//   - Verdict: valid, altered, expired, revoked, void or unknown.
//
// States of a document (table document):
//
//	numbered ──► stored ──► issued ──► revoked
//	    └──────► void
//
// Invariants:
//
//   - Bytes are stored, never rendered again. Everything random is fixed in the
//     row before the first byte is drawn, so a retry after a crash makes the
//     very same file, and once the file is stored a retry only finds it.
//   - A personal value stands only in the sealed file and in the signed
//     statement, which casework seals into its event; never in a table, a log
//     line or the part of a URL that a server sees.
//   - The file has room for a signature: an empty signature field over the box
//     that the reader sees, so that PAdES or BSrE can sign by incremental
//     update without drawing anything again.
package document
