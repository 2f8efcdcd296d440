using System.Numerics;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>Linear light that comes back from what a ray met.</summary>
internal static class SurfaceShader
{
    /// <summary>Light from a hit; <paramref name="unlit"/> is the same without the sun, for the shadows of vehicles.</summary>
    public static Vector3 Shade(in Hit hit, Vector3 place, Vector3 ray, Lighting lighting, float sunShare, out Vector3 unlit)
    {
        var normal = hit.Normal;
        var shine = Vector3.Zero;
        var albedo = hit switch
        {
            { IsGround: true } => Ground(place, ray, lighting, ref shine),
            { Block: { } block } => OfBlock(block, place, normal, ray, lighting, ref shine),
            { Pole: { } pole } => pole.Colour * (0.85f + (0.2f * Noise.Cell((int)(place.Z * 5), 3))),
            { Crown: { } crown } => crown.Colour * (0.6f + (0.8f * Noise.Cell((int)MathF.Floor(place.X * 7), (int)MathF.Floor(place.Y * 7), (int)MathF.Floor(place.Z * 7)))),
            _ => Vector3.One,
        };
        var open = Openness(hit, place);
        var facing = MathF.Max(0, Vector3.Dot(normal, lighting.ToSun));
        // Light that the lit ground throws back on walls and undersides of leaves.
        var bounce = lighting.Sun * (0.06f * (1 - (0.5f * (normal.Z + 1)))) + (lighting.Sky * 0.06f);
        if (lighting.LampsOn) bounce += StreetLamps.Light(place, normal);
        unlit = (albedo * ((lighting.Sky * (open * (0.42f + (0.58f * ((normal.Z + 1) / 2))))) + bounce)) + shine;
        return unlit + (albedo * lighting.Sun * (facing * sunShare));
    }

    /// <summary>Water fills the pores of the road, which darkens, and what is above mirrors in it: most far away, and in the puddles.</summary>
    private static Vector3 Ground(Vector3 place, Vector3 ray, Lighting lighting, ref Vector3 shine)
    {
        var albedo = RoadSurface.At(place.X, place.Y);
        if (lighting.Wetness == 0) return albedo;
        var puddle = Noise.Step(0.5f, 0.68f, Noise.Layered(place.X * 0.35f, place.Y * 0.35f, 3, 131));
        var direction = Vector3.Normalize(ray);
        var fresnel = 0.02f + (0.98f * MathF.Pow(1 + direction.Z, 5));
        shine += lighting.Environment(Vector3.Reflect(direction, Vector3.UnitZ)) * (fresnel * lighting.Wetness * (0.55f + (0.45f * puddle)));
        return albedo * (1 - (lighting.Wetness * (0.38f + (0.2f * puddle))));
    }

    private static float Openness(in Hit hit, Vector3 place)
    {
        if (hit.Crown is { } crown) return 0.35f + (0.65f * Noise.Step(-crown.Reach * 0.7f, crown.Reach * 0.6f, place.Z - crown.Middle.Z));
        if (!hit.IsGround) return 0.55f + (0.45f * Noise.Step(0, 3, place.Z));
        // Corners near walls and fences see less sky.
        var kerb = RoadSurface.FromKerb(place.X, place.Y);
        return kerb > 0 ? 0.80f + (0.20f * Noise.Step(0, 0.5f, kerb)) : 0.9f;
    }

    private static Vector3 OfBlock(Block block, Vector3 place, Vector3 normal, Vector3 ray, Lighting lighting, ref Vector3 shine)
    {
        if (block.Finish is Finish.Plain or Finish.Metal or Finish.Fence or Finish.SignalFace) return block.Colour;
        if (normal.Z > 0.5f)
        {
            var edge = MathF.Min(
                MathF.Min(place.X - block.Low.X, block.High.X - place.X), MathF.Min(place.Y - block.Low.Y, block.High.Y - place.Y));
            var roof = 0.26f * (0.75f + (0.5f * Noise.Layered(place.X, place.Y, 3, block.Seed)));
            return edge < 0.35f ? block.Colour * 0.9f : new Vector3(roof, roof * 0.98f, roof * 0.94f);
        }

        var along = MathF.Abs(normal.X) > 0.5f ? place.Y - block.Low.Y : place.X - block.Low.X;
        var grime = 0.82f + (0.25f * Noise.Layered(along * 0.6f, place.Z * 0.35f, 3, block.Seed));
        var floorHeight = block.Finish == Finish.Shop ? 4.2f : 3.05f;
        var floor = (int)MathF.Floor(place.Z / floorHeight);
        var up = (place.Z / floorHeight) - floor;
        var bayWidth = 1.9f + (1.3f * Noise.Cell(block.Seed, 17));
        var bay = (int)MathF.Floor(along / bayWidth);
        var across = (along / bayWidth) - bay;
        var isGround = floor == 0;
        var isWindow = isGround
            ? up is > 0.06f and < 0.70f && across is > 0.06f and < 0.94f && Noise.Cell(block.Seed, bay, 21) > 0.25f
            : up is > 0.30f and < 0.76f && across is > 0.2f and < 0.8f && Noise.Cell(block.Seed, bay, 22) > 0.12f;
        if (place.Z > block.High.Z - 0.4f) return block.Colour * 0.8f;
        if (!isWindow)
        {
            // A band of balcony or sign between the floors.
            if (up > 0.93f) return block.Colour * (0.7f * grime);
            if (isGround && up > 0.74f) return SignBand(block.Seed, bay) * grime;
            return block.Colour * grime;
        }

        var frame = isGround ? across is < 0.09f or > 0.91f : across is < 0.225f or > 0.775f or (> 0.49f and < 0.51f) || up is < 0.325f or > 0.735f;
        if (frame) return new Vector3(0.3f);
        var isLit = Noise.Cell(block.Seed + floor, bay, 31) > (isGround ? 0.25f : 0.62f);
        if (lighting.LampsOn && isLit) shine += new Vector3(0.9f, 0.68f, 0.38f) * (0.35f + (0.5f * Noise.Cell(block.Seed, bay + floor, 37)));
        var mirrored = Vector3.Reflect(Vector3.Normalize(ray), normal);
        shine += lighting.Environment(mirrored) * (0.10f + (0.12f * Noise.Cell(bay, floor, block.Seed)));
        var curtain = Noise.Cell(block.Seed + bay, floor, 41);
        return curtain > 0.6f ? new Vector3(0.16f, 0.15f, 0.13f) : new Vector3(0.03f, 0.035f, 0.04f);
    }

    private static Vector3 SignBand(int seed, int bay)
    {
        var hue = Noise.Cell(seed, bay / 4, 51);
        return hue switch
        {
            < 0.25f => new Vector3(0.45f, 0.06f, 0.05f),
            < 0.45f => new Vector3(0.05f, 0.12f, 0.35f),
            < 0.6f => new Vector3(0.5f, 0.38f, 0.06f),
            < 0.75f => new Vector3(0.06f, 0.25f, 0.12f),
            _ => new Vector3(0.5f, 0.49f, 0.46f),
        };
    }
}
