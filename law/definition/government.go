package definition

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
	Policies  string              `json:"policies"` // Cedar text of policy/*.cedar joined in name order
}

// Profile is government.yaml.
type Profile struct {
	Language  int      `json:"language"`
	Name      Text     `json:"name"` // Pemerintah Kabupaten …
	Short     Text     `json:"short"`
	Head      Text     `json:"head"` // Bupati …
	Code      string   `json:"code"` // region code
	Zone      string   `json:"zone"` // Asia/Jakarta, Asia/Makassar, Asia/Jayapura
	Languages []string `json:"languages"`
	Address   string   `json:"address"`
	Phone     string   `json:"phone"`
	Email     string   `json:"email"`
	Accent    string   `json:"accent,omitempty"` // #rrggbb; contrast is checked
	Mark      string   `json:"mark,omitempty"`   // SVG file of the government's mark
}

// Unit is an office.
type Unit struct {
	ID       string      `json:"id"`
	Name     Text        `json:"name"`
	Parent   string      `json:"parent,omitempty"`
	Region   string      `json:"region,omitempty"` // the region it serves
	Address  string      `json:"address"`
	Phone    string      `json:"phone,omitempty"`
	Calendar string      `json:"calendar"`       // five_day, six_day, round_the_clock
	Zone     string      `json:"zone,omitempty"` // default: the government's
	Hours    OfficeHours `json:"hours,omitempty"`
}

// OfficeHours: weekday (mon … sun) → intervals "08:00-12:00" in the unit's zone.
type OfficeHours map[string][]string

// Role is what an officer can be at a unit.
type Role struct {
	ID   string `json:"id"`
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
	ID      string `json:"id"`
	Pattern string `json:"pattern"`
	Resets  string `json:"resets"` // yearly, never
}

// Template is a document: its layout as blocks, filled with fields of the case.
type Template struct {
	ID     string   `json:"id"`
	Title  Text     `json:"title"`
	Blocks []Block  `json:"blocks"`
	Proved []string `json:"proved"` // field ids whose values go into the signed statement
}

// Block is one part of a document, from top to bottom.
type Block struct {
	Kind string     `json:"kind"`           // title, number, paragraph, table, space
	Text Text       `json:"text,omitempty"` // with {field} placeholders
	Rows []TableRow `json:"rows,omitempty"`
}

// TableRow of a document's table of facts: label : value.
type TableRow struct {
	Label Text   `json:"label"`
	Value string `json:"value"` // with {field} placeholders
}

// CalendarFile is one dated, versioned calendar: a decree's holidays.
type CalendarFile struct {
	Path string `json:"path"`
	Data []byte `json:"-"`
}
