//! Relative geometry of the rounded shapes.
//!
//! The numbers are EPA SWMM 5.2's (`xsect.dat`; *Storm Water Management Model Reference Manual,
//! Volume II: Hydraulics*, EPA/600/R-17/111, appendix on cross-section geometry). Each table has
//! equal steps from empty to full and is relative to the value at full depth:
//!
//! | table | of | against |
//! |---|---|---|
//! | `*_AREA` | area | depth |
//! | `*_WIDTH` | top width, relative to the largest width | depth |
//! | `*_RADIUS` | hydraulic radius | depth |
//! | `*_DEPTH` | depth | area |
//! | `*_FACTOR` | section factor A·R^(2/3) | area |
#![expect(clippy::approx_constant, reason = "tabulated values that happen to be near a constant")]

use super::table::{Interval, intervals};

/// Shape that grows with its height alone, with tables of depth and of section factor.
#[derive(Debug)]
pub(super) struct Profile {
    /// Full area over the square of the height.
    pub full_area: f64,
    /// Full hydraulic radius over the height.
    pub full_radius: f64,
    /// Largest width over the height.
    pub max_width: f64,
    /// Depth of the largest width over the height.
    pub depth_at_max_width: f64,
    /// Largest section factor over the full one.
    pub max_section_factor: f64,
    /// Area of the largest section factor over the full area.
    pub area_at_max_section_factor: f64,
    /// What is tabulated against depth.
    pub by_depth: ByDepth,
    /// Depth against area.
    pub depth: &'static [f64],
    /// Section factor against area.
    pub section_factor: &'static [f64],
}

/// Shape with tables against depth only.
#[derive(Debug)]
pub(super) struct Sampled {
    /// Area of the largest section factor over the full area.
    pub area_at_max_section_factor: f64,
    /// Depth of the largest width over the height.
    pub depth_at_max_width: f64,
    /// Area, width and hydraulic radius.
    pub rows: &'static [Interval],
}

/// What is tabulated against depth.
#[derive(Debug)]
pub(super) enum ByDepth {
    /// Area, width and hydraulic radius.
    All(&'static [Interval]),
    /// Width only; the area comes from the table of depth, the radius from the section factor.
    Width(&'static [f64]),
}

/// Area of the circle.
const CIRCLE_AREA: [f64; 51] = [
    0.0, 0.00471, 0.0134, 0.024446, 0.0374, 0.05208, 0.068, 0.08505, 0.1033, 0.12236, 0.1423, 0.1631, 0.1845,
    0.20665, 0.2292, 0.25236, 0.2759, 0.29985, 0.3242, 0.34874, 0.3736, 0.39878, 0.4237, 0.44907, 0.4745,
    0.5, 0.5255, 0.55093, 0.5763, 0.60135, 0.6264, 0.65126, 0.6758, 0.70015, 0.7241, 0.74764, 0.7708,
    0.79335, 0.8154, 0.8369, 0.8576, 0.87764, 0.8967, 0.91495, 0.932, 0.94792, 0.9626, 0.97555, 0.9866,
    0.99516, 1.0,
];
/// Width of the circle.
const CIRCLE_WIDTH: [f64; 51] = [
    0.0, 0.28, 0.3919, 0.475, 0.5426, 0.6, 0.6499, 0.694, 0.7332, 0.7684, 0.8, 0.8285, 0.8542, 0.8773, 0.898,
    0.9165, 0.933, 0.9474, 0.96, 0.9708, 0.9798, 0.9871, 0.9928, 0.9968, 0.9992, 1.0, 0.9992, 0.9968, 0.9928,
    0.9871, 0.9798, 0.9708, 0.96, 0.9474, 0.933, 0.9165, 0.898, 0.8773, 0.8542, 0.8285, 0.8, 0.7684, 0.7332,
    0.694, 0.6499, 0.6, 0.5426, 0.475, 0.3919, 0.28, 0.0,
];
/// Hydraulic radius of the circle.
const CIRCLE_RADIUS: [f64; 51] = [
    0.01, 0.0528, 0.1048, 0.1556, 0.2052, 0.254, 0.3016, 0.3484, 0.3944, 0.4388, 0.4824, 0.5248, 0.5664,
    0.6064, 0.6456, 0.6836, 0.7204, 0.7564, 0.7912, 0.8244, 0.8568, 0.888, 0.9176, 0.9464, 0.9736, 1.0,
    1.024, 1.048, 1.07, 1.0912, 1.11, 1.1272, 1.144, 1.1596, 1.174, 1.1848, 1.194, 1.2024, 1.21, 1.2148,
    1.217, 1.2172, 1.215, 1.2104, 1.203, 1.192, 1.178, 1.1584, 1.132, 1.094, 1.0,
];
/// Depth of the circle.
pub(super) const CIRCLE_DEPTH: [f64; 51] = [
    0.0, 0.05236, 0.08369, 0.11025, 0.13423, 0.15643, 0.17755, 0.19772, 0.21704, 0.23581, 0.25412, 0.27194,
    0.28948, 0.30653, 0.32349, 0.34017, 0.35666, 0.37298, 0.38915, 0.40521, 0.42117, 0.43704, 0.45284,
    0.46858, 0.4843, 0.5, 0.51572, 0.53146, 0.54723, 0.56305, 0.57892, 0.59487, 0.61093, 0.6271, 0.64342,
    0.65991, 0.67659, 0.6935, 0.71068, 0.72816, 0.74602, 0.76424, 0.78297, 0.80235, 0.8224, 0.84353, 0.86563,
    0.8897, 0.91444, 0.94749, 1.0,
];
/// Section factor of the circle.
pub(super) const CIRCLE_FACTOR: [f64; 51] = [
    0.0, 0.00529, 0.01432, 0.02559, 0.03859, 0.05304, 0.06877, 0.08551, 0.10326, 0.12195, 0.14144, 0.16162,
    0.18251, 0.2041, 0.22636, 0.24918, 0.27246, 0.29614, 0.32027, 0.34485, 0.36989, 0.39531, 0.42105,
    0.44704, 0.47329, 0.4998, 0.52658, 0.55354, 0.58064, 0.60777, 0.63499, 0.66232, 0.68995, 0.7177, 0.74538,
    0.77275, 0.79979, 0.82658, 0.8532, 0.87954, 0.90546, 0.93095, 0.95577, 0.97976, 1.00291, 1.02443,
    1.04465, 1.06135, 1.08208, 1.07662, 1.0,
];
/// Area, width and hydraulic radius of the circle against depth.
pub(super) static CIRCLE_ROWS: [Interval; 51] = intervals(&CIRCLE_AREA, &CIRCLE_WIDTH, &CIRCLE_RADIUS);

/// Area of the egg.
const EGG_AREA: [f64; 26] = [
    0.0, 0.0116, 0.0316, 0.055, 0.085, 0.12, 0.1555, 0.19, 0.225, 0.275, 0.32, 0.37, 0.42, 0.47, 0.515, 0.57,
    0.62, 0.68, 0.73, 0.78, 0.835, 0.885, 0.925, 0.955, 0.98, 1.0,
];
/// Width of the egg.
const EGG_WIDTH: [f64; 26] = [
    0.0, 0.325, 0.427, 0.508, 0.582, 0.642, 0.696, 0.746, 0.791, 0.836, 0.866, 0.896, 0.926, 0.956, 0.97,
    0.985, 1.0, 0.985, 0.97, 0.94, 0.896, 0.836, 0.764, 0.642, 0.31, 0.0,
];
/// Hydraulic radius of the egg.
const EGG_RADIUS: [f64; 26] = [
    0.01, 0.13, 0.244, 0.302, 0.386, 0.465, 0.536, 0.611, 0.676, 0.735, 0.791, 0.854, 0.904, 0.941, 1.008,
    1.045, 1.076, 1.115, 1.146, 1.162, 1.186, 1.193, 1.186, 1.162, 1.107, 1.0,
];
/// Depth of the egg.
const EGG_DEPTH: [f64; 51] = [
    0.0, 0.04912, 0.08101, 0.11128, 0.14161, 0.16622, 0.18811, 0.21356, 0.23742, 0.25742, 0.27742, 0.29741,
    0.31742, 0.33742, 0.35747, 0.37364, 0.4, 0.41697, 0.43372, 0.45, 0.46374, 0.47747, 0.49209, 0.50989,
    0.53015, 0.55, 0.56429, 0.57675, 0.58834, 0.6, 0.61441, 0.62967, 0.64582, 0.66368, 0.68209, 0.7, 0.71463,
    0.72807, 0.74074, 0.75296, 0.765, 0.77784, 0.79212, 0.80945, 0.82936, 0.85, 0.86731, 0.88769, 0.914,
    0.95, 1.0,
];
/// Section factor of the egg.
const EGG_FACTOR: [f64; 51] = [
    0.0, 0.00295, 0.01331, 0.02629, 0.04, 0.05657, 0.075, 0.09432, 0.11473, 0.13657, 0.15894, 0.1803,
    0.20036, 0.22, 0.23919, 0.25896, 0.28, 0.30504, 0.33082, 0.35551, 0.37692, 0.39809, 0.42, 0.44625,
    0.47321, 0.5, 0.52255, 0.54481, 0.56785, 0.59466, 0.62485, 0.65518, 0.68181, 0.70415, 0.72585, 0.74819,
    0.77482, 0.80515, 0.83534, 0.86193, 0.88465, 0.9069, 0.93, 0.95866, 0.98673, 1.01238, 1.03396, 1.05,
    1.06517, 1.0538, 1.0,
];
/// Area, width and hydraulic radius of the egg against depth.
static EGG_ROWS: [Interval; 26] = intervals(&EGG_AREA, &EGG_WIDTH, &EGG_RADIUS);

/// Area of the horseshoe.
const HORSESHOE_AREA: [f64; 26] = [
    0.0, 0.0181, 0.0508, 0.0908, 0.1326, 0.1757, 0.2201, 0.2655, 0.3118, 0.3587, 0.4064, 0.4542, 0.5023,
    0.5506, 0.5987, 0.6462, 0.6931, 0.7387, 0.7829, 0.8253, 0.8652, 0.9022, 0.9356, 0.9645, 0.9873, 1.0,
];
/// Width of the horseshoe.
const HORSESHOE_WIDTH: [f64; 26] = [
    0.0, 0.5878, 0.8772, 0.89, 0.9028, 0.9156, 0.9284, 0.9412, 0.954, 0.9668, 0.9798, 0.9928, 0.9992, 0.9992,
    0.9928, 0.9798, 0.96, 0.933, 0.898, 0.8542, 0.8, 0.7332, 0.6499, 0.5426, 0.3919, 0.0,
];
/// Hydraulic radius of the horseshoe.
const HORSESHOE_RADIUS: [f64; 26] = [
    0.01, 0.104, 0.2065, 0.3243, 0.4322, 0.5284, 0.6147, 0.6927, 0.7636, 0.8268, 0.8873, 0.9417, 0.9905,
    1.036, 1.077, 1.113, 1.143, 1.169, 1.189, 1.202, 1.208, 1.206, 1.195, 1.17, 1.126, 1.0,
];
/// Depth of the horseshoe.
const HORSESHOE_DEPTH: [f64; 51] = [
    0.0, 0.04146, 0.07033, 0.09098, 0.10962, 0.12921, 0.14813, 0.16701, 0.18565, 0.20401, 0.22211, 0.23998,
    0.25769, 0.27524, 0.29265, 0.3099, 0.32704, 0.34406, 0.36101, 0.3779, 0.39471, 0.41147, 0.42818, 0.44484,
    0.46147, 0.47807, 0.49468, 0.51134, 0.52803, 0.54474, 0.56138, 0.57804, 0.59478, 0.61171, 0.62881,
    0.64609, 0.6635, 0.68111, 0.69901, 0.71722, 0.73583, 0.7549, 0.77447, 0.79471, 0.81564, 0.83759, 0.86067,
    0.88557, 0.91159, 0.9452, 1.0,
];
/// Section factor of the horseshoe.
const HORSESHOE_FACTOR: [f64; 51] = [
    0.0, 0.00467, 0.01237, 0.02268, 0.03515, 0.04943, 0.06525, 0.08212, 0.10005, 0.11891, 0.13856, 0.15896,
    0.18004, 0.20172, 0.22397, 0.24677, 0.27006, 0.2938, 0.3179, 0.34237, 0.3672, 0.39239, 0.41792, 0.44374,
    0.46984, 0.49619, 0.52276, 0.5495, 0.5764, 0.60345, 0.63065, 0.65795, 0.68531, 0.71271, 0.74009, 0.76738,
    0.79451, 0.82144, 0.84814, 0.8745, 0.90057, 0.92652, 0.95244, 0.97724, 0.99988, 1.02048, 1.03989,
    1.05698, 1.07694, 1.07562, 1.0,
];
/// Area, width and hydraulic radius of the horseshoe against depth.
static HORSESHOE_ROWS: [Interval; 26] = intervals(&HORSESHOE_AREA, &HORSESHOE_WIDTH, &HORSESHOE_RADIUS);

/// Area of the basket handle.
const BASKET_HANDLE_AREA: [f64; 26] = [
    0.0, 0.0173, 0.0457, 0.0828, 0.1271, 0.1765, 0.227, 0.2775, 0.328, 0.378, 0.427, 0.4765, 0.526, 0.574,
    0.622, 0.669, 0.716, 0.761, 0.803, 0.839, 0.877, 0.911, 0.941, 0.968, 0.988, 1.0,
];
/// Width of the basket handle.
const BASKET_HANDLE_WIDTH: [f64; 26] = [
    0.0, 0.49, 0.667, 0.82, 0.93, 1.0, 1.0, 1.0, 0.997, 0.994, 0.988, 0.982, 0.967, 0.948, 0.928, 0.904,
    0.874, 0.842, 0.798, 0.75, 0.697, 0.637, 0.567, 0.467, 0.342, 0.0,
];
/// Hydraulic radius of the basket handle.
const BASKET_HANDLE_RADIUS: [f64; 26] = [
    0.01, 0.0952, 0.189, 0.273, 0.369, 0.463, 0.56, 0.653, 0.743, 0.822, 0.883, 0.949, 0.999, 1.055, 1.095,
    1.141, 1.161, 1.188, 1.206, 1.206, 1.206, 1.205, 1.196, 1.168, 1.127, 1.0,
];
/// Depth of the basket handle.
const BASKET_HANDLE_DEPTH: [f64; 51] = [
    0.0, 0.04112, 0.0738, 0.1, 0.12236, 0.14141, 0.15857, 0.17462, 0.18946, 0.20315, 0.21557, 0.22833,
    0.2423, 0.25945, 0.27936, 0.3, 0.3204, 0.34034, 0.35892, 0.37595, 0.39214, 0.40802, 0.42372, 0.43894,
    0.45315, 0.46557, 0.47833, 0.4923, 0.50945, 0.52936, 0.55, 0.57, 0.59, 0.61023, 0.63045, 0.65, 0.66756,
    0.68413, 0.7, 0.71481, 0.72984, 0.74579, 0.76417, 0.78422, 0.80477, 0.82532, 0.85, 0.88277, 0.915, 0.95,
    1.0,
];
/// Section factor of the basket handle.
const BASKET_HANDLE_FACTOR: [f64; 51] = [
    0.0, 0.00758, 0.01812, 0.03, 0.03966, 0.04957, 0.0623, 0.07849, 0.09618, 0.11416, 0.13094, 0.14808,
    0.16583, 0.18381, 0.20294, 0.225, 0.2547, 0.28532, 0.31006, 0.32804, 0.34555, 0.36944, 0.40032, 0.43203,
    0.46004, 0.47849, 0.49591, 0.51454, 0.5381, 0.56711, 0.6, 0.64092, 0.68136, 0.71259, 0.73438, 0.755,
    0.78625, 0.8188, 0.85, 0.8679, 0.88483, 0.90431, 0.9369, 0.97388, 1.00747, 1.033, 1.05, 1.05464, 1.06078,
    1.055, 1.0,
];
/// Area, width and hydraulic radius of the basket handle against depth.
static BASKET_HANDLE_ROWS: [Interval; 26] =
    intervals(&BASKET_HANDLE_AREA, &BASKET_HANDLE_WIDTH, &BASKET_HANDLE_RADIUS);

/// Width of the Gothic arch.
const GOTHIC_WIDTH: [f64; 21] = [
    0.0, 0.286, 0.643, 0.762, 0.833, 0.905, 0.952, 0.976, 0.976, 1.0, 1.0, 0.976, 0.976, 0.952, 0.905, 0.833,
    0.762, 0.667, 0.524, 0.357, 0.0,
];
/// Depth of the Gothic arch.
const GOTHIC_DEPTH: [f64; 51] = [
    0.0, 0.04522, 0.07825, 0.10646, 0.12645, 0.14645, 0.16787, 0.18641, 0.20129, 0.22425, 0.24129, 0.25624,
    0.27344, 0.29097, 0.30529, 0.32607, 0.33755, 0.35073, 0.36447, 0.37558, 0.4, 0.4181, 0.43648, 0.45374,
    0.46805, 0.48195, 0.49626, 0.51352, 0.5319, 0.55, 0.56416, 0.57787, 0.59224, 0.6095, 0.62941, 0.65,
    0.67064, 0.69055, 0.70721, 0.72031, 0.73286, 0.74632, 0.76432, 0.78448, 0.80421, 0.82199, 0.84363,
    0.87423, 0.90617, 0.93827, 1.0,
];
/// Section factor of the Gothic arch.
const GOTHIC_FACTOR: [f64; 51] = [
    0.0, 0.005, 0.0174, 0.03098, 0.04272, 0.055, 0.0698, 0.0862, 0.10461, 0.12463, 0.145, 0.16309, 0.18118,
    0.2, 0.22181, 0.24487, 0.26888, 0.2938, 0.31901, 0.34389, 0.36564, 0.38612, 0.4072, 0.43, 0.45868,
    0.48895, 0.52, 0.55032, 0.5804, 0.61, 0.63762, 0.66505, 0.6929, 0.72342, 0.75467, 0.785, 0.81165,
    0.83654, 0.86, 0.88253, 0.90414, 0.925, 0.94486, 0.96475, 0.98567, 1.00833, 1.03, 1.0536, 1.065, 1.055,
    1.0,
];

/// Width of the catenary.
const CATENARY_WIDTH: [f64; 21] = [
    0.0, 0.6667, 0.8222, 0.9111, 0.9778, 1.0, 1.0, 0.9889, 0.9778, 0.9556, 0.9333, 0.8889, 0.8444, 0.8,
    0.7556, 0.7, 0.6333, 0.5556, 0.4444, 0.3333, 0.0,
];
/// Depth of the catenary.
const CATENARY_DEPTH: [f64; 51] = [
    0.0, 0.02974, 0.06439, 0.08433, 0.10549, 0.12064, 0.13952, 0.1556, 0.17032, 0.18512, 0.20057, 0.21995,
    0.24011, 0.25892, 0.27595, 0.29214, 0.30802, 0.32372, 0.33894, 0.35315, 0.36557, 0.37833, 0.3923, 0.4097,
    0.42982, 0.45, 0.46769, 0.48431, 0.5, 0.51466, 0.52886, 0.54292, 0.55729, 0.57223, 0.5878, 0.60428,
    0.62197, 0.64047, 0.6598, 0.67976, 0.7, 0.71731, 0.73769, 0.76651, 0.8, 0.8209, 0.84311, 0.87978,
    0.91576, 0.95, 1.0,
];
/// Section factor of the catenary.
const CATENARY_FACTOR: [f64; 51] = [
    0.0, 0.00605, 0.01455, 0.0254, 0.03863, 0.0543, 0.07127, 0.08778, 0.10372, 0.12081, 0.14082, 0.16375,
    0.18779, 0.21157, 0.23478, 0.25818, 0.28244, 0.30741, 0.33204, 0.35505, 0.37465, 0.39404, 0.41426,
    0.43804, 0.46531, 0.49357, 0.52187, 0.54925, 0.57647, 0.60321, 0.62964, 0.65639, 0.68472, 0.71425,
    0.74303, 0.76827, 0.79168, 0.815, 0.84094, 0.86707, 0.89213, 0.91607, 0.94, 0.96604, 0.99, 1.00714,
    1.02158, 1.03814, 1.05, 1.05, 1.0,
];

/// Width of the semi-ellipse.
const SEMI_ELLIPSE_WIDTH: [f64; 21] = [
    0.0, 0.7, 0.98, 1.0, 1.0, 1.0, 0.99, 0.98, 0.96, 0.94, 0.91, 0.88, 0.84, 0.8, 0.75, 0.7, 0.64, 0.56,
    0.46, 0.34, 0.0,
];
/// Depth of the semi-ellipse.
const SEMI_ELLIPSE_DEPTH: [f64; 51] = [
    0.0, 0.03075, 0.05137, 0.07032, 0.09, 0.11323, 0.13037, 0.14519, 0.15968, 0.18459, 0.19531, 0.21354,
    0.22694, 0.23947, 0.25296, 0.265, 0.27784, 0.29212, 0.3097, 0.32982, 0.35, 0.36738, 0.3839, 0.4, 0.41667,
    0.43333, 0.45, 0.46697, 0.48372, 0.5, 0.51374, 0.52747, 0.54209, 0.5595, 0.57941, 0.6, 0.62, 0.64, 0.66,
    0.68, 0.7, 0.71843, 0.73865, 0.76365, 0.7926, 0.82088, 0.85, 0.88341, 0.90998, 0.93871, 1.0,
];
/// Section factor of the semi-ellipse.
const SEMI_ELLIPSE_FACTOR: [f64; 51] = [
    0.0, 0.00438, 0.01227, 0.02312, 0.03638, 0.05145, 0.06783, 0.085, 0.10093, 0.11752, 0.1353, 0.15626,
    0.17917, 0.20296, 0.22654, 0.24962, 0.27269, 0.29568, 0.31848, 0.34152, 0.365, 0.38941, 0.41442, 0.44,
    0.46636, 0.49309, 0.52, 0.54628, 0.57285, 0.6, 0.62949, 0.65877, 0.68624, 0.71017, 0.73304, 0.75578,
    0.77925, 0.80368, 0.83114, 0.8595, 0.88592, 0.90848, 0.93, 0.95292, 0.97481, 0.99374, 1.01084, 1.02858,
    1.04543, 1.05, 1.0,
];

/// Width of the semicircle.
const SEMICIRCLE_WIDTH: [f64; 21] = [
    0.0, 0.5488, 0.8537, 1.0, 1.0, 0.9939, 0.9878, 0.9756, 0.9634, 0.9451, 0.9207, 0.8902, 0.8537, 0.8171,
    0.7683, 0.7073, 0.6463, 0.5732, 0.4756, 0.3354, 0.0,
];
/// Depth of the semicircle.
const SEMICIRCLE_DEPTH: [f64; 51] = [
    0.0, 0.04102, 0.07407, 0.1, 0.11769, 0.13037, 0.14036, 0.15, 0.16546, 0.18213, 0.2, 0.22018, 0.2403,
    0.25788, 0.27216, 0.285, 0.29704, 0.30892, 0.32128, 0.33476, 0.35, 0.36927, 0.38963, 0.41023, 0.43045,
    0.45, 0.46769, 0.48431, 0.5, 0.51443, 0.52851, 0.54271, 0.55774, 0.57388, 0.59101, 0.60989, 0.63005,
    0.65, 0.66682, 0.68318, 0.7, 0.71675, 0.73744, 0.76651, 0.8, 0.8209, 0.84311, 0.87978, 0.91576, 0.95,
    1.0,
];
/// Section factor of the semicircle.
const SEMICIRCLE_FACTOR: [f64; 51] = [
    0.0, 0.00757, 0.01815, 0.03, 0.0358, 0.04037, 0.04601, 0.055, 0.07475, 0.09834, 0.125, 0.1557, 0.18588,
    0.20883, 0.223, 0.23472, 0.24667, 0.26758, 0.29346, 0.32124, 0.35, 0.3772, 0.4054, 0.43541, 0.46722, 0.5,
    0.53532, 0.56935, 0.6, 0.61544, 0.62811, 0.6417, 0.66598, 0.7001, 0.73413, 0.76068, 0.78027, 0.8,
    0.82891, 0.85964, 0.89, 0.9127, 0.93664, 0.96677, 1.0, 1.02661, 1.04631, 1.05726, 1.06637, 1.06, 1.0,
];

/// Area of the lying ellipse.
const HORIZONTAL_ELLIPSE_AREA: [f64; 26] = [
    0.0, 0.015, 0.04, 0.065, 0.095, 0.13, 0.165, 0.205, 0.25, 0.3, 0.355, 0.415, 0.48, 0.52, 0.585, 0.645,
    0.7, 0.75, 0.795, 0.835, 0.87, 0.905, 0.935, 0.96, 0.985, 1.0,
];
/// Width of the lying ellipse.
const HORIZONTAL_ELLIPSE_WIDTH: [f64; 26] = [
    0.0, 0.3919, 0.5426, 0.6499, 0.7332, 0.8, 0.8542, 0.898, 0.933, 0.96, 0.9798, 0.9928, 0.9992, 0.9992,
    0.9928, 0.9798, 0.96, 0.933, 0.898, 0.8542, 0.8, 0.7332, 0.6499, 0.5426, 0.3919, 0.0,
];
/// Hydraulic radius of the lying ellipse.
const HORIZONTAL_ELLIPSE_RADIUS: [f64; 26] = [
    0.01, 0.0764, 0.1726, 0.2389, 0.3274, 0.4191, 0.512, 0.5983, 0.6757, 0.763, 0.8326, 0.9114, 0.9702, 1.03,
    1.091, 1.146, 1.185, 1.225, 1.257, 1.274, 1.29, 1.282, 1.274, 1.257, 1.185, 1.0,
];
/// Area, width and hydraulic radius of the lying ellipse against depth.
static HORIZONTAL_ELLIPSE_ROWS: [Interval; 26] =
    intervals(&HORIZONTAL_ELLIPSE_AREA, &HORIZONTAL_ELLIPSE_WIDTH, &HORIZONTAL_ELLIPSE_RADIUS);

/// Area of the standing ellipse.
const VERTICAL_ELLIPSE_AREA: [f64; 26] = [
    0.0, 0.01, 0.04, 0.07, 0.1, 0.14, 0.185, 0.23, 0.28, 0.33, 0.38, 0.43, 0.48, 0.52, 0.57, 0.62, 0.67,
    0.72, 0.77, 0.815, 0.86, 0.9, 0.93, 0.96, 0.99, 1.0,
];
/// Width of the standing ellipse.
const VERTICAL_ELLIPSE_WIDTH: [f64; 26] = [
    0.0, 0.3919, 0.5426, 0.6499, 0.7332, 0.8, 0.8542, 0.898, 0.933, 0.96, 0.9798, 0.9928, 0.9992, 0.9992,
    0.9928, 0.9798, 0.96, 0.933, 0.898, 0.8542, 0.8, 0.7332, 0.6499, 0.5426, 0.3919, 0.0,
];
/// Hydraulic radius of the standing ellipse.
const VERTICAL_ELLIPSE_RADIUS: [f64; 26] = [
    0.01, 0.125, 0.2436, 0.3536, 0.4474, 0.5484, 0.6366, 0.7155, 0.7768, 0.8396, 0.8969, 0.948, 0.9925,
    1.023, 1.053, 1.084, 1.107, 1.13, 1.154, 1.17, 1.177, 1.177, 1.17, 1.162, 1.122, 1.0,
];
/// Area, width and hydraulic radius of the standing ellipse against depth.
static VERTICAL_ELLIPSE_ROWS: [Interval; 26] =
    intervals(&VERTICAL_ELLIPSE_AREA, &VERTICAL_ELLIPSE_WIDTH, &VERTICAL_ELLIPSE_RADIUS);

/// Area of the arch pipe.
const ARCH_AREA: [f64; 26] = [
    0.0, 0.02, 0.06, 0.1, 0.14, 0.19, 0.24, 0.29, 0.34, 0.39, 0.44, 0.49, 0.54, 0.59, 0.64, 0.69, 0.735,
    0.78, 0.82, 0.86, 0.895, 0.93, 0.96, 0.985, 0.995, 1.0,
];
/// Width of the arch pipe.
const ARCH_WIDTH: [f64; 26] = [
    0.0, 0.6272, 0.8521, 0.9243, 0.9645, 0.9846, 0.9964, 0.9988, 0.9917, 0.9811, 0.968, 0.9515, 0.9314,
    0.9101, 0.8864, 0.8592, 0.8284, 0.7917, 0.7527, 0.7065, 0.6544, 0.5953, 0.5231, 0.4355, 0.3195, 0.0,
];
/// Hydraulic radius of the arch pipe.
const ARCH_RADIUS: [f64; 26] = [
    0.01, 0.0983, 0.1965, 0.2948, 0.394, 0.4962, 0.5911, 0.6796, 0.7615, 0.8364, 0.9044, 0.964, 1.018, 1.065,
    1.106, 1.142, 1.17, 1.192, 1.208, 1.217, 1.22, 1.213, 1.196, 1.168, 1.112, 1.0,
];
/// Area, width and hydraulic radius of the arch pipe against depth.
static ARCH_ROWS: [Interval; 26] = intervals(&ARCH_AREA, &ARCH_WIDTH, &ARCH_RADIUS);

/// Egg, point down.
pub(super) static EGG: Profile = Profile {
    full_area: 0.5105,
    full_radius: 0.1931,
    max_width: 2.0 / 3.0,
    depth_at_max_width: 0.64,
    max_section_factor: 1.065,
    area_at_max_section_factor: 0.96,
    by_depth: ByDepth::All(&EGG_ROWS),
    depth: &EGG_DEPTH,
    section_factor: &EGG_FACTOR,
};

/// Horseshoe.
pub(super) static HORSESHOE: Profile = Profile {
    full_area: 0.8293,
    full_radius: 0.2538,
    max_width: 1.0,
    depth_at_max_width: 0.5,
    max_section_factor: 1.077,
    area_at_max_section_factor: 0.96,
    by_depth: ByDepth::All(&HORSESHOE_ROWS),
    depth: &HORSESHOE_DEPTH,
    section_factor: &HORSESHOE_FACTOR,
};

/// Basket handle.
pub(super) static BASKET_HANDLE: Profile = Profile {
    full_area: 0.7862,
    full_radius: 0.2464,
    max_width: 0.944,
    depth_at_max_width: 0.2,
    max_section_factor: 1.06078,
    area_at_max_section_factor: 0.96,
    by_depth: ByDepth::All(&BASKET_HANDLE_ROWS),
    depth: &BASKET_HANDLE_DEPTH,
    section_factor: &BASKET_HANDLE_FACTOR,
};

/// Gothic arch.
pub(super) static GOTHIC: Profile = Profile {
    full_area: 0.6554,
    full_radius: 0.2269,
    max_width: 0.84,
    depth_at_max_width: 0.45,
    max_section_factor: 1.065,
    area_at_max_section_factor: 0.96,
    by_depth: ByDepth::Width(&GOTHIC_WIDTH),
    depth: &GOTHIC_DEPTH,
    section_factor: &GOTHIC_FACTOR,
};

/// Catenary.
pub(super) static CATENARY: Profile = Profile {
    full_area: 0.70277,
    full_radius: 0.23172,
    max_width: 0.9,
    depth_at_max_width: 0.25,
    max_section_factor: 1.05,
    area_at_max_section_factor: 0.98,
    by_depth: ByDepth::Width(&CATENARY_WIDTH),
    depth: &CATENARY_DEPTH,
    section_factor: &CATENARY_FACTOR,
};

/// Semi-ellipse.
pub(super) static SEMI_ELLIPSE: Profile = Profile {
    full_area: 0.785,
    full_radius: 0.242,
    max_width: 1.0,
    depth_at_max_width: 0.15,
    max_section_factor: 1.045,
    area_at_max_section_factor: 0.98,
    by_depth: ByDepth::Width(&SEMI_ELLIPSE_WIDTH),
    depth: &SEMI_ELLIPSE_DEPTH,
    section_factor: &SEMI_ELLIPSE_FACTOR,
};

/// Semicircle.
pub(super) static SEMICIRCLE: Profile = Profile {
    full_area: 1.2697,
    full_radius: 0.2946,
    max_width: 1.64,
    depth_at_max_width: 0.15,
    max_section_factor: 1.06637,
    area_at_max_section_factor: 0.96,
    by_depth: ByDepth::Width(&SEMICIRCLE_WIDTH),
    depth: &SEMICIRCLE_DEPTH,
    section_factor: &SEMICIRCLE_FACTOR,
};

/// Lying ellipse.
pub(super) static HORIZONTAL_ELLIPSE: Sampled =
    Sampled { area_at_max_section_factor: 0.96, depth_at_max_width: 0.48, rows: &HORIZONTAL_ELLIPSE_ROWS };

/// Standing ellipse.
pub(super) static VERTICAL_ELLIPSE: Sampled =
    Sampled { area_at_max_section_factor: 0.96, depth_at_max_width: 0.48, rows: &VERTICAL_ELLIPSE_ROWS };

/// Arch pipe.
pub(super) static ARCH: Sampled =
    Sampled { area_at_max_section_factor: 0.92, depth_at_max_width: 0.28, rows: &ARCH_ROWS };
