package definition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	ground "pendopo/law/place"
)

// areasFile holds the boundaries of regions, as GeoJSON. A government need not
// have it.
const areasFile = "regions.geojson"

// readAreas takes the file as it is: it may be larger than a definition.
func (f *folder) readAreas() {
	info, err := fs.Stat(f.fs, areasFile)
	if err != nil {
		return
	}
	f.areas = &source{file: areasFile, report: f.report}
	if info.Size() > ground.MostBytes {
		f.areaFault(ground.Fault{Line: 1, Column: 1, Kind: ground.Large})
		return
	}
	data, err := fs.ReadFile(f.fs, areasFile)
	if err != nil {
		f.areas.add(1, 1, "missing_file", args([]string{"file", areasFile}))
		return
	}
	f.areas.lines = strings.Split(string(data), "\n")
	var compact bytes.Buffer
	if json.Compact(&compact, data) == nil {
		f.government.Areas = compact.Bytes()
	}
}

// checkAreas: every area is of a region of the list, and a unit stands in the
// area that it serves.
func (f *folder) checkAreas() {
	if f.areas == nil || f.areas.lines == nil {
		return
	}
	known := f.government.RegionSet().Has
	if f.regions.root == nil || !f.regions.clean("regions") {
		known = nil
	}
	areas, faults := ground.Parse([]byte(strings.Join(f.areas.lines, "\n")), known)
	for _, fault := range faults {
		f.areaFault(fault)
	}
	for i, u := range f.government.Units {
		at, err := ground.ParsePoint(u.Place)
		if area, drawn := areas.Of(u.Region); drawn && err == nil && !area.Has(at) {
			f.units.at(fmt.Sprintf("units[%d].place", i), "unit_outside", "unit", u.ID, "code", u.Region)
		}
	}
}

func (f *folder) areaFault(fault ground.Fault) {
	code, pairs := "areas_"+string(fault.Kind), []string(nil)
	switch fault.Kind {
	case ground.Unread:
		pairs = []string{"why", fault.Why}
	case ground.Shape:
		pairs = []string{"part", fault.Why}
	case ground.Unknown:
		code, pairs = "unknown_region", []string{"code", fault.Why}
	case ground.Twice:
		pairs = []string{"line", fault.Why}
	case ground.Large:
		pairs = []string{"bytes", strconv.Itoa(ground.MostBytes >> 10), "areas", strconv.Itoa(ground.MostAreas), "points", strconv.Itoa(ground.MostPoints)}
	}
	f.areas.add(fault.Line, fault.Column, code, args(pairs))
}

// Boundaries are the areas of the live government; none when it has drawn none.
func (g *Government) Boundaries() *ground.Areas {
	areas, _ := ground.Parse(g.Areas, nil)
	return areas
}
