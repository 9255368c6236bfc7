//! Standard sizes of elliptical and arch pipes.
//!
//! The numbers are EPA SWMM 5.2's (`xsect.dat`; *SWMM User's Manual*, tables of standard elliptical
//! and arch pipe sizes). They are made in inches and feet and stay so here.
#![expect(clippy::approx_constant, reason = "tabulated values that happen to be near a constant")]

/// One commercial size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Shorter side of an ellipse or height of an arch, inches.
    pub height_in: f64,
    /// Longer side of an ellipse or width of an arch, inches.
    pub width_in: f64,
    /// Full area, square feet.
    pub area_ft2: f64,
    /// Full hydraulic radius, feet.
    pub radius_ft: f64,
}

const fn size(height_in: f64, width_in: f64, area_ft2: f64, radius_ft: f64) -> Size {
    Size { height_in, width_in, area_ft2, radius_ft }
}

/// The entry of a size number, counted from 1; `None` when there is no such number.
pub fn find(sizes: &[Size], number: u32) -> Option<Size> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    sizes.get(place).copied()
}

/// Elliptical concrete pipes, size numbers 1 to 23.
pub const ELLIPSES: [Size; 23] = [
    size(14.0, 23.0, 1.8, 0.367),
    size(19.0, 30.0, 3.3, 0.49),
    size(22.0, 34.0, 4.1, 0.546),
    size(24.0, 38.0, 5.1, 0.613),
    size(27.0, 42.0, 6.3, 0.686),
    size(29.0, 45.0, 7.4, 0.736),
    size(32.0, 49.0, 8.8, 0.812),
    size(34.0, 53.0, 10.2, 0.875),
    size(38.0, 60.0, 12.9, 0.969),
    size(43.0, 68.0, 16.6, 1.106),
    size(48.0, 76.0, 20.5, 1.229),
    size(53.0, 83.0, 24.8, 1.352),
    size(58.0, 91.0, 29.5, 1.475),
    size(63.0, 98.0, 34.6, 1.598),
    size(68.0, 106.0, 40.1, 1.721),
    size(72.0, 113.0, 46.1, 1.845),
    size(77.0, 121.0, 52.4, 1.967),
    size(82.0, 128.0, 59.2, 2.091),
    size(87.0, 136.0, 66.4, 2.215),
    size(92.0, 143.0, 74.0, 2.34),
    size(97.0, 151.0, 82.0, 2.461),
    size(106.0, 166.0, 99.2, 2.707),
    size(116.0, 180.0, 118.6, 2.968),
];

/// Arch pipes, size numbers 1 to 102.
pub const ARCHES: [Size; 102] = [
    // Concrete.
    size(11.0, 18.0, 1.1, 0.25),
    size(13.5, 22.0, 1.65, 0.3),
    size(15.5, 26.0, 2.2, 0.36),
    size(18.0, 28.5, 2.8, 0.45),
    size(22.5, 36.25, 4.4, 0.56),
    size(26.625, 43.75, 6.4, 0.68),
    size(31.3125, 51.125, 8.8, 0.8),
    size(36.0, 58.5, 11.4, 0.9),
    size(40.0, 65.0, 14.3, 1.01),
    size(45.0, 73.0, 17.7, 1.13),
    size(54.0, 88.0, 25.6, 1.35),
    size(62.0, 102.0, 34.6, 1.57),
    size(72.0, 115.0, 44.5, 1.77),
    size(77.5, 122.0, 51.7, 1.92),
    size(87.125, 138.0, 66.0, 2.17),
    size(96.875, 154.0, 81.8, 2.42),
    size(106.5, 168.75, 99.1, 2.65),
    // Corrugated steel, corrugations 2 2/3 by 1/2 inch.
    size(13.0, 17.0, 1.1, 0.324),
    size(15.0, 21.0, 1.6, 0.374),
    size(18.0, 24.0, 2.2, 0.449),
    size(20.0, 28.0, 2.9, 0.499),
    size(24.0, 35.0, 4.5, 0.598),
    size(29.0, 42.0, 6.5, 0.723),
    size(33.0, 49.0, 8.9, 0.823),
    size(38.0, 57.0, 11.6, 0.947),
    size(43.0, 64.0, 14.7, 1.072),
    size(47.0, 71.0, 18.1, 1.171),
    size(52.0, 77.0, 21.9, 1.296),
    size(57.0, 83.0, 26.0, 1.421),
    // Corrugated steel, corrugations 3 by 1 inch.
    size(31.0, 40.0, 7.0, 0.773),
    size(36.0, 46.0, 9.4, 0.773),
    size(41.0, 53.0, 12.3, 1.022),
    size(46.0, 60.0, 15.6, 1.147),
    size(51.0, 66.0, 19.3, 1.271),
    size(55.0, 73.0, 23.2, 1.371),
    size(59.0, 81.0, 27.4, 1.471),
    size(63.0, 87.0, 32.1, 1.57),
    size(67.0, 95.0, 37.0, 1.67),
    size(71.0, 103.0, 42.4, 1.77),
    size(75.0, 112.0, 48.0, 1.869),
    size(79.0, 117.0, 54.2, 1.969),
    size(83.0, 128.0, 60.5, 2.069),
    size(87.0, 137.0, 67.4, 2.168),
    size(91.0, 142.0, 74.5, 2.268),
    // Structural plate, corrugations 6 by 2 inches, bolted seams, corner radius 19 inches.
    size(55.0, 73.0, 22.0, 1.371),
    size(57.0, 76.0, 24.0, 1.421),
    size(59.0, 81.0, 26.0, 1.471),
    size(61.0, 84.0, 28.0, 1.52),
    size(63.0, 87.0, 31.0, 1.57),
    size(65.0, 92.0, 33.0, 1.62),
    size(67.0, 95.0, 35.0, 1.67),
    size(69.0, 98.0, 38.0, 1.72),
    size(71.0, 103.0, 40.0, 1.77),
    size(73.0, 106.0, 43.0, 1.82),
    size(75.0, 112.0, 46.0, 1.869),
    size(77.0, 114.0, 49.0, 1.919),
    size(79.0, 117.0, 52.0, 1.969),
    size(81.0, 123.0, 55.0, 2.019),
    size(83.0, 128.0, 58.0, 2.069),
    size(85.0, 131.0, 61.0, 2.119),
    size(87.0, 137.0, 64.0, 2.168),
    size(89.0, 139.0, 67.0, 2.218),
    size(91.0, 142.0, 71.0, 2.268),
    size(93.0, 148.0, 74.0, 2.318),
    size(95.0, 150.0, 78.0, 2.368),
    size(97.0, 152.0, 81.0, 2.418),
    size(100.0, 154.0, 85.0, 2.493),
    size(101.0, 161.0, 89.0, 2.517),
    size(103.0, 167.0, 93.0, 2.567),
    size(105.0, 169.0, 97.0, 2.617),
    size(107.0, 171.0, 101.0, 2.667),
    size(109.0, 178.0, 105.0, 2.717),
    size(111.0, 184.0, 109.0, 2.767),
    size(113.0, 186.0, 113.0, 2.817),
    size(115.0, 188.0, 118.0, 2.866),
    size(118.0, 190.0, 122.0, 2.941),
    size(119.0, 197.0, 126.0, 2.966),
    size(121.0, 199.0, 131.0, 3.016),
    // Structural plate, corrugations 6 by 2 inches, bolted seams, corner radius 31 inches.
    size(112.0, 159.0, 97.0, 2.792),
    size(114.0, 162.0, 102.0, 2.841),
    size(116.0, 168.0, 105.0, 2.891),
    size(118.0, 170.0, 109.0, 2.941),
    size(120.0, 173.0, 114.0, 2.991),
    size(122.0, 179.0, 118.0, 3.041),
    size(124.0, 184.0, 123.0, 3.091),
    size(126.0, 187.0, 127.0, 3.141),
    size(128.0, 190.0, 132.0, 3.19),
    size(130.0, 195.0, 137.0, 3.24),
    size(132.0, 198.0, 142.0, 3.29),
    size(134.0, 204.0, 146.0, 3.34),
    size(136.0, 206.0, 151.0, 3.39),
    size(138.0, 209.0, 157.0, 3.44),
    size(140.0, 215.0, 161.0, 3.49),
    size(142.0, 217.0, 167.0, 3.539),
    size(144.0, 223.0, 172.0, 3.589),
    size(146.0, 225.0, 177.0, 3.639),
    size(148.0, 231.0, 182.0, 3.689),
    size(150.0, 234.0, 188.0, 3.739),
    size(152.0, 236.0, 194.0, 3.789),
    size(154.0, 239.0, 200.0, 3.838),
    size(156.0, 245.0, 205.0, 3.888),
    size(158.0, 247.0, 211.0, 3.938),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_numbers_count_from_one() {
        assert_eq!(find(&ELLIPSES, 0), None);
        assert_eq!(find(&ELLIPSES, 1), Some(size(14.0, 23.0, 1.8, 0.367)));
        assert_eq!(find(&ELLIPSES, 23), Some(size(116.0, 180.0, 118.6, 2.968)));
        assert_eq!(find(&ELLIPSES, 24), None);
        assert_eq!(find(&ARCHES, 102), Some(size(158.0, 247.0, 211.0, 3.938)));
    }

    #[test]
    fn areas_are_those_of_pipes_of_their_size() {
        for &Size { height_in, width_in, area_ft2, radius_ft } in ELLIPSES.iter().chain(&ARCHES) {
            let box_area = height_in * width_in / 144.0;
            assert!(area_ft2 > 0.6 * box_area && area_ft2 < 0.9 * box_area, "{height_in} x {width_in}");
            assert!(radius_ft > 0.2 * height_in / 12.0 && radius_ft < 0.35 * height_in / 12.0, "{radius_ft}");
        }
    }
}
