//! Open edges with the local inertial law: what they want to pass, and what they passed.

use crate::num::real::Real;

use super::boundary::{Face, Kind, critical_discharge, normal_discharge};
use super::forcing::Forcing;
use super::inertial::{Inertial, discharge, resistance};
use super::inertial_rows::{law_of, thin_factor};
use super::inertial_sweep::InertialFlow;
use super::params::Params;
use super::state::{Flow, State};

/// What an open face wants to pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want<R> {
    /// Its place among the faces of its axis.
    pub face: usize,
    /// Its number among the open faces.
    pub index: usize,
    /// Unit discharge to the east or to the south (m²/s).
    pub q: R,
}

/// What all open faces want to pass, in order of faces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wants<R> {
    /// Western faces.
    pub x: Vec<Want<R>>,
    /// Northern faces.
    pub y: Vec<Want<R>>,
}

/// Those of a run of faces.
pub(crate) fn within<R>(wants: &[Want<R>], start: usize, length: usize) -> &[Want<R>] {
    if wants.is_empty() {
        return wants;
    }
    let from = wants.partition_point(|want| want.face < start);
    let to = wants.partition_point(|want| want.face < start + length);
    &wants[from..to]
}

/// What the open faces want to pass in a step of `dt` seconds.
pub(crate) fn wants<R: Real>(
    params: &Params<R>,
    state: &State<R>,
    flow: &InertialFlow<R>,
    forcing: &Forcing,
    dt: f64,
) -> Wants<R> {
    let mut wants = Wants { x: Vec::new(), y: Vec::new() };
    for (index, face) in params.faces.iter().enumerate() {
        let q = R::of(wanted(params, state, flow, forcing, face, dt) * face.outward);
        let axis = if face.along_row { &mut wants.x } else { &mut wants.y };
        axis.push(Want { face: face.face, index, q });
    }
    wants.x.sort_by_key(|want| want.face);
    wants.y.sort_by_key(|want| want.face);
    wants
}

/// What the open face wants to pass outwards (m²/s).
fn wanted<R: Real>(
    params: &Params<R>,
    state: &State<R>,
    flow: &InertialFlow<R>,
    forcing: &Forcing,
    face: &Face,
    dt: f64,
) -> f64 {
    let o = &params.options;
    let depth = state.depth[face.cell].wide();
    let mut friction = params.friction.get(face.cell).wide();
    if let Some(thin) = &o.thin_roughness {
        friction *= thin_factor(thin, depth);
    }
    let (q, step) = if face.along_row { (&flow.qx, 1) } else { (&flow.qy, params.grid.stride()) };
    let inner = if face.outward > 0.0 { face.face - step } else { face.face + step };
    let (inner, own) = (q[inner].wide() * face.outward, q[face.face].wide() * face.outward);
    match params.kinds[face.boundary] {
        Kind::Free if depth > o.dry_depth => critical_discharge(o.gravity, depth).max(inner),
        Kind::NormalDepth { slope } if depth > o.dry_depth => {
            normal_discharge(o.gravity, friction, depth, slope)
        }
        Kind::Free | Kind::NormalDepth { .. } => 0.0,
        Kind::Stage => {
            let Some(stage) = forcing.stage.get(face.boundary) else { return 0.0 };
            let beyond = (stage - params.datum - params.bed[face.cell].wide()).max(0.0);
            let mut law: Inertial<f64> = law_of(params, dt);
            // the level holds on the edge, half a cell away
            law.drive *= 2.0;
            let k = resistance(&law, [depth, beyond], 0.0, friction);
            discharge(&law, [inner, own, own], 0.0, [depth, beyond], 0.0, (k, 0.0))
        }
    }
}

/// Books what the open faces passed, and lets the next step see it. A face whose tile sleeps passed nothing.
pub(crate) fn book<R: Real>(params: &Params<R>, state: &mut State<R>, dt: f64) {
    if params.faces.is_empty() {
        return;
    }
    let size = params.grid.size;
    let Flow::Inertial(flow) = &mut state.flow else { return };
    let mut passed = vec![R::of(0.0); params.faces.len()];
    for (index, q) in flow.passed.iter().flatten() {
        passed[*index] = *q;
    }
    for (face, q) in params.faces.iter().zip(passed) {
        let outward = q.wide() * face.outward;
        let volume = outward.abs() * size * dt;
        if outward > 0.0 {
            state.ledger.boundary_out[face.boundary] += volume;
        } else {
            state.ledger.boundary_in[face.boundary] += volume;
        }
        let column = if face.along_row { &mut flow.qx } else { &mut flow.qy };
        column[face.face] = q;
    }
}
