#!/usr/bin/env python3
"""Opens our maps with the programs that engineers use: GDAL (rasterio), netCDF4, xarray, Pillow.

    maps.py FOLDER     the folder that tests/maps.rs fills, target/tmp/maps
"""
import json
import os
import sys

import netCDF4
import numpy as np
import rasterio
import xarray
from PIL import Image
from rasterio.features import rasterize

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


with rasterio.open(path("depth.tif")) as file:
    depth = file.read(1, masked=True)
    place = file.transform
    assert file.crs.to_epsg() == 4549 and file.nodata == -9999 and file.dtypes == ("float32",), file.profile
    assert tuple(place)[:6] == (2, 0, 500000, 0, -2, 4500000), place
    assert file.profile["compress"] == "deflate" and depth.mask.sum() == 1 and depth.mask[5, 7]
    print(f"rasterio: depth.tif {depth.shape}, {file.crs}, {depth.min()} to {depth.max():.3f} m")
with rasterio.open(path("depth.asc")) as file:
    again = file.read(1, masked=True)
    assert file.transform == place and np.array_equal(again.filled(-1), depth.filled(-1))
    assert 'AUTHORITY["EPSG","4549"]' in file.crs.to_wkt(), file.crs
with rasterio.open(path("coarse.tif")) as file:
    mean = depth[:7, 7:14].mean()
    assert file.shape == (18, 29) and file.res == (14, 14) and abs(file.read(1)[0, 1] - mean) < 1e-5

with open(path("wet.geojson"), encoding="utf-8") as file:
    wet = json.load(file)
shapes = [(feature["geometry"], 1) for feature in wet["features"]]
burnt = rasterize(shapes, out_shape=depth.shape, transform=place)
assert wet["crs"]["properties"]["name"].endswith("::4549") and np.array_equal(burnt == 1, depth.filled(0) > 0.5)
print(f"rasterio: {len(shapes)} outlines cover the cells that they are made of")

with netCDF4.Dataset(path("stack.nc")) as file:
    assert file.data_model == "NETCDF3_64BIT_OFFSET" and file.dimensions["time"].isunlimited()
    last = file["depth"][4]
    assert file["depth"].shape == (5, 120, 200) and np.allclose(last.filled(-1), depth.filled(-1))
with xarray.open_dataset(path("stack.nc")) as file:
    assert str(file.time.values[1]).startswith("2021-07-20T16:01:00") and file.attrs["Conventions"] == "CF-1.8"
    assert float(file.speed[3].max()) == 3 and np.isnan(file.depth[0].values[5, 7])
    assert file.y.values[0] == 4499999 and file.x.values[0] == 500001
with rasterio.open(f"netcdf:{path('stack.nc')}:depth") as file:
    assert file.transform == place and file.count == 5 and 'AUTHORITY["EPSG","4549"]' in file.crs.to_wkt(), file.crs
print("netCDF4, xarray, GDAL: stack.nc of 5 times")

with Image.open(path("rising.png")) as file:
    assert (file.format, file.n_frames, file.size, file.info["duration"]) == ("PNG", 3, (800, 500), 500)
    file.seek(2)
    moved = np.array(file.convert("RGB"))
still = np.array(Image.open(path("depth.png")).convert("RGB"))
assert np.array_equal(moved, still), "the last frame is the last picture"
print("Pillow: rising.png of 3 frames")
