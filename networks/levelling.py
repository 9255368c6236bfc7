"""What the scripts share that author the ground of a place: square cells, streets drawn into them, GeoTIFF.

Only the standard library, and no randomness. The same calls give the same levels; the bytes of a file also depend on
the zlib of the machine, so `same` compares what two files hold.
"""
import array
import math
import struct
import zlib

NO_DATA = -9999.0


def smooth(x, low, high):
    """0 below `low`, 1 above `high`, between them a cubic without kinks."""
    t = min(1.0, max(0.0, (x - low) / (high - low)))
    return t * t * (3 - 2 * t)


def ramp(x, points):
    """Straight lines between points (x, y) in order of x, level beyond them."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


# ----------------------------------------------------------------- cells ---
class Cells:
    """A map of square cells, north at the top, its corner at a whole number of cells."""

    def __init__(self, box, size, fill=0.0):
        west, south, east, north = box
        self.size = size
        self.west, self.north = math.floor(west / size) * size, math.ceil(north / size) * size
        self.columns = math.ceil((east - self.west) / size)
        self.rows = math.ceil((self.north - south) / size)
        self.values = array.array("f", [fill]) * (self.rows * self.columns)

    def like(self, fill):
        """Another map of the same cells."""
        other = object.__new__(Cells)
        other.__dict__.update(self.__dict__, values=array.array("f", [fill]) * len(self.values))
        return other

    def middle(self, row, column):
        return self.west + (column + 0.5) * self.size, self.north - (row + 0.5) * self.size

    def at(self, x, y):
        """Index of the cell that holds a point."""
        return int((self.north - y) // self.size) * self.columns + int((x - self.west) // self.size)

    def window(self, box):
        """Rows and columns whose middles lie in a box."""
        west, south, east, north = box
        rows = range(max(0, math.ceil((self.north - north) / self.size - 0.5)), min(self.rows, math.floor((self.north - south) / self.size + 0.5)))
        columns = range(max(0, math.ceil((west - self.west) / self.size - 0.5)), min(self.columns, math.floor((east - self.west) / self.size + 0.5)))
        return rows, columns

    def spread(self, value, step):
        """Sets all cells from a function of a point, computed every `step` cells and interpolated between."""
        across = [self.lattice(k, step, self.columns) for k in range(self.columns)]
        last = None
        for row in range(self.rows):
            k, share = self.lattice(row, step, self.rows)
            if k != last:
                upper, lower = (self.line(value, j, step) for j in (k, k + 1))
                last = k
            line = [a + (b - a) * share for a, b in zip(upper, lower)]
            self.values[row * self.columns : (row + 1) * self.columns] = array.array("f", [line[j] + (line[j + 1] - line[j]) * s for j, s in across])

    @staticmethod
    def lattice(index, step, count):
        k = min(index // step, (count - 1) // step)
        return k, index / step - k

    def line(self, value, k, step):
        return [value(*self.middle(k * step, j * step)) for j in range((self.columns - 1) // step + 2)]

    def fill(self, rings, value):
        """Sets the cells whose middles lie within rings, by the odd number of crossings."""
        edges = [edge for ring in rings for edge in zip(ring, ring[1:] + ring[:1])]
        xs, ys = [p[0] for e in edges for p in e], [p[1] for e in edges for p in e]
        for row in self.window((min(xs), min(ys), max(xs), max(ys)))[0]:
            y = self.middle(row, 0)[1]
            cuts = sorted(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for a, b in edges if (a[1] > y) != (b[1] > y))
            for left, right in zip(cuts[::2], cuts[1::2]):
                first = max(0, math.ceil((left - self.west) / self.size - 0.5))
                past = min(self.columns, math.ceil((right - self.west) / self.size - 0.5))
                if past > first:
                    self.values[row * self.columns + first : row * self.columns + past] = array.array("f", [value]) * (past - first)

    def near(self, line, reach):
        """Cells within a distance of a line of points, as (index, distance); one near two pieces comes twice."""
        for (x0, y0), (x1, y1) in zip(line, line[1:]):
            dx, dy = x1 - x0, y1 - y0
            square = dx * dx + dy * dy or 1.0
            rows, columns = self.window((min(x0, x1) - reach, min(y0, y1) - reach, max(x0, x1) + reach, max(y0, y1) + reach))
            for row in rows:
                y = self.middle(row, 0)[1] - y0
                for column in columns:
                    x = self.west + (column + 0.5) * self.size - x0
                    along = min(1.0, max(0.0, (x * dx + y * dy) / square))
                    off = math.hypot(x - along * dx, y - along * dy)
                    if off <= reach:
                        yield row * self.columns + column, off

    def least(self, line, reach, less=0.0):
        """Lowers each cell to its distance from a line, `less` subtracted, where that is smaller."""
        values = self.values
        for index, off in self.near(line, reach):
            if off - less < values[index]:
                values[index] = off - less


# --------------------------------------------------------------- GeoTIFF ---
STRIP = 64  # rows


def geotiff(cells, epsg):
    """The bytes of a GeoTIFF: float32, deflate with the floating-point predictor (TIFF 6.0, Technical Note 3)."""
    width, height = cells.columns, cells.rows
    strips = []
    for top in range(0, height, STRIP):
        packed = bytearray()
        for row in range(top, min(top + STRIP, height)):
            line = array.array("f", cells.values[row * width : (row + 1) * width])
            line = struct.pack(f">{width}f", *line)
            planes = line[0::4] + line[1::4] + line[2::4] + line[3::4]
            packed.append(planes[0])
            packed.extend((b - a) & 255 for a, b in zip(planes, planes[1:]))
        strips.append(zlib.compress(bytes(packed), 9))
    no_data = f"{NO_DATA:g}".encode() + b"\0"
    keys = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg]  # projected, cells are areas
    tags = [
        (256, "I", [width]), (257, "I", [height]), (258, "H", [32]), (259, "H", [8]), (262, "H", [1]),
        (273, "I", [0] * len(strips)), (277, "H", [1]), (278, "I", [STRIP]), (279, "I", [len(s) for s in strips]),
        (317, "H", [3]), (339, "H", [3]), (33550, "d", [cells.size, cells.size, 0.0]),
        (33922, "d", [0.0, 0.0, 0.0, cells.west, cells.north, 0.0]), (34735, "H", keys), (42113, "s", no_data),
    ]  # fmt: skip
    kinds = {"s": (2, 1), "H": (3, 2), "I": (4, 4), "d": (12, 8)}
    place = 8 + 2 + 12 * len(tags) + 4
    sizes = {tag: len(values) * kinds[kind][1] for tag, kind, values in tags}
    place_of = {}
    for tag, _, _ in tags:
        if sizes[tag] > 4:
            place += place % 2
            place_of[tag] = place
            place += sizes[tag]
    place += place % 2
    for k, strip in enumerate(strips):
        tags[5][2][k] = place
        place += len(strip)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    rest = bytearray()
    start = 8 + 2 + 12 * len(tags) + 4
    for tag, kind, values in tags:
        data = bytes(values) if kind == "s" else struct.pack(f"<{len(values)}{kind}", *values)
        head += struct.pack("<HHI", tag, kinds[kind][0], len(values))
        if tag in place_of:
            rest += bytes(place_of[tag] - start - len(rest)) + data
            head += struct.pack("<I", place_of[tag])
        else:
            head += data.ljust(4, b"\0")
    rest += bytes((start + len(rest)) % 2)
    return head + bytes(4) + bytes(rest) + b"".join(strips)


def unfolded(data):
    """What a file of `geotiff` holds: its tags but for places and sizes of strips, and the strips unpacked."""
    count = struct.unpack_from("<H", data, 8)[0]
    tags = {}
    for k in range(count):
        tag, kind, number = struct.unpack_from("<HHI", data, 10 + 12 * k)
        size = {2: 1, 3: 2, 4: 4, 12: 8}[kind] * number
        at = 18 + 12 * k if size <= 4 else struct.unpack_from("<I", data, 18 + 12 * k)[0]
        tags[tag] = (kind, data[at : at + size])
    places, sizes = (struct.unpack(f"<{len(tags[t][1]) // 4}I", tags.pop(t)[1]) for t in (273, 279))
    return tags, [zlib.decompress(data[at : at + size]) for at, size in zip(places, sizes)]


def same(one, other):
    """Whether two files of `geotiff` hold the same."""
    try:
        return unfolded(one) == unfolded(other)
    except (struct.error, KeyError, zlib.error):
        return False
