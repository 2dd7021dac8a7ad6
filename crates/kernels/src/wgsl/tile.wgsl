// A tile of a matrix product: 64 rows times 64 columns by 256 invocations, 16 steps of the sum at a time.
// Invocation (row group g = local / 16, column group c = local % 16) owns rows 4 g .. 4 g + 3 and columns 4 c .. 4 c + 3.
// The sum of one element runs over the steps in order, as in the CPU twins.

const TILE: u32 = 64u;
const STEPS: u32 = 16u;

// Four rows at each of the 16 steps, and pairs of columns at each.
var<workgroup> tile_rows: array<vec4<f32>, 256>;
var<workgroup> tile_columns: array<vec2<f32>, 512>;

// The sums so far: column k of the matrix is row 4 g + k.
fn accumulated(sums: mat4x4<f32>, row_group: u32, column_group: u32) -> mat4x4<f32> {
    var acc = sums;
    for (var k = 0u; k < STEPS; k++) {
        let rows = tile_rows[k * 16u + row_group];
        let low = tile_columns[k * 32u + 2u * column_group];
        let high = tile_columns[k * 32u + 2u * column_group + 1u];
        let columns = vec4<f32>(low, high);
        acc[0] += rows.x * columns;
        acc[1] += rows.y * columns;
        acc[2] += rows.z * columns;
        acc[3] += rows.w * columns;
    }
    return acc;
}
