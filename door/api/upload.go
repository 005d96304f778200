package api

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// channel is how an application came that a program hands in.
const channel = "api"

// pieceType is the content type of a piece of a file, as in the tus protocol.
const pieceType = "application/offset+octet-stream"

type uploadView struct {
	Upload string `json:"upload" doc:"Id of the file, which an answer names."`
	Group  string `json:"group"`
	Offset int64  `json:"offset" doc:"Bytes received."`
	Length int64  `json:"length" doc:"Bytes in all."`
	Whole  bool   `json:"whole"`
	Type   string `json:"type,omitempty" doc:"Of what was kept, once it is whole."`
}

// upload takes a file in one piece, or with Upload-Length opens one that comes
// in pieces. Without Upload-Group it opens a group first.
func (d *Door) upload(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	length, piecewise, err := number(r, "Upload-Length")
	if err != nil {
		return err
	}
	file, err := sentFile(r, piecewise)
	if err != nil {
		return err
	}
	asked := request(http.MethodPost, "/api/v1/uploads", map[string]any{
		"service": r.URL.Query().Get("service"), "field": r.URL.Query().Get("field"), "length": strconv.FormatInt(length, 10),
	})
	g, err := d.groupOf(r, casework.Once{Scope: "api/upload", Key: key, Request: asked})
	if err != nil {
		return err
	}
	field, err := fieldOf(g.service, r.URL.Query().Get("field"))
	if err != nil {
		return err
	}
	sent := attachment.Sent{Stream: g.stream, Field: field, Name: file.name, Key: key, Request: asked, Size: length}
	var up attachment.Upload
	if piecewise {
		up, err = d.Attachments.Begin(sent)
	} else {
		up, err = d.Attachments.Put(sent, file)
	}
	if err != nil {
		return unlocated(err)
	}
	w.Header().Set("Location", "/api/v1/uploads/"+up.ID)
	return answerUpload(w, r, http.StatusCreated, g, up)
}

// groupOf is the group that the request names, or a new one.
func (d *Door) groupOf(r *http.Request, o casework.Once) (group, error) {
	if token := r.Header.Get(groupHeader); token != "" {
		return d.openGroup(r, token)
	}
	return d.newGroup(r, o)
}

// fieldOf is the file field that a file is for; the zero Field when none is said.
func fieldOf(s *definition.Service, id string) (definition.Field, error) {
	if id == "" {
		return definition.Field{}, nil
	}
	f := s.Field(id)
	if f == nil && s.Messages && id == messageField {
		take := photo()
		f = &take
	}
	if f == nil {
		f = ofAction(s, id)
	}
	if group, inner, inside := strings.Cut(id, "."); inside {
		f = fieldInside(s.Field(group), inner)
	}
	if f == nil || f.Kind != definition.KindFile {
		return definition.Field{}, fault.New(fault.Invalid, "api.no_file_field")
	}
	return *f, nil
}

// ofAction is the question for files of an applicant's action; nil when there is
// none of that id.
func ofAction(s *definition.Service, id string) *definition.Field {
	for _, step := range s.Flow.Steps {
		for _, a := range step.Actions {
			for _, f := range definition.Asked(a.Fields) {
				if f.ID == id && step.Actor.Who == "applicant" {
					return f
				}
			}
		}
	}
	return nil
}

// fieldInside is what a group asks of each item; nil when it asks no such thing.
func fieldInside(group *definition.Field, id string) *definition.Field {
	if group == nil {
		return nil
	}
	for _, f := range definition.Asked(group.Fields) {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// uploadState says how far a file has come, so that a caller can go on after a
// cut. HEAD gives the same in Upload-Offset and Upload-Length.
func (d *Door) uploadState(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	g, field, err := d.uploadOf(r)
	if err != nil {
		return err
	}
	up, err := d.Attachments.Status(g.stream, r.PathValue("upload"), field)
	if err != nil {
		return unlocated(err)
	}
	return answerUpload(w, r, http.StatusOK, g, up)
}

// uploadMore adds a piece at Upload-Offset.
func (d *Door) uploadMore(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	if err := contentType(r, pieceType); err != nil {
		return err
	}
	offset, given, err := number(r, "Upload-Offset")
	if err != nil {
		return err
	}
	if !given {
		return fault.New(fault.Malformed, "api.offset_missing")
	}
	g, field, err := d.uploadOf(r)
	if err != nil {
		return err
	}
	up, err := d.Attachments.Continue(g.stream, r.PathValue("upload"), field, offset, requestBody{r.Body})
	if up.ID != "" {
		w.Header().Set("Upload-Offset", strconv.FormatInt(up.Offset, 10))
	}
	if err != nil {
		return unlocated(err)
	}
	return answerUpload(w, r, http.StatusOK, g, up)
}

// uploadOf finds group and field of the upload that the address names.
func (d *Door) uploadOf(r *http.Request) (group, definition.Field, error) {
	token := r.Header.Get(groupHeader)
	if token == "" {
		return group{}, definition.Field{}, fault.New(fault.Malformed, "api.group_missing")
	}
	g, err := d.openGroup(r, token)
	if err != nil {
		return g, definition.Field{}, err
	}
	id, err := d.Attachments.FieldOf(g.stream, r.PathValue("upload"))
	if err != nil {
		return g, definition.Field{}, err
	}
	field, err := fieldOf(g.service, id)
	return g, field, err
}

func answerUpload(w http.ResponseWriter, r *http.Request, status int, g group, up attachment.Upload) error {
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(up.Offset, 10))
	h.Set("Upload-Length", strconv.FormatInt(up.Length, 10))
	return send(w, r, answer{status: status, body: uploadView{
		Upload: up.ID, Group: g.token, Offset: up.Offset, Length: up.Length, Whole: up.Whole, Type: up.Blob.Type,
	}})
}

// number reads a header that holds a number of bytes.
func number(r *http.Request, header string) (n int64, given bool, err error) {
	text := r.Header.Get(header)
	if text == "" {
		return 0, false, nil
	}
	n, err = strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, true, fault.New(fault.Malformed, "api.not_bytes").With("header", header)
	}
	return n, true, nil
}

// unlocated takes the field off a fault about a file: it stands in the address,
// and a JSON pointer into a body of bytes says nothing.
func unlocated(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	out := *f
	out.Field = ""
	return &out
}

// file is a file as it comes in.
type file struct {
	io.Reader
	name string
}

// sentFile finds the file in a request: the body itself, or the one part of a
// form. It reads nothing of it yet, and nothing of it ever touches a disk in
// plain.
func sentFile(r *http.Request, piecewise bool) (file, error) {
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Disposition")) // without one there is no name
	whole := file{requestBody{r.Body}, params["filename"]}
	if piecewise {
		if r.ContentLength != 0 {
			return whole, fault.New(fault.Malformed, "api.body_with_length")
		}
		return whole, nil
	}
	if err := contentType(r, fileKinds()...); err != nil {
		return whole, err
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return whole, nil
	}
	part, err := multipart.NewReader(requestBody{r.Body}, params["boundary"]).NextRawPart()
	if err != nil || part.FormName() != "file" {
		return whole, fault.New(fault.Malformed, "api.no_file_part")
	}
	return file{requestBody{part}, part.FileName()}, nil
}

// requestBody turns what goes wrong while reading into faults.
type requestBody struct{ io.Reader }

func (b requestBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	var large *http.MaxBytesError
	var known *fault.Fault
	switch {
	case err == nil || errors.Is(err, io.EOF) || errors.As(err, &known):
		return n, err
	case errors.As(err, &large):
		return n, fault.New(fault.TooLarge, "fault.body_large").With("limit", strconv.FormatInt(large.Limit>>20, 10)+" MB")
	}
	return n, fault.New(fault.Malformed, "fault.body_malformed")
}
