package api

import (
	"slices"

	"pendopo/kernel/page"
)

// operations is every address of this door.
func (d *Door) operations() []operation {
	all := d.serviceOperations()
	all = append(all, d.placeOperations()...)
	all = append(all, d.draftOperations()...)
	all = append(all, d.uploadOperations()...)
	all = append(all, d.caseOperations()...)
	return append(all, d.publicOperations()...)
}

func (d *Door) serviceOperations() []operation {
	service := inPath("id", "Id of the service.", "surat-keterangan-domisili")
	return []operation{{
		Route: page.Route{Pattern: "GET /api/v1/services", Do: d.services}, id: "listServices", group: "Services",
		summary: "What can be asked for",
		text:    "Lists the services in the order of their ids, a page at a time. With q it gives those that fit a question in people's own words, the best first, on one page.",
		inputs: []input{
			query("q", "What somebody looks for, in everyday words; slips of the hand are understood.", schema{"type": "string", "maxLength": longestSearch}, "pindah rumah"),
			query("cursor", "Where the page begins: next of the page before.", words(), nil),
			query("limit", "How many services at most.", wholes(1, longestPage), 20),
		},
		results: []result{ok("The services.", serviceList{}, "ETag")},
		trouble: []bad{{422, "api.limit"}, {422, "api.cursor"}, {422, "api.query_long"}},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/services/{id}", Do: d.service}, id: "readService", group: "Services",
		summary: "One service with the schema of its answers",
		text:    "Shows the published standard of a service: requirements, procedure, time, fee, product and norms; and the JSON Schema of the answers to its form.",
		inputs:  []input{service}, results: []result{ok("The service.", serviceView{}, "ETag")}, trouble: []bad{noService()},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/needs", Do: d.needs}, id: "listNeeds", group: "Services",
		summary: "Needs and events of life", text: "Lists the groups in which people look for services, each with its services.",
		results: []result{ok("Needs and events.", needList{}, "ETag")},
	}, {
		Route: page.Route{Pattern: "POST /api/v1/services/{id}/cases", Do: d.submit, Body: mostJSON}, id: "apply", group: "Cases",
		summary: "Apply",
		text:    "Hands an application in. The code may be spoken and shows how the matter stands; the secret opens what is personal and is shown here only. The same key and request give the same answer again.",
		inputs:  []input{service}, key: true,
		body:    &content{kinds: []string{"application/json"}, of: submissionBody{}, example: map[string]any{"definition": exampleHash, "channel": "api", "answers": map[string]any{"name": "Sekar Wulandari", "ktp": []any{"counter"}}}},
		results: []result{{201, "The application is received.", jsonOf(acceptedView{}), []string{"Location"}}},
		trouble: troubles(readable(), []bad{noKey(), shortKey(), noService(), {409, "casework.definition_over"}, {409, "api.group_used"}, {413, "fault.body_large"},
			{415, "fault.body_coding"}, {422, "fault.check_answers"}, {422, "casework.key_reused"}, {422, "api.too_deep"},
			{422, "api.uploads_missing"}, {422, "api.unknown_group"}, {422, "api.group_of_another_service"}}),
	}}
}

func (d *Door) placeOperations() []operation {
	return []operation{{
		Route: page.Route{Pattern: "GET /api/v1/regions", Do: d.regions}, id: "listRegions", group: "Places",
		summary: "Places of the nation",
		text:    "Lists the places directly below parent (without one, the provinces), or with q those whose names fit a question: each word is the beginning of a word of the place's own name or of one above it.",
		inputs: []input{
			query("parent", "Code of the place they lie in.", words(), "33.74"),
			query("q", "Beginnings of words of the name.", schema{"type": "string", "maxLength": longestSearch}, "miroto"),
			query("level", "Level of the places that q finds; villages without it.", schema{"type": "string", "enum": []any{"province", "regency", "district", "village"}}, "village"),
			query("limit", "How many that q finds at most.", wholes(1, mostPlaces), 20),
		},
		results: []result{ok("The places.", placeList{}, "ETag")},
		trouble: []bad{{422, "api.unknown_region"}, {422, "api.level"}, {422, "api.limit"}, {422, "api.query_long"}},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/regions/{code}", Do: d.region}, id: "readRegion", group: "Places",
		summary: "One place, or what became of a former code",
		text:    "Shows a place by its code. A code of the past, as old addresses and the first digits of a NIK may have it, is shown with what stands in its place today.",
		inputs:  []input{inPath("code", "Code of 2, 4, 6 or 10 digits.", "33.74.01.1001")},
		results: []result{ok("The place.", placeView{}, "ETag")}, trouble: []bad{{404, "api.unknown_region"}},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/offices", Do: d.offices}, id: "listOffices", group: "Places",
		summary: "Offices", text: "Lists the offices with address, telephone, place on the map and office hours.",
		results: []result{ok("The offices.", officeList{}, "ETag")},
	}}
}

func (d *Door) draftOperations() []operation {
	code := inPath("code", "Code of the draft.", exampleCode)
	mine := []bad{noSecret(), noCase()}
	return []operation{{
		Route: page.Route{Pattern: "POST /api/v1/services/{id}/drafts", Do: d.begin}, id: "beginDraft", group: "Drafts",
		summary: "Begin an application",
		text:    "Opens a draft that can be saved and resumed here or on the portal, on any device, with its files. It is an upload group too.",
		inputs:  []input{inPath("id", "Id of the service.", "surat-keterangan-domisili")}, key: true,
		results: []result{{201, "The draft.", jsonOf(begunView{}), []string{"Location"}}},
		trouble: []bad{noKey(), noService()},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/drafts/{code}", Do: d.draft}, id: "readDraft", group: "Drafts",
		summary: "Resume", text: "Shows a draft and what was answered so far.",
		inputs: []input{code}, secret: must, results: []result{ok("The draft.", draftView{})}, trouble: append(slices.Clip(mine), bad{410, "casework.draft_over"}),
	}, {
		Route: page.Route{Pattern: "PUT /api/v1/drafts/{code}", Do: d.saveDraft, Body: mostJSON}, id: "saveDraft", group: "Drafts",
		summary: "Save",
		text:    "Puts the answers in the place of those before. What is given must be readable; what is missing may stay so until the application is handed in.",
		inputs:  []input{code}, secret: must, key: true,
		body:    &content{kinds: []string{"application/json"}, of: draftBody{}, example: map[string]any{"version": 1773626400000000, "answers": map[string]any{"name": "Sekar Wulandari"}}},
		results: []result{ok("The draft as it is kept now.", draftView{})},
		trouble: troubles(mine, readable(), []bad{noKey(), {409, "fault.acted_first"}, {422, "fault.check_answers"}}),
	}, {
		Route: page.Route{Pattern: "DELETE /api/v1/drafts/{code}", Do: d.dropDraft}, id: "deleteDraft", group: "Drafts",
		summary: "Delete", text: "Deletes a draft with its files at once. What was handed in is no draft any more and cannot be deleted here.",
		inputs: []input{code}, secret: must, results: []result{{status: 204, text: "It is gone."}}, trouble: mine,
	}}
}

func (d *Door) uploadOperations() []operation {
	upload := inPath("upload", "Id of the file.", "0198f2b3c4d5")
	group := inHeader("Upload-Group", "Group of the file.", true, words(), exampleGroup)
	far := []string{"Upload-Offset", "Upload-Length"}
	return []operation{{
		Route: page.Route{Pattern: "POST /api/v1/uploads", Do: d.upload, Body: mostFile}, id: "upload", group: "Files",
		summary: "Hand in a file",
		text:    "Takes a file in one piece: the body is the file itself, or a form whose first part is named file. With Upload-Length it opens a file that comes in pieces, and there is no body. Without Upload-Group it opens a group for the service first.",
		inputs: []input{
			query("service", "Id of the service, when a group is to be opened.", words(), "surat-keterangan-domisili"),
			query("field", "Id of the answer it is for; in a repeated group both ids with a dot between: children.photo.", words(), "ktp"),
			inHeader("Upload-Group", "Group it belongs to.", false, words(), exampleGroup),
			inHeader("Upload-Length", "Bytes in all, of a file in pieces.", false, wholes(0, mostFile), 48000),
			inHeader("Content-Disposition", "With the name of the file.", false, words(), `attachment; filename="surat.pdf"`),
		},
		key: true, body: &content{kinds: fileKinds()},
		results: []result{{201, "The file, or what is to come of it.", jsonOf(uploadView{}), append([]string{"Location"}, far...)}},
		trouble: []bad{noKey(), noService(), noGroup(), {400, "api.not_bytes"}, {400, "api.body_with_length"}, {400, "api.no_file_part"}, {409, "api.group_closed"},
			{400, "fault.body_malformed"}, {413, "attachment.too_large"}, {415, "api.content_type"}, {415, "attachment.picture_or_pdf"}, {415, "attachment.picture_only"},
			{422, "api.group_or_service"}, {422, "api.no_file_field"}, {422, "attachment.empty"}, {422, "attachment.pdf_unreadable"}, {422, "attachment.picture_cut"},
			{422, "attachment.picture_unreadable"}, {422, "attachment.key_reused"}, {422, "casework.key_reused"}},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/uploads/{upload}", Do: d.uploadState}, id: "readUpload", group: "Files",
		summary: "How far a file has come", text: "Says how many bytes have come, so that a caller can go on after a cut. HEAD gives the same in headers.",
		inputs: []input{upload, group}, results: []result{ok("How far it has come.", uploadView{}, far...)},
		trouble: []bad{{400, "api.group_missing"}, noGroup(), {404, "attachment.unknown"}},
	}, {
		Route: page.Route{Pattern: "PATCH /api/v1/uploads/{upload}", Do: d.uploadMore, Body: mostFile}, id: "continueUpload", group: "Files",
		summary: "Add a piece", text: "Adds bytes at an offset. A piece that was cut counts as far as it came.",
		inputs: []input{upload, group, inHeader("Upload-Offset", "From which byte on this piece is.", true, wholes(0, mostFile), 20000)},
		body:   &content{kinds: []string{pieceType}}, results: []result{ok("How far it has come now.", uploadView{}, far...)},
		trouble: []bad{{400, "api.group_missing"}, {400, "api.offset_missing"}, {400, "api.not_bytes"}, noGroup(), {404, "attachment.unknown"}, {409, "blob.offset"},
			{413, "blob.longer_than_declared"}, {415, "api.content_type"}, {415, "attachment.picture_or_pdf"}},
	}}
}

func (d *Door) caseOperations() []operation {
	code := inPath("code", "Code of the case; small letters and missing dashes are understood.", exampleCode)
	return []operation{{
		Route: page.Route{Pattern: "GET /api/v1/cases/{code}", Do: d.state}, id: "readCase", group: "Cases",
		summary: "How it stands",
		text:    "Shows to whoever has the code how the matter stands: nothing personal. With the secret also answers, what must be corrected, what may be done next with the schema of its request, documents, and who opened them.",
		inputs:  []input{code}, secret: may, results: []result{ok("The case.", caseView{}, "ETag")}, trouble: []bad{noCase()},
	}, {
		Route: page.Route{Pattern: "POST /api/v1/cases/{code}/actions/{action}", Do: d.act, Body: mostJSON}, id: "act", group: "Cases",
		summary: "Do what may be done next",
		text:    "Carries out an action of the applicant: correct, withdraw, confirm receipt, object. Which are offered, and what each wants, stands in next of the case.",
		inputs:  []input{code, inPath("action", "Id of the action.", "withdraw")}, secret: must, key: true,
		body:    &content{kinds: []string{"application/json"}, of: actionBody{}, example: map[string]any{"version": 1}},
		results: []result{ok("The case after it.", caseView{})},
		trouble: troubles(readable(), []bad{noKey(), noSecret(), noCase(), {403, "flow.not_your_turn"}, {404, "api.unknown_action"}, {409, "flow.no_such_action"}, {409, "fault.acted_first"}, {409, "flow.ended"},
			{422, "fault.check_answers"}, {422, "flow.words_missing"}, {422, "casework.key_reused"}}),
	}, {
		Route: page.Route{Pattern: "POST /api/v1/cases/{code}/messages", Do: d.write, Body: mostJSON}, id: "write", group: "Cases",
		summary: "Write to whoever handles it",
		text:    "Sends a message, with pictures handed in for the field message. It moves nothing. Which services take messages says write of the case.",
		inputs:  []input{code}, secret: must, key: true,
		body:    &content{kinds: []string{"application/json"}, of: messageBody{}, example: map[string]any{"text": "Tiangnya yang miring, di depan pos ronda."}},
		results: []result{ok("The case after it.", caseView{})},
		trouble: troubles(readable(), []bad{noKey(), noSecret(), noCase(), {409, "flow.no_messages"},
			{422, "fault.check_answers"}, {422, "flow.words_missing"}, {422, "flow.message_long"}, {422, "casework.upload_unknown"}, {422, "casework.key_reused"}}),
	}, {
		Route: page.Route{Pattern: "GET /api/v1/cases/{code}/receipt", Do: d.receipt}, id: "readReceipt", group: "Cases",
		summary: "The signed receipt with its proof",
		text:    "Gives the signed promise that the application will stand in the public log, and the proof that it does. Until the log has taken it up, within two seconds, there is no proof yet.",
		inputs:  []input{code}, secret: must,
		results: []result{ok("Receipt and proof.", receiptView{}), {202, "The receipt; ask again for the proof.", jsonOf(receiptView{}), []string{"Retry-After"}}},
		trouble: []bad{noSecret(), noCase()},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/cases/{code}/documents/{id}", Do: d.document}, id: "readDocument", group: "Cases",
		summary: "A document or a paper that was handed in", text: "Gives the bytes of the product of the case, or of a file that was handed in with it.",
		inputs: []input{code, inPath("id", "Id of the document.", "0198f2b3c4d5")}, secret: must,
		results: []result{{200, "The file.", &content{kinds: keptKinds()}, []string{"Content-Disposition"}}},
		trouble: []bad{noSecret(), noCase(), {404, "api.unknown_document"}},
	}, {
		Route: page.Route{Pattern: "GET /api/v1/cases/{code}/documents/{id}/words", Do: d.letter}, id: "readWords", group: "Cases",
		summary: "A document in words", text: "Gives what the product of the case says as text, for who does not see the PDF. The document itself is what counts. Papers that were handed in have no words.",
		inputs: []input{code, inPath("id", "Id of the document.", "0198f2b3c4d5")}, secret: must,
		results: []result{ok("The words.", letterWords{})},
		trouble: []bad{noSecret(), noCase(), {404, "api.unknown_document"}},
	}}
}

func (d *Door) publicOperations() []operation {
	return []operation{{
		Route: page.Route{Pattern: "POST /api/v1/verify", Do: d.verify, Body: mostPDF}, id: "verify", group: "Verification",
		summary: "Is it genuine?",
		text:    "Checks the number of a document, the text of its QR code, or the file itself. What a number shows is never personal; a QR code shows what the paper must show too.",
		body:    &content{kinds: []string{"application/json", "application/pdf"}, of: questionBody{}, example: map[string]any{"number": "470/001/2026"}},
		results: []result{ok("What was found; nothing when no document has that number.", verdicts{})},
		trouble: troubles(readable(), []bad{{415, "document.not_pdf"}, {422, "fault.check_answers"}, {422, "document.payload_unreadable"}}),
	}, {
		Route: page.Route{Pattern: "GET /.well-known/pendopo-keys", Do: d.keys}, id: "readKeys", group: "Verification",
		summary: "Keys that documents are signed with", text: "Publishes the public keys, those of the past too, so that a document can be checked offline.",
		results: []result{{200, "The keys.", &content{kinds: []string{"application/json"}, of: map[string]any{}}, []string{"ETag"}}},
	}, {
		Route: page.Route{Pattern: "GET /log/", Do: d.publicLog}, id: "readLog", group: "Verification",
		summary: "The public log", text: "Serves the transparency log (C2SP tlog-tiles): checkpoint, key, and tiles of 32-byte leaves.",
		inputs:  []input{inPath("path", "checkpoint, key, or the path of a tile: tile/0/000.", "checkpoint")},
		results: []result{{200, "What was asked for.", &content{kinds: []string{"text/plain; charset=utf-8", "application/octet-stream"}}, nil}},
	}, {
		Route: page.Route{Pattern: "GET /api/openapi.json", Do: d.openAPI, Open: true}, id: "readDescription", group: "This API",
		summary: "This description", text: "Gives this document (OpenAPI 3.1), made from the program itself.",
		results: []result{{200, "The description.", &content{kinds: []string{"application/json"}, of: map[string]any{}}, []string{"ETag"}}},
	}}
}

// Values of examples: invented, and of the right form.
const (
	exampleHash  = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	exampleCode  = "K7MQ2-X4TR9-3"
	exampleGroup = "K7MQ2-X4TR9-3.P4WN-8GZ2"
)
