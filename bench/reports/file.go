package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"pendopo/feature/complaint/archive"
)

// layout is how a file writes its times.
const layout = "01/02/2006 03:04:05 PM"

// mapping reads the files of write.
func mapping() archive.Map {
	return archive.Map{Source: "kota", Service: "pengaduan", Times: layout, Closed: []string{"Closed"}, Category: "lain", Unit: "setda", Region: "33.60.01.1001",
		Columns: archive.Columns{Key: "Unique Key", Received: "Created Date", Ended: "Closed Date", Due: "Due Date", Status: "Status", Kind: "Complaint Type", Text: "Descriptor",
			Office: "Agency", Lat: "Latitude", Lon: "Longitude"},
		Categories: map[string]string{"Street Light Condition": "lampu", "Dirty Conditions": "sampah", "Street Condition": "jalan", "Sewer": "banjir", "Noise": "ketertiban"},
		Units:      map[string]string{"DOT": "dpupr", "DSNY": "dlh", "DEP": "dpupr", "NYPD": "satpol-pp"}}
}

// write writes so many ended reports of a year before now, each run the same.
func write(w io.Writer, n int, now time.Time) error {
	out := csv.NewWriter(w)
	kinds := [][3]string{{"Street Light Condition", "Lampu mati", "DOT"}, {"Dirty Conditions", "Sampah menumpuk", "DSNY"}, {"Street Condition", "Lubang", "DOT"},
		{"Sewer", "Saluran mampet", "DEP"}, {"Noise", "Musik keras", "NYPD"}, {"Tree", "Dahan patah", "DPR"}}
	draw := rand.New(rand.NewPCG(311, 5))
	if err := out.Write([]string{"Unique Key", "Created Date", "Closed Date", "Due Date", "Agency", "Complaint Type", "Descriptor", "Status", "Latitude", "Longitude"}); err != nil {
		return err
	}
	for i := range n {
		k := kinds[draw.IntN(len(kinds))]
		received := now.Add(-time.Duration(draw.IntN(360*24*60)) * time.Minute)
		ended := received.Add(time.Duration(draw.IntN(14*24*60)) * time.Minute)
		lat, lon := -7.04-draw.Float64()*0.12, 110.88+draw.Float64()*0.12
		if err := out.Write([]string{strconv.Itoa(10_000_000 + i), received.Format(layout), ended.Format(layout), received.AddDate(0, 0, 7).Format(layout), k[2], k[0],
			fmt.Sprintf("%s di jalan %d", k[1], draw.IntN(400)), "Closed", fmt.Sprint(lat), fmt.Sprint(lon)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
