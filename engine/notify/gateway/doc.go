// Package gateway hands short messages to any gateway that speaks HTTP: an SMS
// provider, a modem's own server, a WhatsApp Business API. What a request looks
// like and how an answer or a report is read is said in the notices file, so that
// another gateway is another few lines there and no code.
//
// Nouns: a Config is how one gateway is spoken to; a template is a text with
// {to}, {text}, {id} and the like; a report is what the gateway tells later.
//
// Invariants:
//   - what stands in a template comes out quoted for where it stands: in a form as
//     a form value, in JSON inside a JSON string, in an address escaped;
//   - an answer is read to 64 kB at most, and no redirect is followed: the number of
//     a person goes to the address that was written down and nowhere else;
//   - an answer that cannot be understood is no refusal: the gateway may have the
//     message, and is not asked a second time unless it knows our ids.
package gateway
