package document

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// field is the empty signature field to add: both identifiers of the file, the
// box on its last page and the words a screen reader says. The code beside it
// becomes a link, for whoever reads on a screen.
type field struct {
	ID   ID
	Salt [16]byte
	Box  area
	Page int // the last one, from 1
	Tip  string
	Code area
	Link string
}

// FieldName is the signature field's name: what a signer asks for.
const FieldName = "tanda_tangan"

// addSignatureField writes an incremental update (ISO 32000-1, 7.5.6) after
// the base file: the page gets a widget, the catalogue an AcroForm with one
// empty signature field, the trailer the permanent identifier. A signer later
// adds its own update after this one and changes no earlier byte.
func addSignatureField(base []byte, f field) ([]byte, error) {
	old, err := readBase(base)
	if err != nil {
		return nil, fmt.Errorf("document: base file: %w", err)
	}
	pageNumber := 1 + 2*f.Page // fpdf numbers pages 3, 5, 7, …
	page, err := old.dictionary(pageNumber, "/Type /Page\n")
	if err != nil {
		return nil, err
	}
	root, err := old.dictionary(old.root, "/Type /Catalog")
	if err != nil {
		return nil, err
	}
	widget, link := old.size, old.size+1
	out := update{file: bytes.NewBuffer(bytes.Clone(base))}
	out.object(pageNumber, page+fmt.Sprintf("/Annots [%d 0 R %d 0 R]\n", link, widget))
	out.object(old.root, root+fmt.Sprintf("/AcroForm <</Fields [%d 0 R]>>\n/ViewerPreferences <</DisplayDocTitle true>>\n", widget))
	out.object(widget, fmt.Sprintf("/Type /Annot /Subtype /Widget /FT /Sig /T (%s) /TU <%x> /F 4 /P %d 0 R\n/Rect [%s]\n",
		FieldName, utf16Text(f.Tip), pageNumber, f.Box.points()))
	out.object(link, fmt.Sprintf("/Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [%s]\n/A <</S /URI /URI (%s)>>\n",
		f.Code.points(), escapeLiteral(f.Link)))
	return out.close(old, fmt.Sprintf("/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n/ID [<%x><%x>]\n",
		link+1, old.root, old.info, old.xref, f.ID[:], f.Salt[:])), nil
}

// baseFile is what an update must know of the file it follows.
type baseFile struct {
	data             []byte
	offsets          []int
	xref             int
	size, root, info int
}

var trailerPattern = regexp.MustCompile(`/Size (\d+)\n/Root (\d+) 0 R\n/Info (\d+) 0 R\n>>\nstartxref\n(\d+)\n%%EOF\n$`)

// readBase reads the one cross-reference table that fpdf writes; any other
// shape is refused, so a change of that library cannot pass unseen.
func readBase(data []byte) (baseFile, error) {
	m := trailerPattern.FindSubmatch(data)
	if m == nil {
		return baseFile{}, errors.New("trailer has another shape")
	}
	n := make([]int, len(m))
	for i := 1; i < len(m); i++ {
		var err error
		if n[i], err = strconv.Atoi(string(m[i])); err != nil {
			return baseFile{}, err
		}
	}
	b := baseFile{data: data, size: n[1], root: n[2], info: n[3], xref: n[4]}
	head := fmt.Appendf(nil, "xref\n0 %d\n", b.size)
	if b.xref >= len(data) || !bytes.HasPrefix(data[b.xref:], head) {
		return baseFile{}, errors.New("cross-reference table has another shape")
	}
	const entry = 20
	table := data[b.xref+len(head):]
	if len(table) < b.size*entry {
		return baseFile{}, errors.New("cross-reference table is short")
	}
	for i := range b.size {
		offset, err := strconv.Atoi(string(table[i*entry : i*entry+10]))
		if err != nil {
			return baseFile{}, err
		}
		b.offsets = append(b.offsets, offset)
	}
	return b, nil
}

// dictionary gives the entries of an object that must say what it is.
func (b baseFile) dictionary(number int, says string) (string, error) {
	if number >= len(b.offsets) || b.offsets[number] >= len(b.data) {
		return "", fmt.Errorf("object %d is not there", number)
	}
	rest := b.data[b.offsets[number]:]
	body, _, found := bytes.Cut(rest, []byte(">>\nendobj\n"))
	body, headed := bytes.CutPrefix(body, fmt.Appendf(nil, "%d 0 obj\n<<", number))
	if !found || !headed || !bytes.Contains(body, []byte(says)) || bytes.Contains(body, []byte("/Annots")) {
		return "", fmt.Errorf("object %d has another shape", number)
	}
	return string(bytes.TrimPrefix(body, []byte("\n"))) + "\n", nil
}

// update appends objects and remembers where they stand.
type update struct {
	file    *bytes.Buffer
	numbers []int
	offsets []int
}

func (u *update) object(number int, entries string) {
	u.numbers, u.offsets = append(u.numbers, number), append(u.offsets, u.file.Len())
	fmt.Fprintf(u.file, "%d 0 obj\n<<\n%s>>\nendobj\n", number, entries)
}

func (u *update) close(old baseFile, trailer string) []byte {
	start := u.file.Len()
	u.file.WriteString("xref\n")
	for i, number := range u.numbers {
		fmt.Fprintf(u.file, "%d 1\n%010d 00000 n \n", number, u.offsets[i])
	}
	fmt.Fprintf(u.file, "trailer\n<<\n%s>>\nstartxref\n%d\n%%%%EOF\n", trailer, start)
	return u.file.Bytes()
}

// points is the area as a PDF rectangle: points from the bottom left corner.
func (a area) points() string {
	const k = 72 / 25.4
	return fmt.Sprintf("%.2f %.2f %.2f %.2f", a.x*k, (pageHigh-a.y-a.h)*k, (a.x+a.w)*k, (pageHigh-a.y)*k)
}

// utf16Text is a PDF text string in UTF-16 with its byte order mark.
func utf16Text(s string) []byte {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// escapeLiteral writes text for a PDF string in parentheses.
func escapeLiteral(s string) string {
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\n", `\n`, "\r", `\r`).Replace(s)
}
