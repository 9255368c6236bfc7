"""Makes the maps of this folder with GDAL: python -m venv v; v/bin/pip install rasterio; v/bin/python make.py

Nine rows of twelve cells of 2 m from (500000, 4500000), EPSG:4549: 10 + 3 row - column / 2, a hole in row 3, column 4.
"""
import os
import warnings

import numpy as np
import rasterio
from rasterio.transform import Affine, from_origin

warnings.simplefilter("ignore")
FOLDER = os.path.dirname(os.path.abspath(__file__))
row, column = np.mgrid[0:9, 0:12]
HEIGHTS = 10 + 3 * row - column / 2
PLACE = from_origin(500000, 4500000, 2, 2)


def write(name, values, no_data=-9999, crs="EPSG:4549", transform=PLACE, **options):
    bands = values if values.ndim == 3 else values[None]
    with rasterio.open(
        f"{FOLDER}/{name}", "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=bands.shape[0],
        dtype=values.dtype, nodata=no_data, crs=crs, transform=transform, **options,
    ) as file:
        file.write(bands)


def holed(kind, factor=1, hole=-9999):
    values = (HEIGHTS * factor).astype(kind)
    values[3, 4] = hole
    return values


def scaled(name):
    with rasterio.open(f"{FOLDER}/{name}", "r+") as file:
        file.scales, file.offsets = (0.5,), (0,)


float32 = holed("float32")
tiles = dict(tiled=True, blockxsize=16, blockysize=16)
write("plain_strips.tif", float32)
write("deflate_float_predictor_tiles.tif", float32, compress="DEFLATE", predictor=3, **tiles)
write("lzw_predictor_strips.tif", holed("float64"), compress="LZW", predictor=2)
write("packbits_big_endian.tif", float32, compress="PACKBITS", ENDIANNESS="BIG")
write("big_lzw_tiles.tif", float32, BIGTIFF="YES", compress="LZW", **tiles)
write("not_a_number.tif", holed("float32", hole=np.nan), no_data=float("nan"), compress="DEFLATE")
write("half_metres_int16.tif", holed("int16", 2), compress="LZW", predictor=2)
scaled("half_metres_int16.tif")
write("half_metres_byte.tif", holed("uint8", 2, 255), no_data=255, compress="DEFLATE", **tiles)
scaled("half_metres_byte.tif")
write("pixel_is_point.tif", float32, AREA_OR_POINT="Point")
with rasterio.open(f"{FOLDER}/pixel_is_point.tif", "r+") as file:
    file.update_tags(AREA_OR_POINT="Point")
write("without_system.tif", float32, crs=None)

write("wrong_bands.tif", np.stack([float32, float32]))
write("wrong_rotated.tif", float32, transform=Affine(2, 0.5, 500000, 0.5, -2, 4500000))
write("wrong_oblong.tif", float32, transform=Affine(2, 0, 500000, 0, -3, 4500000))
write("wrong_south_first.tif", float32, transform=Affine(2, 0, 500000, 0, 2, 4500000))
write("wrong_degrees.tif", float32, crs="EPSG:4490", transform=from_origin(120, 40, 0.0001, 0.0001))
write("wrong_feet.tif", float32, crs="EPSG:2263")
write("wrong_packing.tif", float32, compress="ZSTD")
write("wrong_web_mercator.tif", float32, crs="EPSG:3857")
with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
    write("wrong_mask.tif", float32, no_data=None)
    with rasterio.open(f"{FOLDER}/wrong_mask.tif", "r+") as file:
        file.write_mask(float32 > 0)
