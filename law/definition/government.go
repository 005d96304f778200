package definition

import "encoding/json"

// Government is everything of a government folder, read and resolved: what
// check proves, publish stores and the engine runs.
type Government struct {
	Profile   Profile             `json:"profile"`
	Units     []Unit              `json:"units"`
	Roles     []Role              `json:"roles"`
	Regions   []Region            `json:"regions"`
	Services  []*Service          `json:"services"`
	Templates map[string]Template `json:"templates"` // by id
	Calendars []CalendarFile      `json:"-"`         // live, versioned apart from definitions
	Numbers   []NumberRegister    `json:"numbers"`
	Needs     []Need              `json:"needs,omitempty"`    // groups of the home page
	Events    []Need              `json:"events,omitempty"`   // events of life that lead to services
	Synonyms  []Synonym           `json:"synonyms,omitempty"` // what people say instead of a word of the services
	Areas     json.RawMessage     `json:"areas,omitempty"`    // regions.geojson: the boundaries of regions; see Boundaries
	Notices   Notices             `json:"notices,omitzero"`   // how people are told
	Policies  string              `json:"policies"`           // Cedar text of policy/*.cedar joined in name order
}

// Profile is government.yaml.
type Profile struct {
	Language    int      `json:"language"`
	Name        Text     `json:"name"` // Pemerintah Kabupaten …
	Short       Text     `json:"short"`
	Head        Text     `json:"head"` // Bupati …
	Code        string   `json:"code"` // region code
	Zone        string   `json:"zone" enum:"Asia/Jakarta|Asia/Makassar|Asia/Jayapura"`
	Languages   []string `json:"languages"`
	Address     string   `json:"address"`
	Phone       string   `json:"phone"`
	Email       string   `json:"email"`
	Accent      string   `json:"accent,omitempty"`       // #rrggbb; contrast is checked
	Tiles       string   `json:"tiles,omitempty"`        // address of map pictures, with {z}, {x} and {y}; without it no page asks for any
	TilesCredit string   `json:"tiles_credit,omitempty"` // whose they are, shown on the map
	Mark        string   `json:"mark,omitempty"`         // SVG file of the government's mark, beside government.yaml; once published, the drawing itself
}

// Unit is an office.
type Unit struct {
	ID       string      `json:"id" form:"id"`
	Name     Text        `json:"name"`
	Code     string      `json:"code,omitempty"` // short code of the unit in document numbers: {unit}
	Head     Text        `json:"head,omitempty"` // the office of its head, as signed: Lurah Sumberarum
	Parent   string      `json:"parent,omitempty"`
	Region   string      `json:"region,omitempty"` // the one region it serves
	Address  string      `json:"address"`
	Phone    string      `json:"phone,omitempty"`
	Place    string      `json:"place,omitempty" form:"place"` // where it stands on the map: "-7.05,110.91", latitude and longitude
	Calendar string      `json:"calendar" enum:"five_day|six_day|round_the_clock"`
	Zone     string      `json:"zone,omitempty" enum:"Asia/Jakarta|Asia/Makassar|Asia/Jayapura"` // default: the government's
	Hours    OfficeHours `json:"hours,omitempty"`
}

// OfficeHours are weekday (mon … sun) → intervals "08:00-12:00" in the unit's zone.
type OfficeHours map[string][]string

// Role is what an officer can be at a unit.
type Role struct {
	ID   string `json:"id" form:"id"`
	Name Text   `json:"name"`
	Head bool   `json:"head,omitempty"` // signs for the unit
}

// Region is one place: code 33.60.01.2001 and its name.
type Region struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// NumberRegister is a gapless series: Pattern with {n}, {n:3}, {unit}, {month_roman}, {year}.
type NumberRegister struct {
	ID      string `json:"id" form:"id"`
	Pattern string `json:"pattern"`
	Resets  string `json:"resets" enum:"yearly|never"`
	Per     string `json:"per" enum:"unit|government"` // one series for each unit, or one for all
}

// Template is a document: its layout as blocks, filled with fields of the case.
type Template struct {
	ID     string   `json:"id" form:"id"`
	Title  Text     `json:"title"`
	Blocks []Block  `json:"blocks"`
	Proved []string `json:"proved"` // field ids whose values go into the signed statement
}

// Block is one part of a document, from top to bottom. In a file: title, number
// or space alone, {paragraph: text} or {table: rows}.
type Block struct {
	Kind string     `json:"kind" enum:"title|number|space|paragraph|table"`
	Text Text       `json:"text,omitempty"` // with {field} placeholders
	Rows []TableRow `json:"rows,omitempty"`
}

// TableRow of a document's table of facts: label : value. A row whose value is
// empty, because its fields were not asked, is left out of the document.
type TableRow struct {
	Label Text   `json:"label"`
	Value string `json:"value"` // with {field} placeholders
}

// CalendarFile is one dated, versioned calendar: a decree's holidays.
type CalendarFile struct {
	Path string `json:"path"`
	Data []byte `json:"-"`
}
