package api_test

import "testing"

// What is refused alike everywhere is tried at each address that says so.
func TestRefusalsAreTheSameEverywhere(t *testing.T) {
	w := newTown(t, sqlite)
	a := w.apply(nil)
	d := w.begin()
	act, upload := a.path()+"/actions/withdraw", "/api/v1/uploads/01890a5d-ac96-774b-bcce-b302099a8057"
	piece := func(group string) head {
		return head{"Upload-Group": group, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
	}
	plain := w.write(a)
	plain["Content-Type"] = "text/plain"
	w.run([]scenario{
		{name: "act: text", method: "POST", path: act, body: "version=1", headers: plain, status: 415, has: problem("api.content_type")},
		{name: "act: a list", method: "POST", path: act, body: `[]`, headers: w.write(a), status: 422, has: problem("api.not_object")},
		{name: "act: cut", method: "POST", path: act, body: `{`, headers: w.write(a), status: 400, has: problem("api.not_json")},
		{name: "a document without the secret", method: "GET", path: a.path() + "/documents/x", status: 401, has: problem("api.secret_missing")},
		{name: "verify: cut", method: "POST", path: "/api/v1/verify", body: `{`, status: 400, has: problem("api.not_json")},
		{name: "verify: a list", method: "POST", path: "/api/v1/verify", body: `[]`, status: 422, has: problem("api.not_object")},
		{name: "verify: text", method: "POST", path: "/api/v1/verify", body: `x`, headers: head{"Content-Type": "text/plain"}, status: 415, has: problem("api.content_type")},
		{name: "a file of no group", method: "GET", path: upload, status: 400, has: problem("api.group_missing")},
		{name: "a file of an unknown group", method: "GET", path: upload, headers: head{"Upload-Group": "ABCDE-FGHJK-M.ABCD-EFGH"}, status: 404, has: problem("api.unknown_group")},
		{name: "a piece for an unknown group", method: "PATCH", path: upload, body: "x", headers: piece("ABCDE-FGHJK-M.ABCD-EFGH"), status: 404, has: problem("api.unknown_group")},
		{name: "a piece of an unknown file", method: "PATCH", path: upload, body: "x", headers: piece(d.Group), status: 404, has: problem("attachment.unknown")},
		{name: "pieces with a body", method: "POST", path: "/api/v1/uploads", body: "x", headers: head{"Upload-Group": d.Group, "Upload-Length": "5", "Idempotency-Key": w.key(), "Content-Type": "application/pdf"},
			status: 400, has: problem("api.body_with_length")},
	})
}

func TestThePageAboutTheAPIShowsAllOfIt(t *testing.T) {
	w := newTown(t, sqlite)
	w.run([]scenario{
		{name: "in English", method: "GET", path: "/api", headers: head{"Accept-Language": "en"}, status: 200,
			has:    []string{"<h1>The API</h1>", `href="/api/openapi.json"`, "POST /api/v1/services/{id}/cases", "Idempotency-Key", "api.unknown_case", "SubmissionRequest"},
			lacks:  []string{"<script", "http://", `style="`},
			header: head{"Content-Type": "text/html; charset=utf-8"}},
		{name: "in Indonesian", method: "GET", path: "/api", status: 200, has: []string{"<h1>API</h1>", "berbahasa Inggris"}},
	})
}
