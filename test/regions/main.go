// Command regions makes law/region/region.bin from the CSV files of the package
// idn-area-data: the list of today, and of the lists of earlier releases the
// codes that no place has any more. `make regions` runs it. The same input makes
// the same bytes.
//
//	regions -now DIR -before DIR,DIR -former former.csv -out region.bin
//	regions -compare list.csv      what another list (code, name) has differently
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pendopo/law/region"
)

func main() {
	now := flag.String("now", "", "folder of CSV files of today's release")
	before := flag.String("before", "", "folders of earlier releases, the oldest first, with commas between")
	former := flag.String("former", "test/regions/former.csv", "codes renumbered before the oldest release")
	out := flag.String("out", "law/region/region.bin", "where to write the list")
	compare := flag.String("compare", "", "a list to compare the one of this build with")
	flag.Parse()
	var err error
	if *compare != "" {
		err = differences(*compare)
	} else {
		err = write(*now, strings.Split(*before, ","), *former, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "regions:", err)
		os.Exit(1)
	}
}

func write(now string, before []string, former, out string) error {
	today, err := release(now)
	if err != nil {
		return err
	}
	past, err := renumbered(former)
	if err != nil {
		return err
	}
	for i, dir := range before {
		old, err := release(dir)
		if err != nil {
			return err
		}
		next := today
		if i+1 < len(before) {
			if next, err = release(before[i+1]); err != nil {
				return err
			}
		}
		for code, f := range gone(old, next) {
			past[code] = f
		}
	}
	raw, err := region.Pack(placesOf(today), followed(past, today))
	if err != nil {
		return err
	}
	fmt.Printf("%d places, %d former codes, %d bytes\n", len(today), len(past), len(raw))
	return os.WriteFile(out, raw, 0o644)
}

// release reads the four lists of one release: code → name.
func release(dir string) (map[string]string, error) {
	all := map[string]string{}
	for _, level := range []string{"provinces", "regencies", "districts", "villages"} {
		rows, err := rowsOf(filepath.Join(dir, level+".csv"), "code", "name")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			code := r[0]
			if !strings.Contains(code, ".") { // releases before 4 wrote digits alone
				code = region.Dotted(code)
			}
			if region.LevelOf(code) < 0 || all[code] != "" {
				return nil, fmt.Errorf("%s in %s is no code, or stands twice", code, dir)
			}
			all[code] = tidy(r[1])
		}
	}
	return all, nil
}

// rowsOf reads two columns of a CSV file with a head.
func rowsOf(file, first, second string) ([][2]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.LazyQuotes = true // Ra"as
	all, err := r.ReadAll()
	if err != nil || len(all) == 0 {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	a, b := slices.Index(all[0], first), slices.Index(all[0], second)
	if a < 0 || b < 0 {
		return nil, fmt.Errorf("%s has no columns %s and %s", file, first, second)
	}
	var out [][2]string
	for _, row := range all[1:] {
		out = append(out, [2]string{row[a], row[b]})
	}
	return out, nil
}

// tidy takes the marks of typing out of a name: double spaces, a full stop or
// star at the end, and the double quote that stands for an apostrophe.
func tidy(name string) string {
	name = strings.NewReplacer(`"`, "'", "’", "'").Replace(name)
	name = strings.Join(strings.Fields(name), " ")
	return strings.TrimRight(name, "*.")
}

// renumbered reads the codes that were renumbered before the oldest release.
func renumbered(file string) (map[string]region.Former, error) {
	names, err := rowsOf(file, "code", "name")
	if err != nil {
		return nil, err
	}
	nows, err := rowsOf(file, "code", "now")
	if err != nil {
		return nil, err
	}
	out := map[string]region.Former{}
	for i, r := range names {
		out[r[0]] = region.Former{Place: region.Place{Code: r[0], Name: r[1]}, Now: nows[i][1]}
	}
	return out, nil
}

// gone are the codes of a release that the next has not, each with the code that
// took it over: the one new place of that name at that level, first in the same
// place above or what took that over, then in the same kabupaten.
func gone(old, next map[string]string) map[string]region.Former {
	fresh := map[string][]string{}
	for code, name := range next {
		if old[code] == "" {
			fresh[plain(name)] = append(fresh[plain(name)], code)
		}
	}
	out := map[string]region.Former{}
	for _, code := range sorted(old) { // from the top: a place is looked for where those above it went
		if next[code] == "" {
			out[code] = region.Former{Place: region.Place{Code: code, Name: old[code]}, Now: successor(code, fresh[plain(old[code])], out)}
		}
	}
	return out
}

func successor(code string, fresh []string, moved map[string]region.Former) string {
	var near []string
	above := region.Parent(code)
	for above != "" {
		there := above
		if f, ok := moved[above]; ok && f.Now != "" {
			there = f.Now
		}
		for _, c := range fresh {
			if region.LevelOf(c) == region.LevelOf(code) && (there == region.Parent(c) || strings.HasPrefix(c, there+".")) {
				near = append(near, c)
			}
		}
		if len(near) > 0 || region.LevelOf(above) == region.Province {
			break
		}
		above = region.Parent(above)
	}
	if len(near) == 0 { // to another province, as a whole
		for _, c := range fresh {
			if region.LevelOf(c) == region.LevelOf(code) && region.LevelOf(c) <= region.Regency {
				near = append(near, c)
			}
		}
	}
	if len(near) != 1 {
		return ""
	}
	return near[0]
}

// plain is a name as names are compared: small letters and digits alone, with
// the short word for a kabupaten written out.
func plain(name string) string {
	name = strings.ToLower(name)
	if rest, short := strings.CutPrefix(name, "kab. "); short {
		name = "kabupaten " + rest
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// followed leads every former code to one of today. A code that is used again
// today is no former one.
func followed(past map[string]region.Former, today map[string]string) []region.Former {
	var out []region.Former
	for _, code := range sorted(past) {
		f := past[code]
		for seen := 0; f.Now != "" && today[f.Now] == "" && seen < len(past); seen++ {
			f.Now = past[f.Now].Now
		}
		if today[code] == "" {
			out = append(out, f)
		}
	}
	return out
}

func placesOf(m map[string]string) []region.Place {
	var out []region.Place
	for _, code := range sorted(m) {
		out = append(out, region.Place{Code: code, Name: m[code]})
	}
	return out
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for code := range m {
		out = append(out, code)
	}
	slices.Sort(out)
	return out
}

// differences prints what another list has differently: codes, and names that
// differ by more than spaces, case and marks.
func differences(file string) error {
	rows, err := rowsOf(file, "kode", "nama")
	if err != nil {
		return err
	}
	t := region.National()
	names, codes := 0, 0
	for _, r := range rows {
		own := t.Name(r[0])
		switch {
		case own == "":
			codes++
			fmt.Printf("%s %s: not in our list\n", r[0], r[1])
		case plain(own) != plain(r[1]):
			names++
			fmt.Printf("%s %s: there %s\n", r[0], own, r[1])
		}
	}
	fmt.Printf("%d places there, %d here; %d codes are not here, %d names differ\n", len(rows), t.Count(), codes, names)
	return nil
}
