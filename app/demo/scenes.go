package demo

// hole1 is a road with holes, or with fresh patches.
func hole1(c *canvas, done bool) {
	c.street(false)
	for range 2 + int(c.chance()*3) {
		x, y := c.between(120, 360), c.between(220, 330)
		w := c.between(26, 62) * (y / 300)
		if done {
			c.shape(0x3c3d40, x-w, y-w*0.35, x+w, y-w*0.35, x+w*1.15, y+w*0.4, x-w*1.15, y+w*0.4)
			continue
		}
		c.blob(0x7d766a, x, y, w*1.2, w*0.5, 0.4)
		c.blob(hole, x, y+2, w, w*0.4, 0.4)
		if c.chance() < 0.5 {
			c.blob(water, x, y+6, w*0.7, w*0.24, 0.2)
		}
	}
}

// bridge is a bridge with planks missing, or whole.
func bridge(c *canvas, done bool) {
	c.box(0xc3d8df, 0, 0, pictureWide, 150)
	for i := range 7 {
		c.tree(float64(i)*80+c.between(-20, 20), 160, c.between(60, 110), false)
	}
	c.box(0x8aa562, 0, 150, pictureWide, 210)
	c.shape(0x8c7a57, 0, 210, pictureWide, 190, pictureWide, 330, 0, 350)
	for i := range 14 {
		x := 40 + float64(i)*29
		gone := c.chance() < 0.35 && i > 2 && i < 12
		if !gone || done {
			c.shape(c.one(0x9a7a4f, 0x8a6a42, 0xa5855a), x, 215, x+25, 214, x+29, 285, x+1, 287)
		}
	}
	for _, y := range []float64{185, 262} {
		bend := c.between(0, 26)
		if done {
			bend = 0
		}
		c.shape(0x5b4630, 30, y, 240, y+bend, 460, y-6, 460, y+2, 240, y+bend+9, 30, y+8)
	}
	for i := range 6 {
		c.box(0x5b4630, 40+float64(i)*82, 180, 7, 50)
	}
}

// lamp is a road at night: without light, or with it.
func lamp(c *canvas, done bool) {
	c.street(true)
	x := c.between(90, 190)
	if done {
		c.shape(0x59563f, x+50, 70, x-60, 340, x+230, 340)
		c.shape(0x6f6a47, x+50, 75, x, 330, x+160, 330)
	}
	c.box(0x4a4d52, x, 60, 7, 260)
	c.box(0x4a4d52, x, 60, 56, 6)
	glass := uint32(dark)
	if done {
		glass = lamplit
	}
	c.blob(glass, x+54, 72, 15, 8, 0.1)
	if !done && c.chance() < 0.5 { // the lights of a motorbike
		c.blob(0xfff6d0, c.between(260, 330), 240, 7, 7, 0.1)
	}
}

// rubbish is a heap of it, or the swept place.
func rubbish(c *canvas, done bool) {
	c.street(false)
	x, y := c.between(150, 320), c.between(270, 300)
	if done {
		c.box(0x3e6d50, x-50, y-60, 44, 62)
		c.box(0x2f5540, x-54, y-66, 52, 8)
		c.box(0x4a6fa0, x+6, y-60, 44, 62)
		c.box(0x385680, x+2, y-66, 52, 8)
		return
	}
	for range 46 {
		dx := c.between(-95, 95)
		top := 75 * (1 - dx*dx/9500)
		c.blob(c.one(0x2b2b2e, 0xe9e6df, 0x9e3d34, 0x46648c, 0xcfa14b, 0x6d7f4b, 0x77695a), x+dx, y-c.between(0, max(4, top)), c.between(9, 22), c.between(7, 15), 0.5)
	}
}

// flood is a street under water, or after it.
func flood(c *canvas, done bool) {
	c.street(false)
	if done {
		c.shape(0x4a4b4e, 60, 320, 420, 318, 440, 332, 50, 335)
		return
	}
	level := c.between(205, 245)
	c.box(water, 0, level, pictureWide, pictureHigh-level)
	for range 26 {
		x, y := c.between(0, 470), c.between(level+6, 352)
		c.box(0x988a6d, x, y, c.between(20, 70), 2)
	}
	if c.chance() < 0.6 {
		x := c.between(130, 330)
		c.box(0xa33b32, x, level-26, 58, 30)
		c.blob(0x8d332b, x+29, level-26, 26, 14, 0.05)
	}
}

// fallen is a tree across the road, or its stump.
func fallen(c *canvas, done bool) {
	c.street(false)
	x := c.between(90, 150)
	if done {
		c.blob(wood, x, 292, 17, 8, 0.2)
		c.blob(0xc9a877, x, 286, 15, 6, 0.1)
		return
	}
	c.shape(wood, x, 285, x+250, 245, x+255, 262, x+4, 305)
	for range 9 {
		c.blob(c.one(leaf, 0x4f8a4a, 0x2f6338), x+c.between(190, 330), c.between(205, 290), c.between(24, 48), c.between(18, 34), 0.4)
	}
}

// market is stalls in the road, or beside it.
func market(c *canvas, done bool) {
	c.street(false)
	for i := range 5 {
		x := float64(i)*92 + c.between(-10, 18)
		y := c.between(240, 300)
		if done {
			y = 190
			if i%2 == 1 {
				continue
			}
		}
		cloth := c.one(0xb5483b, 0x2f6d8c, 0xd1a03c, 0x4f8a4a)
		c.box(0x7b5a38, x, y, 74, 34)
		c.box(0x5b4630, x+2, y-46, 4, 48)
		c.box(0x5b4630, x+68, y-46, 4, 48)
		c.shape(cloth, x-8, y-42, x+82, y-42, x+72, y-62, x+4, y-62)
		for j := range 5 {
			c.blob(c.one(0xc0392b, 0xe0a030, 0x6f9a3e), x+10+float64(j)*14, y-2, 7, 6, 0.2)
		}
	}
}

// leak is a pipe that loses water, or a mended one.
func leak(c *canvas, done bool) {
	c.street(false)
	y := c.between(268, 300)
	c.shape(0x6e5c45, 60, y-26, 420, y-30, 430, y+34, 50, y+36)
	c.box(0x5a7fa6, 40, y-8, 400, 20)
	c.box(0x6f96bd, 40, y-8, 400, 5)
	if done {
		c.box(0x8a8d90, 215, y-13, 52, 30)
		return
	}
	for range 30 {
		c.blob(c.one(0xcfe4ee, 0xb4d3e3, 0xe5f1f6), 238+c.between(-46, 46), y-c.between(0, 100), c.between(3, 7), c.between(4, 11), 0.3)
	}
	c.blob(0x8fb0bf, 240, y+26, 150, 16, 0.2)
}

// parked is cars on the pavement, or a free one.
func parked(c *canvas, done bool) {
	c.street(false)
	c.shape(concrete, 0, 300, 210, 215, 240, 215, 120, 360, 0, 360)
	if done {
		c.box(0xb5483b, 60, 190, 6, 90)
		c.blob(0xf2f2ee, 63, 182, 19, 19, 0.02)
		c.blob(0xb5483b, 63, 182, 15, 15, 0.02)
		c.blob(0xf2f2ee, 63, 182, 10, 10, 0.02)
		return
	}
	for i := range 2 + int(c.chance()*2) {
		x, y := 20+float64(i)*105, 292-float64(i)*26
		paint := c.one(0xa33b32, 0x3f5f8a, 0xd9d6cf, 0x4a4d52, 0x8c7a3a)
		c.box(paint, x, y, 104, 28)
		c.shape(paint, x+16, y, x+34, y-24, x+78, y-24, x+94, y)
		c.shape(0x9fb8c4, x+24, y-2, x+37, y-20, x+75, y-20, x+86, y-2)
		c.blob(0x222225, x+22, y+28, 12, 12, 0.03)
		c.blob(0x222225, x+82, y+28, 12, 12, 0.03)
	}
}

// counter is a full waiting room, or an empty one.
func counter(c *canvas, done bool) {
	c.box(c.one(0xdfe5dc, 0xe6ddcb, 0xd5dde3), 0, 0, pictureWide, 230)
	c.box(0xb9a58a, 0, 230, pictureWide, 130)
	c.box(0x6b4a2c, 40, 150, 400, 70)
	c.box(0x8a6540, 40, 140, 400, 14)
	for i := range 3 {
		c.box(0xf5f2ea, 80+float64(i)*130, 40, 80, 46)
		c.box(0x1f3a68, 80+float64(i)*130, 40, 80, 12)
	}
	people := 13
	if done {
		people = 2
	}
	for i := range people {
		x, y := 30+float64(i%7)*66+c.between(-8, 8), 262+float64(i/7)*52
		c.shape(c.one(0x9e3d34, 0x3f5f8a, 0x4f7a4a, 0xcaa24a, 0x6d5a7d, 0xe2ddd2), x-20, y+70, x-16, y+16, x+16, y+16, x+20, y+70)
		c.blob(c.one(0x8d5f3f, 0xa5764f, 0x6f4a30), x, y, 13, 15, 0.05)
		c.blob(0x221c1a, x, y-6, 13, 10, 0.1)
	}
}

// gutter is a drain full of mud and leaves, or a clean one.
func gutter(c *canvas, done bool) {
	c.street(false)
	c.shape(concrete, 150, 360, 225, 200, 285, 200, 400, 360)
	bottom := uint32(0x6f8f98)
	if !done {
		bottom = 0x4d4030
	}
	c.shape(bottom, 190, 360, 236, 205, 274, 205, 355, 360)
	if done {
		return
	}
	for range 24 {
		y := c.between(230, 350)
		c.blob(c.one(0x5b4c36, 0xd8d4c8, 0x6d7f4b, 0x9e3d34, 0x2f6d8c), 256+c.between(-1, 1)*(y-190)*0.4, y, c.between(6, 15), c.between(4, 9), 0.5)
	}
}

// building is an office or a school with a broken roof, or mended.
func building(c *canvas, done bool) {
	c.box(c.one(0xbfd9e8, 0xd6e0e0), 0, 0, pictureWide, 200)
	c.box(c.one(0x9aa765, 0xb5a67f), 0, 200, pictureWide, 160)
	wall := c.one(0xe8dcc0, 0xd5dfd0, 0xe2d2c0)
	c.box(wall, 50, 130, 380, 130)
	c.shape(c.one(0x8c4a33, 0x7a3f2d), 30, 130, 90, 62, 390, 62, 450, 130)
	if !done {
		for range 4 {
			c.blob(0x2f2621, c.between(110, 370), c.between(78, 118), c.between(10, 24), c.between(6, 13), 0.5)
		}
	}
	for i := range 4 {
		c.box(0x5f7a8a, 75+float64(i)*90, 165, 50, 42)
		if !done && c.chance() < 0.4 {
			c.shape(0x22262b, 80+float64(i)*90, 170, 112+float64(i)*90, 176, 98+float64(i)*90, 200)
		}
	}
	c.box(0x5a4636, 218, 195, 44, 65)
	c.box(0xcfcabd, 226, 20, 4, 112)
	c.box(0xb5302a, 230, 22, 40, 13)
	c.box(0xf4f1ea, 230, 35, 40, 13)
}
