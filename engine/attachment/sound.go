package attachment

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Sounds are the types of voice notes as they are kept, each with the ending of
// its file. A browser plays them and runs none of them.
func Sounds() map[string]string {
	return map[string]string{"audio/ogg": ".ogg", "audio/webm": ".webm", "audio/mp4": ".m4a", "audio/3gpp": ".3gp",
		"audio/amr": ".amr", "audio/mpeg": ".mp3", "audio/wav": ".wav"}
}

// leastSound is less than the shortest head of a voice note with anything in it.
const leastSound = 24

// sound looks at the first bytes of a voice note and gives its type; none when
// it is nothing that a telephone records.
func sound(data []byte) string {
	if len(data) < leastSound {
		return ""
	}
	head := data[:min(len(data), 128)]
	switch {
	case bytes.HasPrefix(data, []byte("OggS")) && (bytes.Contains(head, []byte("OpusHead")) || bytes.Contains(head, []byte("\x01vorbis")) || bytes.Contains(head, []byte("Speex   "))):
		return "audio/ogg"
	case bytes.HasPrefix(data, []byte("\x1a\x45\xdf\xa3")) && bytes.Contains(head, []byte("webm")):
		return "audio/webm"
	case bytes.HasPrefix(data, []byte("#!AMR\n")), bytes.HasPrefix(data, []byte("#!AMR-WB\n")):
		return "audio/amr"
	case bytes.HasPrefix(data, []byte("RIFF")) && string(data[8:12]) == "WAVE":
		return "audio/wav"
	case string(data[4:8]) == "ftyp":
		return brand(string(data[8:12]))
	case mp3(data):
		return "audio/mpeg"
	}
	return ""
}

// brand is the type of an MP4 file by its major brand. Pictures (heic, avif) use
// the same box and are no sound.
func brand(major string) string {
	switch {
	case major[:3] == "3gp", major[:3] == "3g2":
		return "audio/3gpp"
	case slices.Contains([]string{"M4A ", "M4B ", "mp41", "mp42", "isom", "iso2", "iso4", "iso5", "iso6", "dash"}, major):
		return "audio/mp4"
	}
	return ""
}

// mp3 says whether data begins with a frame of MPEG audio, layer III, as ISO/IEC
// 11172-3 2.4.1.3 has its head, alone or behind an ID3 tag.
func mp3(data []byte) bool {
	data = data[tagOf(data):]
	return len(data) >= 4 && data[0] == 0xff && data[1]&0xe0 == 0xe0 && data[1]&0x18 != 0x08 && data[1]&0x06 == 0x02 &&
		data[2]&0xf0 != 0xf0 && data[2]&0xf0 != 0 && data[2]&0x0c != 0x0c
}

// tagOf is the length of the ID3v2 tag before the sound; 0 when there is none,
// or none that ends.
func tagOf(data []byte) int {
	if len(data) < 10 || string(data[:3]) != "ID3" {
		return 0
	}
	size := 10
	for i, b := range data[6:10] {
		if b&0x80 != 0 {
			return 0
		}
		size += int(b) << (7 * (3 - i))
	}
	if size > len(data) {
		return 0
	}
	return size
}

// bare takes out of a recording what may tell where and with what it was made:
// the tag of an MP3, and the boxes of an MP4 that hold such words. The sound
// itself stays as it came; whoever speaks can be known by it.
func bare(kind string, data []byte) []byte {
	switch kind {
	case "audio/mpeg":
		return data[tagOf(data):]
	case "audio/mp4", "audio/3gpp":
		out := bytes.Clone(data)
		blank(out, 0)
		return out
	}
	return data
}

// deepest is how far boxes that hold boxes are followed: moov, trak.
const deepest = 2

// blank writes zeros over the boxes of an MP4 that describe it, and calls them
// free, so that nothing behind them moves (ISO/IEC 14496-12, 4.2).
func blank(boxes []byte, depth int) {
	for len(boxes) >= 8 {
		size := int(binary.BigEndian.Uint32(boxes))
		if size == 0 {
			size = len(boxes)
		}
		if size < 8 || size > len(boxes) {
			return // 64-bit lengths belong to films
		}
		switch string(boxes[4:8]) {
		case "udta", "meta", "uuid":
			copy(boxes[4:8], "free")
			clear(boxes[8:size])
		case "moov", "trak":
			if depth < deepest {
				blank(boxes[8:size], depth+1)
			}
		}
		boxes = boxes[size:]
	}
}
