// Threefry-2x32 with 20 rounds: the block of a counter under a key, bit for bit that of crates/random.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), section 4.2.

fn rotated_left(x: u32, by: u32) -> u32 {
    return (x << by) | (x >> (32u - by));
}

fn four_rounds(block: vec2<u32>, rotations: vec4<u32>) -> vec2<u32> {
    var x = block;
    x.x += x.y;
    x.y = rotated_left(x.y, rotations.x) ^ x.x;
    x.x += x.y;
    x.y = rotated_left(x.y, rotations.y) ^ x.x;
    x.x += x.y;
    x.y = rotated_left(x.y, rotations.z) ^ x.x;
    x.x += x.y;
    x.y = rotated_left(x.y, rotations.w) ^ x.x;
    return x;
}

fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
    let even = vec4<u32>(13u, 15u, 26u, 6u);
    let odd = vec4<u32>(17u, 29u, 16u, 24u);
    let third = 0x1BD11BDAu ^ key.x ^ key.y;
    var x = counter + key;
    x = four_rounds(x, even) + vec2<u32>(key.y, third + 1u);
    x = four_rounds(x, odd) + vec2<u32>(third, key.x + 2u);
    x = four_rounds(x, even) + vec2<u32>(key.x, key.y + 3u);
    x = four_rounds(x, odd) + vec2<u32>(key.y, third + 4u);
    x = four_rounds(x, even) + vec2<u32>(third, key.x + 5u);
    return x;
}
